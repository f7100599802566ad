"""The policy on the wire: observations in, action candidates out. Decisions are in policies and in
handiwork.streaming.

A chunk is asked for whenever the newest image is `executed_steps` later than the one before it. The
arm moves on meanwhile: the rows of the chunk that it follows, up to when the next one can take
over, are handed to the policy as committed, and the next chunk begins with them.
"""

import sys
from pathlib import Path

import numpy as np
from handiwork_msgs.msg import ActionCandidates, ChunkReport, ObjectPoses, SkillState
from rclpy.node import Node
from sensor_msgs.msg import JointState

from handiwork.errors import HandiworkError, NotObserved
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai import WXAI
from handiwork.streaming.chunk_stream import ChunkStream, Question
from handiwork.tasks.push_t import PLANE_PX, TableSquare
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.inference import Inference, Proposer, inference_thread
from handiwork_ros.messages import joint_state_from_message, seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.policy_config import PolicyConfig, stream_config
from handiwork_ros.push_t_chunks import candidates_from_plans
from handiwork_ros.push_t_observer import UNSEEN, Patience, PushTObserver
from handiwork_ros.quality_of_service import LATCHED, NEWEST, RELIABLE
from handiwork_ros.running import run
from handiwork_ros.sight_messages import planar_from_object_pose
from handiwork_ros.stack_clock import StackClock
from policies.loading import load_policy
from policies.spec import PUSH_T


class PolicyNode(Node):
    """Acts while its skill runs, on fresh observations only.

    Subscribes: object_poses, joint_states, skill, chunk_reports. Publishes: action_candidates.
    """

    def __init__(self, config: PolicyConfig | None = None, policy: Proposer | None = None) -> None:
        super().__init__("policy")
        self._config = config = declared(self, config or PolicyConfig())
        self._diagnostics = Diagnostics(self, "Waiting for the skill to run.")
        self._time = StackClock(self)
        self._worker = inference_thread()
        policy = policy or load_policy(Path(config.checkpoint), PUSH_T, config.runtime)
        _warm_up(policy, config.candidates)
        self._inference = Inference(
            self, self._worker, policy, config.candidates, self._on_inferred
        )
        self._stream = ChunkStream(stream_config(config, policy.horizon))
        self._asked: tuple[Question, int] | None = None  # and number of the run
        self._run: int | None = None  # number of the run it acts in
        self._kinematics = Kinematics(WXAI)
        self._observer = PushTObserver(TableSquare(), policy.horizon.observed_steps, PUSH_T.period)
        self._patience = Patience(camera=config.camera_age, joints=config.joints_age)
        self._candidates = self.create_publisher(ActionCandidates, "action_candidates", RELIABLE)
        self.create_subscription(ObjectPoses, "object_poses", self._on_poses, NEWEST)
        self.create_subscription(JointState, "joint_states", self._on_joints, RELIABLE)
        self.create_subscription(SkillState, "skill", self._on_skill, LATCHED)
        self.create_subscription(ChunkReport, "chunk_reports", self._on_report, RELIABLE)
        self.create_timer(PUSH_T.period, self._on_watch)

    def _on_skill(self, message: SkillState) -> None:
        acting = message.running and message.skill == self._config.skill
        if acting and message.run != self._run:
            self._inference.reset(self._config.seed)
            self._stream.begin(f"run {message.run} of {message.skill} began")
        elif not acting:
            self._observer.clear()  # before the next run the world may be put elsewhere
            self._stream.begin("the skill was stopped")
            self._diagnostics.report(Level.OK, "Waiting for the skill to run.")
        self._run = message.run if acting else None

    def _on_joints(self, message: JointState) -> None:
        try:
            state = joint_state_from_message(message, WXAI.names)
            self._observer.add_rod(state.stamp, self._kinematics.tool(state.position)[:2, 3])
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
        self._ask()

    def _on_poses(self, message: ObjectPoses) -> None:
        stamp = seconds_from_stamp(message.header.stamp)
        for item in message.objects:
            if item.name == self._config.object_name:
                try:
                    self._observer.add_block(stamp, planar_from_object_pose(item))
                    state = self._observer.newest_state()
                    if state is not None:
                        self._stream.observe(stamp, state)
                except HandiworkError as error:
                    self._diagnostics.report(Level.ERROR, str(error))
                self._ask()
                return
        self._observer.miss_block(message.reason or UNSEEN)

    def _on_report(self, message: ChunkReport) -> None:
        if message.accepted:
            self._stream.accepted(message.sequence, message.observation_to_switch_s)
            self._diagnostics.measure("switch_delay_ms", 1e3 * self._stream.delay)
        else:
            self._stream.refused(message.sequence, stopped=message.observation_to_switch_s > 0)

    def _ask(self) -> None:
        """Ask for a chunk when one is due and the last one is done."""
        newest = self._observer.newest
        if self._run is None or newest is None or self._inference.busy:
            return
        question = self._stream.question(newest)
        if question is None or not self._is_fresh():
            return
        state = self._observer.observe(question.observed)
        if state is None:  # the arm's state at the image's time is still on its way
            return
        reason = self._stream.ask(question)
        if reason is not None:
            self._inference.forget()
            self._diagnostics.measure("stream_began_anew", reason)
            self.get_logger().info(f"The stream of chunks begins anew: {reason}.")
        self._asked = question, self._run
        self._inference.ask({"state": state}, question.committed)

    def _is_fresh(self) -> bool:
        try:
            self._observer.check(self._time.now(), self._patience)
        except NotObserved as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return False
        return True

    def _on_inferred(self) -> None:
        try:
            predicted = self._inference.fetch()  # (count, H, 2) [px]
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, f"no chunk: {error}")
            return
        if predicted is None or self._asked is None:
            return
        question, asked_in = self._asked
        if asked_in != self._run:
            return  # the run it was made for is over
        plans = self._stream.answer(question, predicted)
        now = self.get_clock().now().to_msg()
        self._candidates.publish(candidates_from_plans(plans, question.observed, now))
        self._diagnostics.report(Level.OK, "Acting.")
        self._measure(question)

    def _measure(self, question: Question) -> None:
        committed = 0 if question.committed is None else len(question.committed)
        self._diagnostics.measure("committed_rows", str(committed))
        self._diagnostics.measure("inference_p50_ms", self._inference.milliseconds(50))
        self._diagnostics.measure("inference_p95_ms", self._inference.milliseconds(95))

    def _on_watch(self) -> None:
        """Silence of the camera or of the arm triggers nothing else, so look from time to time."""
        if self._run is not None:
            self._is_fresh()

    def destroy_node(self) -> None:
        """Let the last inference end before the node goes."""
        self._worker.shutdown(cancel_futures=True)
        super().destroy_node()


def _warm_up(policy: Proposer, count: int) -> None:
    """The first inferences compile and allocate; later ones are many times faster."""
    state = np.full((policy.horizon.observed_steps, len(PUSH_T.state_names)), PLANE_PX / 2)
    row = np.full((1, len(PUSH_T.action_names)), PLANE_PX / 2)
    for committed in (None, row, row):
        policy.propose({"state": state}, count, committed)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    # An inference asks for the interpreter hundreds of times; it must not wait 5 ms each time that
    # a callback has it.
    sys.setswitchinterval(0.0005)
    run("policy", PolicyNode, args)


if __name__ == "__main__":
    main()
