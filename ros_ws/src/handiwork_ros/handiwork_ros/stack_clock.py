"""What time it is on the stack's clock, also between two messages of it.

The simulator tells the time 25 times a second, and a node reads it only between its callbacks; an
age or a deadline would be wrong by 40 ms and more. Simulated time keeps wall time, so what has
passed since the newest message was read is added, up to a bound: a paused clock stands still.
"""

import time

from rclpy.clock import JumpThreshold, TimeJump
from rclpy.duration import Duration
from rclpy.node import Node

LONGEST_GAP = 0.5  # [s] without a message, after which time is taken to stand still
ANY_STEP = Duration(nanoseconds=1)


class StackClock:
    """Seconds on the node's clock: simulated where `use_sim_time` says so, else the system's."""

    def __init__(self, node: Node) -> None:
        self._clock = node.get_clock()
        self._told, self._read = 0.0, 0.0  # [s] of the stack, [s] of time.monotonic
        self._newest = 0.0
        threshold = JumpThreshold(
            min_forward=ANY_STEP, min_backward=Duration(nanoseconds=-1), on_clock_change=True
        )
        self._handle = self._clock.create_jump_callback(threshold, post_callback=self._on_step)

    def now(self) -> float:
        """Seconds; never less than before."""
        if not self._clock.ros_time_is_active:
            return self._clock.now().nanoseconds * 1e-9
        passed = time.monotonic() - self._read if self._told else 0.0
        self._newest = max(self._newest, self._told + min(passed, LONGEST_GAP))
        return self._newest

    def _on_step(self, _: TimeJump) -> None:
        self._told = self._clock.now().nanoseconds * 1e-9
        self._read = time.monotonic()
