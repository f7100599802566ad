"""What a request to plan asks for, as values; all that this planner does not honour is refused.

Honoured are the group, the start, joint constraints, or one position and one orientation
constraint on a link that moves with the tool (met exactly, so any tolerance is), the time and the
scaling of velocity and acceleration. The workspace's bounds are for robots that drive.

Source: moveit_msgs 2.7.1 (MotionPlanRequest, Constraints, PositionIKRequest, GetCartesianPath).
Shapes: J joints of the robot, G joints of a group, K goals.
"""

from dataclasses import dataclass

import numpy as np
from geometry_msgs.msg import Pose
from moveit_msgs.msg import Constraints, MotionPlanRequest
from shape_msgs.msg import SolidPrimitive

from handiwork.errors import UnknownName
from handiwork.planning import MotionPlanning, TimingConfig
from handiwork_ros.request_parts import (
    check_frame,
    invalid,
    refuse_constraints,
    start_of,
    timing_of,
    tool_pose,
)
from handiwork_ros.shape_messages import matrix_from_pose

_SECONDS = 5.0  # where no planning time is asked for, as MoveIt's MoveGroupInterface has it
_PLANNERS = ("", "RRTConnect", "RRTConnectkConfigDefault")
_PIPELINES = ("", "ompl", "handiwork")


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanRequest:
    """One motion: from `positions` (J,) [rad] to one of `postures` (K, G), or of `poses`.

    poses: base_from_tool (4, 4) [m] each.
    """

    group: str
    positions: np.ndarray
    postures: np.ndarray
    poses: tuple[np.ndarray, ...]
    seconds: float
    timing: TimingConfig


def request_from_plan(
    message: MotionPlanRequest, planning: MotionPlanning, positions: np.ndarray
) -> PlanRequest:
    """The request; `positions` (J,) [rad] is where the robot is.

    Raises:
        RefusedRequest: something is asked for that is not honoured; the message names it.
        UnknownName: a group, joint or link that the robot lacks.
    """
    group = planning.robot.group(message.group_name)
    _refuse_what_is_not_honoured(message)
    start = start_of(message.start_state, planning, positions)
    if not message.goal_constraints:
        raise invalid("goal_constraints is empty, want at least one goal. Say where to go.")
    postures, poses = [], []
    for goal in message.goal_constraints:
        if goal.joint_constraints and not goal.position_constraints:
            postures.append(_posture(goal, planning, group.name, start))
        else:
            poses.append(_pose(goal, planning, group.name))
    return PlanRequest(
        group=group.name,
        positions=start,
        postures=np.array(postures).reshape(-1, len(group.joints)),
        poses=tuple(poses),
        seconds=message.allowed_planning_time or _SECONDS,
        timing=timing_of(
            planning, message.max_velocity_scaling_factor, message.max_acceleration_scaling_factor
        ),
    )


def _refuse_what_is_not_honoured(message: MotionPlanRequest) -> None:
    refuse_constraints(message.path_constraints, "path_constraints")
    for constraints in message.trajectory_constraints.constraints:
        refuse_constraints(constraints, "trajectory_constraints")
    if message.reference_trajectories:
        raise invalid("reference_trajectories are given, which this planner does not follow.")
    if message.max_cartesian_speed > 0:
        raise invalid("max_cartesian_speed is given; scale velocities instead.")
    if message.planner_id not in _PLANNERS:
        raise invalid(f"planner_id is {message.planner_id!r}, want one of {list(_PLANNERS)}.")
    if message.pipeline_id not in _PIPELINES:
        raise invalid(f"pipeline_id is {message.pipeline_id!r}, want one of {list(_PIPELINES)}.")


def _posture(
    goal: Constraints, planning: MotionPlanning, group: str, start: np.ndarray
) -> np.ndarray:
    """(G,) [rad]; joints that are not named stay where they start."""
    if goal.orientation_constraints or goal.visibility_constraints:
        raise invalid("a goal has joint_constraints and others, want one kind. Split it up.")
    joints = planning.robot.group(group).joints
    posture = start[planning.robot.columns(planning.robot.group(group))]
    for wanted in goal.joint_constraints:
        if wanted.joint_name not in joints:
            raise UnknownName("joint", wanted.joint_name, joints, f"Check the goal of {group}.")
        posture[joints.index(wanted.joint_name)] = wanted.position
    return posture


def _pose(goal: Constraints, planning: MotionPlanning, group: str) -> np.ndarray:
    """base_from_tool (4, 4) [m]."""
    if goal.joint_constraints or goal.visibility_constraints:
        raise invalid("a goal has a pose and other constraints, want the pose alone. Split it up.")
    if len(goal.position_constraints) != 1 or len(goal.orientation_constraints) != 1:
        raise invalid("a goal has not one position and one orientation constraint. Give both.")
    place, turn = goal.position_constraints[0], goal.orientation_constraints[0]
    region, offset = place.constraint_region, place.target_point_offset
    if place.link_name != turn.link_name:
        raise invalid(f"position is of {place.link_name!r} but orientation of {turn.link_name!r}.")
    if region.meshes or len(region.primitives) != 1 or len(region.primitive_poses) != 1:
        raise invalid("constraint_region is not one box or sphere with its pose. Give one.")
    if region.primitives[0].type not in (SolidPrimitive.BOX, SolidPrimitive.SPHERE):
        raise invalid("constraint_region is neither box nor sphere. Give one.")
    if any((offset.x, offset.y, offset.z)):
        raise invalid("target_point_offset is given, which this planner does not take.")
    check_frame(place.header, planning)
    check_frame(turn.header, planning)
    target = Pose(position=region.primitive_poses[0].position, orientation=turn.orientation)
    return tool_pose(planning, group, place.link_name, matrix_from_pose(target))
