"""The trajectory controllers of a robot as one: what they command now, and what they are to follow.

Shapes: J joints of the robot.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from control_msgs.msg import JointTrajectoryControllerState
from rclpy.node import Node
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.robots.robot import Robot
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.quality_of_service import NEWEST, RELIABLE
from handiwork_ros.trajectory_wire import wire_from_trajectory


class GroupControllers:
    """Subscribes <controller>/controller_state of the groups that are moved, publishes their
    <controller>/joint_trajectory. Trajectories of several groups have one stamp: they go in step.
    """

    def __init__(
        self, node: Node, robot: Robot, names: Mapping[str, str], moved: Sequence[str]
    ) -> None:
        """names: the controller of each group. moved: those that are heard and sent to."""
        self._robot, self._names = robot, names
        self._positions = robot.home.copy()
        self._stamps = dict.fromkeys(moved, -np.inf)
        self._topics = {
            group: node.create_publisher(
                JointTrajectoryMessage, f"{names[group]}/joint_trajectory", RELIABLE
            )
            for group in moved
        }
        for group in moved:
            node.create_subscription(
                JointTrajectoryControllerState,
                f"{names[group]}/controller_state",
                lambda message, group=group: self._on_state(group, message),
                NEWEST,
            )

    def commanded(self) -> np.ndarray:
        """(J,) [rad] what the controllers command now, as long as `fault` says nothing; joints of
        groups that are not moved as at home.
        """
        return self._positions.copy()

    def fault(self, now: float, oldest: float) -> str | None:
        """Why nothing may move at `now` [s]: a controller not heard of, or longer ago than `oldest`
        [s]; None when all tell.
        """
        for group, stamp in self._stamps.items():
            name = self._names[group]
            if np.isinf(stamp):
                return f"no state of {name} has come yet. Check the arm server."
            if now - stamp > oldest:
                return f"the state of {name} is {now - stamp:.2f} s old. Check the arm server."
        return None

    def follow(self, trajectory: JointTrajectory) -> None:
        """Send it, to each controller the part that is its own."""
        for group, topic in self._topics.items():
            joints = self._robot.group(group).joints
            columns = [trajectory.names.index(name) for name in joints]
            topic.publish(wire_from_trajectory(_part(trajectory, joints, columns)))

    def _on_state(self, group: str, message: JointTrajectoryControllerState) -> None:
        column = {name: index for index, name in enumerate(message.joint_names)}
        for name in self._robot.group(group).joints:
            place = message.reference.positions[column[name]]
            self._positions[self._robot.names.index(name)] = place
        self._stamps[group] = seconds_from_stamp(message.header.stamp)


def _part(
    trajectory: JointTrajectory, names: tuple[str, ...], columns: Sequence[int]
) -> JointTrajectory:
    def of(values: np.ndarray | None) -> np.ndarray | None:
        return None if values is None else values[:, columns]

    return JointTrajectory(
        names=names,
        times=trajectory.times,
        positions=trajectory.positions[:, columns],
        velocities=of(trajectory.velocities),
        accelerations=of(trajectory.accelerations),
    )
