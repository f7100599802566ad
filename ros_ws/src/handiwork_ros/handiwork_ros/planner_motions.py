"""move_action and execute_trajectory: plans carried out by the trajectory controllers.

One motion at a time. A cancelled motion is cancelled at its controller, and what is answered is
what the controller answers.

Source: moveit_msgs 2.7.1 (MoveGroup, ExecuteTrajectory); a real move_group ends a cancelled motion
CANCELED with PREEMPTED.
"""

from collections.abc import Callable, Mapping

from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from moveit_msgs.action import ExecuteTrajectory, MoveGroup
from moveit_msgs.msg import (
    MotionPlanRequest,
    MotionPlanResponse,
    MoveItErrorCodes,
    PlanningOptions,
    RobotTrajectory,
)
from rclpy.action import ActionClient, ActionServer, CancelResponse, GoalResponse
from rclpy.action.client import ClientGoalHandle
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node

from handiwork.errors import HandiworkError
from handiwork.robots.robot import Robot
from handiwork_ros.planning_errors import CODES, RefusedRequest, failed, succeeded

DISCOVERY = 3.0  # [s] in which a controller that is there is found, also right after the start
Plan = Callable[[MotionPlanRequest], MotionPlanResponse]


class PlannerMotions:
    """The two actions of a planner node, and its clients of the controllers."""

    def __init__(
        self, node: Node, robot: Robot, controllers: Mapping[str, str], plan: Plan
    ) -> None:
        """controllers: the trajectory controller of each group."""
        self._node, self._plan = node, plan
        self._controllers = {
            group.name: (
                set(group.joints),
                ActionClient(
                    node,
                    FollowJointTrajectory,
                    f"{controllers[group.name]}/follow_joint_trajectory",
                ),
            )
            for group in robot.groups
        }
        self._moving: ClientGoalHandle | None = None
        self._busy = False
        callbacks = {"goal_callback": self._on_goal, "cancel_callback": self._on_cancel}
        self._move = ActionServer(node, MoveGroup, "move_action", self._on_move, **callbacks)
        self._execute = ActionServer(
            node, ExecuteTrajectory, "execute_trajectory", self._on_execute, **callbacks
        )

    @property
    def missing(self) -> list[str]:
        """Groups whose controllers were not heard of."""
        known = self._controllers.items()
        return [group for group, (_, client) in known if not client.server_is_ready()]

    def _on_goal(self, goal: object) -> GoalResponse:
        if self._busy:
            self._node.get_logger().warning("goal rejected: a motion is not over. Cancel it first.")
            return GoalResponse.REJECT
        self._busy = True
        return GoalResponse.ACCEPT

    def _on_cancel(self, handle: ServerGoalHandle) -> CancelResponse:
        if self._moving is not None:
            self._moving.cancel_goal_async()
        return CancelResponse.ACCEPT

    async def _on_move(self, handle: ServerGoalHandle) -> MoveGroup.Result:
        goal: MoveGroup.Goal = handle.request
        result = MoveGroup.Result()
        try:
            _refuse_options(goal.planning_options)
            handle.publish_feedback(MoveGroup.Feedback(state="PLANNING"))
            answer = self._plan(goal.request)
            result.error_code = answer.error_code
            result.trajectory_start = answer.trajectory_start
            result.planned_trajectory = answer.trajectory
            result.planning_time = answer.planning_time
            planned = answer.error_code.val == CODES.SUCCESS
            if planned and not goal.planning_options.plan_only:
                handle.publish_feedback(MoveGroup.Feedback(state="MONITOR"))
                result.error_code = await self._follow(handle, answer.trajectory)
                result.executed_trajectory = answer.trajectory
        except HandiworkError as error:
            result.error_code = failed(error)
        self._end(handle, result.error_code)
        return result

    async def _on_execute(self, handle: ServerGoalHandle) -> ExecuteTrajectory.Result:
        goal: ExecuteTrajectory.Goal = handle.request
        handle.publish_feedback(ExecuteTrajectory.Feedback(state="MONITOR"))
        try:
            code = await self._follow(handle, goal.trajectory)
        except HandiworkError as error:
            code = failed(error)
        self._end(handle, code)
        return ExecuteTrajectory.Result(error_code=code)

    async def _follow(
        self, handle: ServerGoalHandle, trajectory: RobotTrajectory
    ) -> MoveItErrorCodes:
        """Have a controller follow the trajectory to its end."""
        if handle.is_cancel_requested:
            return MoveItErrorCodes(val=CODES.PREEMPTED, message="cancelled before it moved")
        client = self._controller(trajectory)
        goal = FollowJointTrajectory.Goal(trajectory=trajectory.joint_trajectory)
        moving: ClientGoalHandle | None = await client.send_goal_async(goal)
        if moving is None or not moving.accepted:
            raise RefusedRequest(
                "the controller refused the trajectory; its own log says why.",
                CODES.CONTROL_FAILED,
            )
        self._moving = moving
        if handle.is_cancel_requested:  # it came while the goal was on its way
            moving.cancel_goal_async()
        answer = await moving.get_result_async()
        assert answer is not None  # a goal that was accepted has a result
        if answer.status == GoalStatus.STATUS_SUCCEEDED:
            return succeeded()
        if answer.status == GoalStatus.STATUS_CANCELED:
            return MoveItErrorCodes(val=CODES.PREEMPTED, message="cancelled")
        return MoveItErrorCodes(val=CODES.CONTROL_FAILED, message=answer.result.error_string)

    def _controller(self, trajectory: RobotTrajectory) -> ActionClient:
        if trajectory.multi_dof_joint_trajectory.points:
            raise RefusedRequest(
                "the trajectory has multi_dof joints, which no controller here has.",
                CODES.CONTROL_FAILED,
            )
        names = set(trajectory.joint_trajectory.joint_names)
        for group, (joints, client) in self._controllers.items():
            if names and names <= joints:
                if client.wait_for_server(timeout_sec=DISCOVERY):
                    return client
                raise RefusedRequest(
                    f"the controller of {group} is not there. Start the arm server.",
                    CODES.CONTROL_FAILED,
                )
        raise RefusedRequest(
            f"no controller has the joints {sorted(names)}. Plan for one group at a time.",
            CODES.CONTROL_FAILED,
        )

    def _end(self, handle: ServerGoalHandle, code: MoveItErrorCodes) -> None:
        self._moving, self._busy = None, False
        if code.val == CODES.SUCCESS:
            handle.succeed()
        elif code.val == CODES.PREEMPTED and handle.is_cancel_requested:
            handle.canceled()
        else:
            self._node.get_logger().warning(f"motion failed: {code.message}")
            handle.abort()


def _refuse_options(options: PlanningOptions) -> None:
    diff = options.planning_scene_diff
    asked = {
        "planning_scene_diff": bool(
            diff.world.collision_objects
            or diff.robot_state.attached_collision_objects
            or diff.allowed_collision_matrix.entry_names
        ),
        "look_around": options.look_around,
        "replan": options.replan,
    }
    for field, there in asked.items():
        if there:
            raise RefusedRequest(
                f"planning_options has {field}, which this planner does not do. Leave it out.",
                CODES.INVALID_MOTION_PLAN,
            )
