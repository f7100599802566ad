"""A robot's controllers, grippers and gate, as every arm server puts them together."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handiwork.control.gripper_controller import GripperConfig, GripperController
from handiwork.control.limits import Limits
from handiwork.control.tolerances import JointConstraint
from handiwork.control.trajectory_controller import ControllerConfig, TrajectoryController
from handiwork.robots.robot import Robot
from handiwork.safety import Gate, GateConfig, Watch, room_left
from handiwork.safety.body_watch import body_watches
from handiwork.safety.tool_points import tool_points
from handiwork_ros.arm_snapshot import Part
from handiwork_ros.safety_file import read_surroundings


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


def gate_of(
    robot: Robot, period: float, longest_stall: float, watches: Sequence[Watch]
) -> Callable[[np.ndarray], Gate]:
    """Makes gates that keep the robot's limits and watch these distances."""
    limits = Limits.of(robot)
    config = GateConfig(period=period, largest_tick=longest_stall)
    return lambda position: Gate(limits, config, position, watches)


def watches_of(robot: Robot, safety_file: str, self_collision: bool) -> Sequence[Watch]:
    """What the gate keeps the robot away from: itself, things, and where its tools may not be.

    Raises:
        BadValue: the safety file is not what it should be.
    """
    points = tuple(group.tool.frame for group in robot.groups if group.tool is not None)
    around = read_surroundings(safety_file, points)
    watches: list[Watch] = []
    if self_collision:
        watches += body_watches(robot, around.things, around.margins)
    if around.volumes:
        room = room_left(around.volumes, tool_points(robot))
        slow, stop = around.margins.slow, around.margins.stop
        watches.append(Watch(name="the edge of a volume", distance=room, slow=slow, stop=stop))
    return watches
