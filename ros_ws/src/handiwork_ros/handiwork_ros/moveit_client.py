"""A light client of move_group, or of our planner node in its place: pure rclpy, no MoveIt.

It belongs to the caller's node and never spins; every question is a future. What comes back is
checked: a real move_group takes goals outside the limits and unknown joints without a word.

Source: names of MoveIt 2's move_group (branch kilted), moveit_msgs 2.7.1.
"""

from collections.abc import Sequence

import numpy as np
from geometry_msgs.msg import PoseStamped
from moveit_msgs.action import ExecuteTrajectory, MoveGroup
from moveit_msgs.msg import (
    MotionPlanRequest,
    MoveItErrorCodes,
    PlanningOptions,
    PlanningScene,
    RobotTrajectory,
)
from moveit_msgs.srv import (
    ApplyPlanningScene,
    GetCartesianPath,
    GetMotionPlan,
    GetPlanningScene,
    GetPositionFK,
    GetPositionIK,
)
from rclpy.action import ActionClient
from rclpy.node import Node
from rclpy.task import Future

from handiwork.errors import BadValue, HandiworkError
from handiwork.robots.robot import Robot
from handiwork_ros.planner_answers import state_of
from handiwork_ros.shape_messages import pose_from_matrix

NAMES = {
    value: name
    for name, value in vars(MoveItErrorCodes).items()
    if name.isupper() and isinstance(value, int)
}


class PlanningRefused(HandiworkError):
    """A planner's answer that is not success; `code` is one of MoveItErrorCodes."""

    def __init__(self, code: MoveItErrorCodes) -> None:
        said = code.message or "it gave no reason"
        super().__init__(f"the planner answered {NAMES.get(code.val, code.val)}: {said}")
        self.code = code.val


class MoveItClient:
    """Requests to move_group's names below the node's namespace."""

    def __init__(self, node: Node, robot: Robot) -> None:
        self._robot = robot
        self._plan = node.create_client(GetMotionPlan, "plan_kinematic_path")
        self._inverse = node.create_client(GetPositionIK, "compute_ik")
        self._forward = node.create_client(GetPositionFK, "compute_fk")
        self._cartesian = node.create_client(GetCartesianPath, "compute_cartesian_path")
        self._scene = node.create_client(GetPlanningScene, "get_planning_scene")
        self._apply = node.create_client(ApplyPlanningScene, "apply_planning_scene")
        self._move = ActionClient(node, MoveGroup, "move_action")
        self._execute = ActionClient(node, ExecuteTrajectory, "execute_trajectory")

    def ready(self) -> bool:
        """Whether a planner answers to all of the names."""
        services = (self._plan, self._inverse, self._forward, self._cartesian, self._scene)
        actions = (self._move, self._execute)
        return all(client.service_is_ready() for client in (*services, self._apply)) and all(
            action.server_is_ready() for action in actions
        )

    def plan(self, request: MotionPlanRequest) -> Future:
        """Of a GetMotionPlan.Response; see `trajectory_of`."""
        return self._plan.call_async(GetMotionPlan.Request(motion_plan_request=request))

    def move(self, request: MotionPlanRequest) -> Future:
        """Plans and moves; of an action's goal handle, whose result is a MoveGroup.Result."""
        options = PlanningOptions()
        options.planning_scene_diff.is_diff = True
        options.planning_scene_diff.robot_state.is_diff = True
        goal = MoveGroup.Goal(request=request, planning_options=options)
        return self._move.send_goal_async(goal)

    def execute(self, trajectory: RobotTrajectory) -> Future:
        """Of an action's goal handle, whose result is an ExecuteTrajectory.Result."""
        return self._execute.send_goal_async(ExecuteTrajectory.Goal(trajectory=trajectory))

    def inverse(
        self,
        group: str,
        base_from_link: np.ndarray,
        link: str,
        seed: np.ndarray | None = None,
        *,
        avoid_collisions: bool = True,
    ) -> Future:
        """Of a GetPositionIK.Response, see `posture_of`; `seed` (J,) [rad] is where the robot is
        unless given.
        """
        request = GetPositionIK.Request()
        asked = request.ik_request
        asked.group_name, asked.ik_link_name = group, link
        asked.avoid_collisions = avoid_collisions
        asked.pose_stamped = PoseStamped(pose=pose_from_matrix(base_from_link))
        asked.pose_stamped.header.frame_id = self._robot.base_frame
        if seed is not None:
            asked.robot_state = state_of(self._robot, seed)
        return self._inverse.call_async(request)

    def forward(self, links: Sequence[str], positions: np.ndarray | None = None) -> Future:
        """Of a GetPositionFK.Response; at (J,) [rad], or where the robot is."""
        request = GetPositionFK.Request(fk_link_names=list(links))
        request.header.frame_id = self._robot.base_frame
        if positions is not None:
            request.robot_state = state_of(self._robot, positions)
        return self._forward.call_async(request)

    def straight(self, group: str, base_from_link: np.ndarray, link: str) -> Future:
        """Of a GetCartesianPath.Response: through link poses (N, 4, 4) [m]."""
        request = GetCartesianPath.Request(
            group_name=group, link_name=link, max_step=0.005, avoid_collisions=True
        )
        request.header.frame_id = self._robot.base_frame
        request.waypoints = [pose_from_matrix(pose) for pose in base_from_link]
        return self._cartesian.call_async(request)

    def apply_scene(self, scene: PlanningScene) -> Future:
        """Of an ApplyPlanningScene.Response."""
        return self._apply.call_async(ApplyPlanningScene.Request(scene=scene))

    def get_scene(self, components: int) -> Future:
        """Of a GetPlanningScene.Response; `components` as in PlanningSceneComponents."""
        request = GetPlanningScene.Request()
        request.components.components = components
        return self._scene.call_async(request)


def trajectory_of(answer: GetMotionPlan.Response, request: MotionPlanRequest) -> RobotTrajectory:
    """The trajectory of an answer, if there is one and it goes where it was asked to.

    Raises:
        PlanningRefused: there is none.
        BadValue: it ends elsewhere; names the joint.
    """
    response = answer.motion_plan_response
    if response.error_code.val != MoveItErrorCodes.SUCCESS:
        raise PlanningRefused(response.error_code)
    planned = response.trajectory.joint_trajectory
    last = dict(zip(planned.joint_names, planned.points[-1].positions, strict=True))
    for goal in request.goal_constraints:
        for wanted in goal.joint_constraints:
            got = last.get(wanted.joint_name)
            if got is None or not abs(got - wanted.position) < 1e-3:
                want = f"{wanted.position:.4f} rad"
                fix = "Check the robot model and the limits of the planner."
                raise BadValue("the planned end", wanted.joint_name, got, want, fix)
    return response.trajectory


def posture_of(answer: GetPositionIK.Response, robot: Robot) -> np.ndarray:
    """(J,) [rad] of an answer, which may hold fingers, too, in any order.

    Raises:
        PlanningRefused: there is none.
        BadValue: it lacks a joint; names it.
    """
    if answer.error_code.val != MoveItErrorCodes.SUCCESS:
        raise PlanningRefused(answer.error_code)
    state = answer.solution.joint_state
    found = dict(zip(state.name, state.position, strict=True))
    for name in robot.names:
        if name not in found:
            fix = "Check the robot model of the planner."
            raise BadValue("the posture found", name, "nothing", "a position [rad]", fix)
    return np.array([found[name] for name in robot.names])
