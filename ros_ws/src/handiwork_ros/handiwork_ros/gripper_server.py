"""A gripper's actions: GripperCommand and ParallelGripperCommand, by the controllers' rules.

The rules themselves are in handiwork.control.gripper_controller. One name cannot carry both types,
so the type that MoveIt is told to use has `gripper_cmd` and the other one a name of its own.

Source: ros2_controllers 5.17 (Kilted) parallel_gripper_action_controller and 4.42 (Jazzy)
gripper_controllers: `gripper_cmd`, one position per goal, result of stalled and reached_goal.
"""

from collections.abc import Callable
from typing import Any

from control_msgs.action import GripperCommand, ParallelGripperCommand
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future
from sensor_msgs.msg import JointState

from handiwork.control.gripper_controller import GripperStatus
from handiwork.control.trajectory_controller import GoalState
from handiwork.errors import RejectedTrajectory
from handiwork_ros.gripper_control import GripperControl

MONITOR_PERIOD = 0.05  # [s] action_monitor_rate of the original
Asked = Callable[[Any], tuple[float, float]]
Told = Callable[[Any, GripperControl, bool, bool], Any]


class GripperServer:
    """Both actions of one gripper controller under the node's namespace."""

    def __init__(self, node: Node, name: str, control: GripperControl, parallel: bool) -> None:
        """parallel: whether `gripper_cmd` is a ParallelGripperCommand, as on Kilted."""
        single, double = "gripper_cmd", "parallel_gripper_cmd"
        if parallel:
            single, double = "single_gripper_cmd", "gripper_cmd"
        self._servers = (
            _Server(node, GripperCommand, f"{name}/{single}", control, _asked, _told),
            _Server(
                node,
                ParallelGripperCommand,
                f"{name}/{double}",
                control,
                _asked_parallel,
                _told_parallel,
            ),
        )


class _Server:
    """One action, of whichever type."""

    def __init__(
        self, node: Node, kind: Any, name: str, control: GripperControl, asked: Asked, told: Told
    ) -> None:
        self._node, self._kind, self._control = node, kind, control
        self._asked, self._told = asked, told
        self._goals: dict[int, tuple[ServerGoalHandle, Future]] = {}
        self._server = ActionServer(
            node,
            kind,
            name,
            self._on_execute,
            goal_callback=self._on_goal,
            cancel_callback=self._on_cancel,
        )
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._monitor = node.create_timer(MONITOR_PERIOD, self._on_monitor, clock=wall)
        self._monitor.cancel()  # runs while a goal does

    def _on_goal(self, goal: Any) -> GoalResponse:
        try:
            self._control.check(self._asked(goal)[0])
        except RejectedTrajectory as error:
            self._node.get_logger().error(f"gripper goal rejected: {error}")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    async def _on_execute(self, handle: ServerGoalHandle) -> Any:
        result = self._kind.Result()
        if handle.is_cancel_requested:
            handle.canceled()
            return self._told(result, self._control, False, False)
        try:
            number = self._control.begin(*self._asked(handle.request))
        except RejectedTrajectory as error:  # stopped between acceptance and here
            self._node.get_logger().error(f"gripper goal aborted: {error}")
            handle.abort()
            return self._told(result, self._control, False, False)
        ended = Future(executor=self._node.executor)
        self._goals[number] = handle, ended
        self._monitor.reset()
        status: GripperStatus = await ended
        if status.state is GoalState.SUCCEEDED:
            handle.succeed()
        elif status.state is GoalState.CANCELED:
            handle.canceled()
        else:
            handle.abort()
        return self._told(result, self._control, status.stalled, status.reached_goal)

    def _on_cancel(self, handle: ServerGoalHandle) -> CancelResponse:
        if any(running == handle for running, _ in self._goals.values()):
            self._control.cancel()
        return CancelResponse.ACCEPT

    def _on_monitor(self) -> None:
        for number, (handle, ended) in list(self._goals.items()):
            status = self._control.status(number)
            if status.state is GoalState.RUNNING:
                feedback = self._told(self._kind.Feedback(), self._control, False, False)
                handle.publish_feedback(feedback)
            else:
                del self._goals[number]
                ended.set_result(status)
        if not self._goals:
            self._monitor.cancel()


def _asked(goal: GripperCommand.Goal) -> tuple[float, float]:
    return goal.command.position, goal.command.max_effort


def _told(message: Any, control: GripperControl, stalled: bool, reached: bool) -> Any:
    message.position, message.effort = control.position, control.effort
    message.stalled, message.reached_goal = stalled, reached
    return message


def _asked_parallel(goal: ParallelGripperCommand.Goal) -> tuple[float, float]:
    if len(goal.command.position) != 1:
        raise RejectedTrajectory(
            f"the command has {len(goal.command.position)} positions, want 1: the first finger's."
        )
    return goal.command.position[0], goal.command.effort[0] if goal.command.effort else 0.0


def _told_parallel(message: Any, control: GripperControl, stalled: bool, reached: bool) -> Any:
    message.state = JointState(
        name=[control.joint], position=[control.position], effort=[control.effort]
    )
    if isinstance(message, ParallelGripperCommand.Result):  # its feedback lacks both
        message.stalled, message.reached_goal = stalled, reached
    return message
