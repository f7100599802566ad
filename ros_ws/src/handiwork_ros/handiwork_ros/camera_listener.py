"""A subscriber that measures: how late images of cameras come, and how many do not.

    python -m handiwork_ros.camera_listener SECONDS RATE TOPIC [TOPIC ...]

A topic that ends in `points` has clouds, any other images. Measuring begins once every topic was
heard and WARM_UP is over, which a line on the standard output says, and ends after SECONDS, or when
nothing was heard for SILENCE. Then a second line has, by topic, how many messages came, how many
did not by the gaps between stamps at RATE [Hz], and how late each was [ms].
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data as SENSOR_DATA
from sensor_msgs.msg import Image, PointCloud2

from handiwork_ros.large_messages import keep_memory
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.running import leave_signals_to_ros

WARM_UP = 1.0  # [s] of what start-up holds up
SILENCE = 3.0  # [s] after which no more is coming
PATIENCE = 30.0  # [s] for the first message of every topic


@dataclass
class Heard:
    """What came on one topic: stamps and latencies [s]."""

    stamps: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)

    def figures(self, rate: float) -> dict[str, object]:
        """Counts, and the latencies [ms]."""
        gaps = (later - sooner for sooner, later in zip(self.stamps, self.stamps[1:], strict=False))
        return {
            "received": len(self.stamps),
            "lost": sum(max(round(gap * rate) - 1, 0) for gap in gaps),
            "late_ms": [round(1e3 * late, 3) for late in self.late],
        }


class CameraListener(Node):
    """Subscribes as RViz does: best effort, and a queue of five for a reader that is late."""

    def __init__(self, topics: Sequence[str]) -> None:
        super().__init__("camera_listener")
        self.heard = {topic: Heard() for topic in topics}
        self.newest = time.monotonic()  # [s] when something came
        for topic in topics:
            kind = PointCloud2 if topic.endswith("points") else Image
            self.create_subscription(kind, topic, self._on_message(topic), SENSOR_DATA)

    def _on_message(self, topic: str) -> Callable[[Image | PointCloud2], None]:
        def keep(message: Image | PointCloud2) -> None:
            now, heard = time.time(), self.heard[topic]
            heard.stamps.append(stamp := seconds_from_stamp(message.header.stamp))
            heard.late.append(now - stamp)
            self.newest = time.monotonic()

        return keep

    def begin(self) -> None:
        """Forget what came so far."""
        self.heard = {topic: Heard() for topic in self.heard}


def measured(node: CameraListener, seconds: float) -> bool:
    """Spin until the measurement is done; whether every topic was heard."""
    executor = SingleThreadedExecutor()
    executor.add_node(node)

    def spin(until: float, condition: Callable[[], bool]) -> None:
        while condition() and (left := until - time.monotonic()) > 0:
            executor.spin_once(timeout_sec=min(left, 0.1))

    def unheard() -> bool:
        return not all(heard.stamps for heard in node.heard.values())

    spin(time.monotonic() + PATIENCE, unheard)
    if unheard():
        return False
    spin(time.monotonic() + WARM_UP, lambda: True)
    node.begin()
    print(json.dumps({"began": time.time()}), flush=True)
    spin(time.monotonic() + seconds, lambda: time.monotonic() - node.newest < SILENCE)
    return True


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 if a topic was never heard."""
    seconds, rate, *topics = arguments
    leave_signals_to_ros()
    keep_memory()
    try:
        with rclpy.init():
            node = CameraListener(topics)
            if not measured(node, float(seconds)):
                return 1
            found = {topic: heard.figures(float(rate)) for topic, heard in node.heard.items()}
            print(json.dumps(found), flush=True)
    except ExternalShutdownException:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
