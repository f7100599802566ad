"""Where the robot is, out of joint_states, for who has to begin there.

Shapes: J joints of the robot.
"""

import numpy as np
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import JointState

from handiwork.errors import NotObserved
from handiwork.robots.robot import Robot
from handiwork_ros.quality_of_service import RELIABLE


class RobotPosition:
    """The newest position of each joint; several publishers may tell of some each."""

    def __init__(self, node: Node, robot: Robot, stale: float) -> None:
        """stale: age in wall time beyond which a position is not used [s]."""
        self._robot, self._stale = robot, stale
        self._clock = Clock(clock_type=ClockType.STEADY_TIME)
        self._positions = np.full(len(robot.names), np.nan)
        self._heard = np.full(len(robot.names), -np.inf)  # [s]
        node.create_subscription(JointState, "joint_states", self._on_states, RELIABLE)

    def now(self) -> np.ndarray:
        """(J,) [rad].

        Raises:
            NotObserved: a joint was not heard of, or too long ago; names it.
        """
        age = self._seconds() - self._heard
        late = int(age.argmax())
        if age[late] > self._stale:
            said = "never" if np.isinf(age[late]) else f"{age[late]:.2f} s ago"
            raise NotObserved(
                f"{self._robot.names[late]} was last heard of {said}, "
                f"want within {self._stale:g} s. "
                "Start what publishes joint_states."
            )
        return self._positions.copy()

    def _on_states(self, message: JointState) -> None:
        now, names = self._seconds(), self._robot.names
        for name, position in zip(message.name, message.position, strict=False):
            if name in names:
                column = names.index(name)
                self._positions[column], self._heard[column] = position, now

    def _seconds(self) -> float:
        return self._clock.now().nanoseconds * 1e-9
