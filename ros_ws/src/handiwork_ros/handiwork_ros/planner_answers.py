"""Answers to requests about a robot's kinematics and scene: pure but for the planning asked for.

All that a request asks for and this planner does not honour is refused by name.

Source: moveit_msgs 2.7.1 (GetMotionPlan, GetPositionIK, GetPositionFK, GetCartesianPath,
GetStateValidity).
Shapes: J joints of the robot.
"""

import time
from dataclasses import replace

import numpy as np
from geometry_msgs.msg import PoseStamped
from moveit_msgs.msg import ContactInformation, MotionPlanRequest, MotionPlanResponse, RobotState
from moveit_msgs.srv import GetCartesianPath, GetPositionFK, GetPositionIK, GetStateValidity
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.planning import MotionPlanning
from handiwork.robots.robot import Robot
from handiwork_ros.messages import message_from_trajectory
from handiwork_ros.plan_requests import request_from_plan
from handiwork_ros.planning_errors import CODES, RefusedRequest, succeeded
from handiwork_ros.request_parts import (
    check_frame,
    refuse_constraints,
    start_of,
    timing_of,
    tool_pose,
)
from handiwork_ros.shape_messages import matrix_from_pose, pose_from_matrix


def motion_plan(
    message: MotionPlanRequest, planning: MotionPlanning, positions: np.ndarray
) -> MotionPlanResponse:
    """A trajectory that starts at 0 s, as move_group answers plan_kinematic_path."""
    begun = time.monotonic()
    request = request_from_plan(message, planning, positions)
    found = [planning.postures(request.group, request.positions, pose) for pose in request.poses]
    goals = np.concatenate([request.postures, *found])
    trajectory = planning.to_postures(
        request.group, request.positions, goals, request.seconds, request.timing
    )
    answer = MotionPlanResponse(
        trajectory_start=state_of(planning.robot, request.positions),
        group_name=request.group,
        planning_time=time.monotonic() - begun,
        error_code=succeeded(),
    )
    answer.trajectory.joint_trajectory = wire(trajectory, planning.robot)
    return answer


def inverse(
    message: GetPositionIK.Request, planning: MotionPlanning, positions: np.ndarray
) -> GetPositionIK.Response:
    """A posture with the link at the pose, free of collisions where that is asked for."""
    request = message.ik_request
    if request.ik_link_names or request.pose_stamped_vector:
        raise _refused("ik_link_names and pose_stamped_vector", "one pose of one link")
    refuse_constraints(request.constraints, "constraints")
    check_frame(request.pose_stamped.header, planning)
    group = planning.robot.group(request.group_name)
    start = start_of(request.robot_state, planning, positions)
    link_pose = matrix_from_pose(request.pose_stamped.pose)
    pose = tool_pose(planning, group.name, request.ik_link_name, link_pose)
    if request.avoid_collisions:
        found = planning.postures(group.name, start, pose, count=1)[0]
    else:
        found = planning.inverse(group.name, start, pose)
    start[planning.robot.columns(group)] = found
    return GetPositionIK.Response(solution=state_of(planning.robot, start), error_code=succeeded())


def forward(
    message: GetPositionFK.Request, planning: MotionPlanning, positions: np.ndarray
) -> GetPositionFK.Response:
    """Where links are, in the base frame."""
    check_frame(message.header, planning)
    start = start_of(message.robot_state, planning, positions)
    links = list(message.fk_link_names)
    poses = []
    for matrix in planning.placements(start, links):
        pose = PoseStamped(pose=pose_from_matrix(matrix))
        pose.header.frame_id = planning.robot.base_frame
        poses.append(pose)
    return GetPositionFK.Response(pose_stamped=poses, fk_link_names=links, error_code=succeeded())


def cartesian_path(
    message: GetCartesianPath.Request, planning: MotionPlanning, positions: np.ndarray
) -> GetCartesianPath.Response:
    """The tool straight through the waypoints, as far as that goes: `fraction` says how far."""
    _refuse_of_cartesian(message)
    check_frame(message.header, planning)
    group = planning.robot.group(message.group_name).name
    start = start_of(message.start_state, planning, positions)
    poses = [
        tool_pose(planning, group, message.link_name, matrix_from_pose(pose))
        for pose in message.waypoints
    ]
    straight = planning.config.straight
    if message.max_step > 0:
        straight = replace(straight, step=message.max_step)
    if message.revolute_jump_threshold > 0:
        straight = replace(straight, jump=message.revolute_jump_threshold)
    timing = timing_of(
        planning, message.max_velocity_scaling_factor, message.max_acceleration_scaling_factor
    )
    motion = planning.straight(group, start, np.array(poses), timing, straight)
    answer = GetCartesianPath.Response(
        start_state=state_of(planning.robot, start),
        fraction=motion.fraction,
        error_code=succeeded(),
    )
    answer.error_code.message = motion.reason
    answer.solution.joint_trajectory = wire(motion.trajectory, planning.robot)
    return answer


def validity(
    message: GetStateValidity.Request, planning: MotionPlanning, positions: np.ndarray
) -> GetStateValidity.Response:
    """Whether a posture is free; if not, the first two bodies that touch."""
    refuse_constraints(message.constraints, "constraints")
    group = planning.robot.group(message.group_name or None)
    start = start_of(message.robot_state, planning, positions)
    touching = planning.touching(group.name, start)
    answer = GetStateValidity.Response(valid=touching is None)
    if touching is not None:
        first, second = touching
        contact = ContactInformation(contact_body_1=first, contact_body_2=second)
        contact.header.frame_id = planning.robot.base_frame
        contact.body_type_1, contact.body_type_2 = (_kind(planning, name) for name in touching)
        answer.contacts = [contact]
    return answer


def state_of(robot: Robot, positions: np.ndarray) -> RobotState:
    """All joints (J,) [rad] of a robot."""
    state = RobotState()
    state.joint_state.name = list(robot.names)
    state.joint_state.position = np.asarray(positions, float).tolist()
    state.joint_state.header.frame_id = robot.base_frame
    return state


def wire(trajectory: JointTrajectory, robot: Robot) -> JointTrajectoryMessage:
    """A trajectory with stamp 0, which means at once, in the robot's base frame."""
    message = message_from_trajectory(trajectory)
    message.header.frame_id = robot.base_frame
    return message


def _refuse_of_cartesian(message: GetCartesianPath.Request) -> None:
    refuse_constraints(message.path_constraints, "path_constraints")
    if not message.waypoints:
        raise _refused("no waypoints", "at least one")
    if message.jump_threshold > 0:
        raise _refused("jump_threshold", "revolute_jump_threshold [rad], or neither")
    if not message.avoid_collisions:
        raise _refused("avoid_collisions false", "true: collisions are always avoided")
    if message.max_cartesian_speed > 0:
        raise _refused("max_cartesian_speed", "max_velocity_scaling_factor")


def _kind(planning: MotionPlanning, name: str) -> int:
    if any(thing.name == name for thing in planning.scene.obstacles):
        return ContactInformation.WORLD_OBJECT
    if any(thing.name == name for thing in planning.scene.attached):
        return ContactInformation.ROBOT_ATTACHED
    return ContactInformation.ROBOT_LINK


def _refused(got: str, want: str) -> RefusedRequest:
    return RefusedRequest(
        f"the request has {got}, want {want}. Change the request.", CODES.INVALID_GOAL_CONSTRAINTS
    )
