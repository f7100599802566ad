"""The wire of a joint_trajectory_controller: topic, action and state, by its rules.

The rules themselves are in handiwork.control.trajectory_controller.

Source: ros2_controllers 5.17 (Kilted), joint_trajectory_controller: names, quality of service,
rejection, preemption, cancel and result codes.
Shapes: J joints.
"""

from control_msgs.action import FollowJointTrajectory
from control_msgs.msg import JointTrajectoryControllerState
from control_msgs.srv import QueryTrajectoryState
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future
from trajectory_msgs.msg import JointTrajectory

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.trajectory_controller import GoalState, GoalStatus
from handiwork.errors import RejectedTrajectory
from handiwork_ros.group_control import GroupControl, GroupSnapshot
from handiwork_ros.messages import (
    goal_from_message,
    point_from_sample,
    request_from_message,
    seconds_from_stamp,
    stamp_from_seconds,
)
from handiwork_ros.quality_of_service import RELIABLE

MONITOR_PERIOD = 0.05  # [s] action_monitor_rate of the original
FEEDBACK = FollowJointTrajectory.Feedback
RESULT = FollowJointTrajectory.Result


class JointTrajectoryServer:
    """One controller's names under the node's namespace."""

    def __init__(self, node: Node, name: str, arm: GroupControl) -> None:
        self._node, self._names, self._arm = node, list(arm.names), arm
        self._goals: dict[int, tuple[ServerGoalHandle, Future]] = {}  # running, by their number
        self._told = -1.0  # [s] stamp of the newest state published
        self._state = node.create_publisher(
            JointTrajectoryControllerState, f"{name}/controller_state", RELIABLE
        )
        node.create_subscription(
            JointTrajectory, f"{name}/joint_trajectory", self._on_trajectory, RELIABLE
        )
        node.create_service(QueryTrajectoryState, f"{name}/query_state", self._on_query)
        self._server = ActionServer(
            node,
            FollowJointTrajectory,
            f"{name}/follow_joint_trajectory",
            self._on_execute,
            goal_callback=self._on_goal,
            cancel_callback=self._on_cancel,
        )
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._monitor = node.create_timer(MONITOR_PERIOD, self._on_monitor, clock=wall)
        self._monitor.cancel()  # runs while a goal does

    def publish_state(self) -> None:
        """The controller's state, as a controller publishes it; `output` is what left the gate."""
        shot = self._arm.snapshot
        if shot is None or shot.stamp == self._told:
            return  # no tick yet, or none since the last time
        self._told = shot.stamp
        message = JointTrajectoryControllerState(joint_names=self._names)
        message.header.stamp = stamp_from_seconds(shot.stamp)
        message.reference = point_from_sample(shot.reference)
        message.output = point_from_sample(shot.sent)
        message.feedback = point_from_sample(shot.measured)
        message.error = point_from_sample(_error(shot))
        message.speed_scaling_factor = 1.0
        self._state.publish(message)

    def _on_trajectory(self, message: JointTrajectory) -> None:
        """A bad message is dropped with a line in the log, as the original does."""
        try:
            self._arm.follow(request_from_message(message))
        except RejectedTrajectory as error:
            self._node.get_logger().error(f"trajectory dropped: {error}")

    def _on_query(
        self, request: QueryTrajectoryState.Request, response: QueryTrajectoryState.Response
    ) -> QueryTrajectoryState.Response:
        try:
            sample = self._arm.query(seconds_from_stamp(request.time))
        except RejectedTrajectory as error:
            response.message = str(error)
            return response
        response.success, response.name = True, self._names
        response.position = sample.position.tolist()
        response.velocity = sample.velocity.tolist()
        response.acceleration = sample.acceleration.tolist()
        return response

    def _on_goal(self, goal: FollowJointTrajectory.Goal) -> GoalResponse:
        try:
            self._arm.check(request_from_message(goal.trajectory))
        except RejectedTrajectory as error:
            self._node.get_logger().error(f"goal rejected: {error}")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    async def _on_execute(self, handle: ServerGoalHandle) -> FollowJointTrajectory.Result:
        """Runs between the controller's ticks; the monitor says when the goal is over."""
        if handle.is_cancel_requested:
            handle.canceled()
            return RESULT(error_string="canceled before it began")
        try:
            number = self._arm.begin(goal_from_message(handle.request))
        except RejectedTrajectory as error:  # it became too late between acceptance and here
            handle.abort()
            return RESULT(error_code=RESULT.INVALID_GOAL, error_string=str(error))
        ended = Future(executor=self._node.executor)
        self._goals[number] = handle, ended
        self._monitor.reset()
        status = await ended
        if status.state is GoalState.SUCCEEDED:
            handle.succeed()
        elif status.state is GoalState.CANCELED:
            handle.canceled()
        else:
            handle.abort()
        return RESULT(error_code=status.code, error_string=status.text)

    def _on_cancel(self, handle: ServerGoalHandle) -> CancelResponse:
        """Always allowed; the goal's state follows with the next look of the monitor."""
        if any(running == handle for running, _ in self._goals.values()):
            self._arm.cancel()
        return CancelResponse.ACCEPT

    def _on_monitor(self) -> None:
        for number, (handle, ended) in list(self._goals.items()):
            status: GoalStatus = self._arm.status(number)
            if status.state is GoalState.RUNNING:
                handle.publish_feedback(self._feedback())
            else:
                del self._goals[number]
                ended.set_result(status)
        if not self._goals:
            self._monitor.cancel()

    def _feedback(self) -> FollowJointTrajectory.Feedback:
        feedback = FEEDBACK(joint_names=self._names)
        shot = self._arm.snapshot
        assert shot is not None  # a goal runs, so the loop ticks
        feedback.header.stamp = stamp_from_seconds(shot.stamp)
        feedback.desired = point_from_sample(shot.reference)
        feedback.actual = point_from_sample(shot.measured)
        feedback.error = point_from_sample(_error(shot))
        return feedback


def _error(shot: GroupSnapshot) -> JointSample:
    want, got = shot.reference, shot.measured
    return JointSample(
        position=want.position - got.position,
        velocity=want.velocity - got.velocity,
        acceleration=0 * got.velocity,  # not measured
    )
