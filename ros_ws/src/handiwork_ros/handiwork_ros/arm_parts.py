"""A robot's controllers, grippers and gate, as every arm server puts them together."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handiwork.control.gripper_controller import GripperConfig, GripperController
from handiwork.control.limits import Limits
from handiwork.control.tolerances import JointConstraint
from handiwork.control.trajectory_controller import ControllerConfig, TrajectoryController
from handiwork.robots.robot import Robot
from handiwork.safety import Gate, GateConfig
from handiwork_ros.arm_snapshot import Part


def parts_of(robot: Robot, goal_time: float, goal_tolerance: float) -> Mapping[str, Part]:
    """A trajectory controller for each group, by the group's name."""
    return {
        group.name: Part(
            controller=TrajectoryController(
                ControllerConfig(
                    joints=group.joints,
                    goal_time=goal_time,
                    constraints={
                        name: JointConstraint(goal=goal_tolerance) for name in group.joints
                    },
                ),
                robot.home[robot.columns(group)],
            ),
            columns=robot.columns(group),
        )
        for group in robot.groups
    }


def grippers_of(robot: Robot, config: GripperConfig, period: float) -> Sequence[GripperController]:
    """A controller for each gripper, in the order of the groups."""
    return [
        GripperController(group.gripper, config, period)
        for group in robot.groups
        if group.gripper is not None
    ]


def gate_of(robot: Robot, period: float, longest_stall: float) -> Callable[[np.ndarray], Gate]:
    """Makes gates that keep the robot's limits."""
    limits = Limits.of(robot)
    config = GateConfig(period=period, largest_tick=longest_stall)
    return lambda position: Gate(limits, config, position)
