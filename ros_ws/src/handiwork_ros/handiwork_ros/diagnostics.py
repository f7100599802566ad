"""What a node says about itself on /diagnostics: at 1 Hz, and at once when its state changes.

A state is a level and one sentence. Two sentences that differ only in their numbers are the same
state, so an age that grows does not flood the topic or the log.
"""

import re
from enum import Enum

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.clock import Clock, ClockType
from rclpy.node import Node

PERIOD = 1.0  # [s] of wall time, so that a stopped clock is still reported


class Level(Enum):
    """Levels of diagnostic_msgs/DiagnosticStatus."""

    OK = DiagnosticStatus.OK
    WARN = DiagnosticStatus.WARN
    ERROR = DiagnosticStatus.ERROR


class Diagnostics:
    """The state of one node, published and logged."""

    def __init__(self, node: Node, sentence: str = "Starting.") -> None:
        self._node = node
        self._level, self._sentence = Level.OK, sentence
        self._values: dict[str, str] = {}
        self._publisher = node.create_publisher(DiagnosticArray, "/diagnostics", 10)
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._timer = node.create_timer(PERIOD, self._publish, clock=wall)

    @property
    def listeners(self) -> int:
        """How many hear it."""
        return self._publisher.get_subscription_count()

    def report(self, level: Level, sentence: str) -> None:
        """Take up a state; a new one is published and logged now, an old one waits its turn."""
        changed = (level, _shape(sentence)) != (self._level, _shape(self._sentence))
        self._level, self._sentence = level, sentence
        if changed:
            self._publish()
            self._log(level, sentence)

    def measure(self, name: str, value: float | str) -> None:
        """A figure to go with the next message."""
        self._values[name] = f"{value:.4g}" if isinstance(value, float) else str(value)

    def _publish(self) -> None:
        status = DiagnosticStatus(
            level=self._level.value,
            name=self._node.get_fully_qualified_name(),
            message=self._sentence,
            values=[KeyValue(key=key, value=value) for key, value in self._values.items()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._publisher.publish(message)

    def _log(self, level: Level, sentence: str) -> None:
        # rclpy ties a severity to the line that logs it, hence a line for each.
        if level is Level.OK:
            self._node.get_logger().info(sentence)
        elif level is Level.WARN:
            self._node.get_logger().warning(sentence)
        else:
            self._node.get_logger().error(sentence)


def _shape(sentence: str) -> str:
    return re.sub(r"[-\d.]+", "#", sentence)
