"""What time it is on the stack's clock, also between two messages of it.

The simulator tells the time 100 times a second, and a node reads it only between its callbacks;
an age or a deadline would be wrong by 10 ms and more. Simulated time keeps wall time, so what has
passed since the newest message was sent is added, up to a bound: a paused clock stands still.
"""

import time

from rclpy.node import Node
from rclpy.subscription import MessageInfo
from rosgraph_msgs.msg import Clock

from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.quality_of_service import NEWEST

LONGEST_GAP = 0.05  # [s] without a message, after which time is taken to stand still


class StackClock:
    """Seconds on the node's clock: simulated where `use_sim_time` says so, else the system's."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._simulated = bool(node.get_parameter("use_sim_time").value)
        self._told, self._sent = 0.0, 0  # [s] of the stack, [ns] of the system
        self._newest = 0.0
        if self._simulated:
            node.create_subscription(Clock, "/clock", self._on_clock, NEWEST)

    def now(self) -> float:
        """Seconds; never less than before."""
        if not self._simulated:
            return self._node.get_clock().now().nanoseconds * 1e-9
        passed = (time.time_ns() - self._sent) * 1e-9 if self._told else 0.0
        self._newest = max(self._newest, self._told + min(max(passed, 0.0), LONGEST_GAP))
        return self._newest

    def _on_clock(self, message: Clock, info: MessageInfo) -> None:
        self._told, self._sent = seconds_from_stamp(message.clock), info["source_timestamp"]
