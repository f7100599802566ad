"""Goals as move_group wants them: requests for joint positions or for the pose of a link.

Source: moveit_msgs 2.7.1 (MotionPlanRequest, Constraints).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from moveit_msgs.msg import (
    BoundingVolume,
    Constraints,
    JointConstraint,
    MotionPlanRequest,
    OrientationConstraint,
    PositionConstraint,
)
from shape_msgs.msg import SolidPrimitive

from handiwork.errors import BadValue, UnknownName
from handiwork.robots.robot import Robot
from handiwork_ros.shape_messages import pose_from_matrix


@dataclass(frozen=True, kw_only=True)
class Motion:
    """How a motion is asked for."""

    group: str
    seconds: float = 5.0  # of planning
    velocity_scale: float = 1.0
    acceleration_scale: float = 1.0


def to_joints(robot: Robot, motion: Motion, positions: Mapping[str, float]) -> MotionPlanRequest:
    """A request for positions [rad] of all joints of the group, by name.

    All: move_group moves a joint that is not named anywhere, our planner leaves it where it is.

    Raises:
        UnknownName: the group lacks a joint.
        BadValue: a joint is not named, or a position is outside its joint's limits.
    """
    group = robot.group(motion.group)
    joints = {joint.name: joint for joint in robot.joints}
    goal = Constraints()
    for name in positions:
        if name not in group.joints:
            raise UnknownName("joint", name, group.joints, f"Check the goal of {group.name}.")
    if len(positions) < len(group.joints):
        want = f"all of {', '.join(group.joints)}"
        fix = "Name those that are to stay where they are, too."
        raise BadValue("the goal", "joints", ", ".join(positions), want, fix)
    for name, position in positions.items():
        if not joints[name].lower <= position <= joints[name].upper:
            want = f"{joints[name].lower:.4f} to {joints[name].upper:.4f} rad"
            raise BadValue("the goal", name, position, want, "Ask for a goal inside.")
        goal.joint_constraints.append(
            JointConstraint(
                joint_name=name,
                position=float(position),
                tolerance_above=1e-4,
                tolerance_below=1e-4,
                weight=1.0,
            )
        )
    return _request(robot, motion, goal)


def to_pose(
    robot: Robot, motion: Motion, base_from_link: np.ndarray, link: str
) -> MotionPlanRequest:
    """A request for a link's pose (4, 4) [m] in the base frame."""
    pose = pose_from_matrix(base_from_link)
    place = PositionConstraint(link_name=link, weight=1.0)
    turn = OrientationConstraint(
        link_name=link,
        orientation=pose.orientation,
        absolute_x_axis_tolerance=1e-3,
        absolute_y_axis_tolerance=1e-3,
        absolute_z_axis_tolerance=1e-3,
        weight=1.0,
    )
    place.header.frame_id = turn.header.frame_id = robot.base_frame
    ball = SolidPrimitive(type=SolidPrimitive.SPHERE, dimensions=[1e-4])
    place.constraint_region = BoundingVolume(primitives=[ball], primitive_poses=[pose])
    goal = Constraints(position_constraints=[place], orientation_constraints=[turn])
    return _request(robot, motion, goal)


def _request(robot: Robot, motion: Motion, goal: Constraints) -> MotionPlanRequest:
    request = MotionPlanRequest(
        group_name=robot.group(motion.group).name,
        goal_constraints=[goal],
        allowed_planning_time=motion.seconds,
        num_planning_attempts=1,
        max_velocity_scaling_factor=motion.velocity_scale,
        max_acceleration_scaling_factor=motion.acceleration_scale,
    )
    request.start_state.is_diff = True  # from where the robot is
    return request
