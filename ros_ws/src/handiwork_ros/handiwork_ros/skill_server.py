"""The RunSkill action: one run at a time, until it succeeds, its time is up, it is cancelled or
fails.
"""

from collections.abc import Callable

from handiwork_msgs.action import RunSkill
from handiwork_msgs.msg import SkillState
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.action.server import ServerGoalHandle
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future
from std_msgs.msg import Bool

from handiwork_ros.messages import duration_from_seconds, seconds_from_stamp
from handiwork_ros.quality_of_service import LATCHED, RELIABLE
from handiwork_ros.stack_clock import StackClock

PERIOD = 0.05  # [s] of wall time between looks at the run
FEEDBACK_EVERY = 4  # looks
RESULT = RunSkill.Result


class SkillServer:
    """Says on `skill` (latched) whether the skill runs, and serves `run_skill`.

    A run succeeds when somebody who can tell says true on `skill_success` (std_msgs/Bool).

    begin, end: called when a run starts and when it is over.
    counts: (accepted, refused) chunks of the run. fault: one sentence why it cannot go on, or None.
    """

    def __init__(
        self,
        node: Node,
        clock: StackClock,
        skill: str,
        begin: Callable[[], object],
        end: Callable[[], object],
        counts: Callable[[], tuple[int, int]],
        fault: Callable[[], str | None],
    ) -> None:
        self._node, self._time, self._skill = node, clock, skill
        self._begin, self._end, self._counts, self._fault = begin, end, counts, fault
        self._run = 0
        self._active: tuple[ServerGoalHandle, float, Future] | None = None
        self._looks = 0
        self._state = node.create_publisher(SkillState, "skill", LATCHED)
        node.create_subscription(Bool, "skill_success", self._on_success, RELIABLE)
        self._server = ActionServer(
            node,
            RunSkill,
            "run_skill",
            self._on_execute,
            goal_callback=self._on_goal,
            cancel_callback=lambda _: CancelResponse.ACCEPT,
        )
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._looking = node.create_timer(PERIOD, self._on_look, clock=wall)
        self._looking.cancel()  # there is nothing to look at until a run starts
        self._tell(running=False)

    @property
    def running(self) -> bool:
        """Whether chunks may move the arm now."""
        return self._active is not None

    def _on_goal(self, goal: RunSkill.Goal) -> GoalResponse:
        reason = self._fault()
        if goal.skill != self._skill:
            reason = f"no skill named {goal.skill!r}. Known: {self._skill}."
        elif self._active is not None:
            reason = f"run {self._run} of {self._skill} is not over. Cancel it first."
        elif seconds_from_stamp(goal.timeout) <= 0:
            reason = "the timeout is not positive. Give the longest time that it may run."
        if reason is not None:
            self._node.get_logger().error(f"goal rejected: {reason}")
            return GoalResponse.REJECT
        return GoalResponse.ACCEPT

    async def _on_execute(self, handle: ServerGoalHandle) -> RunSkill.Result:
        ended = Future(executor=self._node.executor)
        self._run += 1
        self._active = (handle, self._time.now(), ended)
        self._begin()
        self._looking.reset()
        self._tell(running=True)
        outcome, sentence = await ended
        self._active = None
        self._looking.cancel()
        self._tell(running=False)
        self._end()
        if outcome == RESULT.SUCCEEDED:
            handle.succeed()
        elif outcome == RESULT.CANCELED:
            handle.canceled()
        else:  # an outcome other than success is not a success of the action either
            handle.abort()
        accepted, refused = self._counts()
        return RESULT(
            outcome=outcome, message=sentence, chunks_accepted=accepted, chunks_refused=refused
        )

    def _on_success(self, message: Bool) -> None:
        if message.data and self._active is not None and not self._active[2].done():
            self._active[2].set_result((RESULT.SUCCEEDED, ""))

    def _on_look(self) -> None:
        if self._active is None:
            return
        handle, started, ended = self._active
        if ended.done():
            return
        elapsed, limit = self._time.now() - started, seconds_from_stamp(handle.request.timeout)
        fault = self._fault()
        if handle.is_cancel_requested:
            ended.set_result((RESULT.CANCELED, "canceled by the client."))
        elif fault is not None:
            ended.set_result((RESULT.FAULT, fault))
        elif elapsed >= limit:
            ended.set_result((RESULT.TIMED_OUT, f"{limit:.1f} s are up."))
        else:
            self._looks += 1
            if self._looks % FEEDBACK_EVERY == 0:
                accepted, refused = self._counts()
                handle.publish_feedback(
                    RunSkill.Feedback(
                        elapsed=duration_from_seconds(elapsed),
                        chunks_accepted=accepted,
                        chunks_refused=refused,
                    )
                )

    def _tell(self, running: bool) -> None:
        message = SkillState(skill=self._skill, running=running, run=self._run)
        message.header.stamp = self._node.get_clock().now().to_msg()
        self._state.publish(message)
