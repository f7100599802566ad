"""The policy on the wire: observations in, action candidates out. Decisions are in policies.

A chunk is asked for whenever the newest image is `executed_steps` later than the one before it;
inference runs in a thread of its own, one at a time, and what it makes is published by the node's.
"""

import sys
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from handiwork_msgs.msg import ActionCandidates, ObjectPoses, SkillState
from rclpy.node import Node
from sensor_msgs.msg import JointState

from handiwork.chunks import ActionChunk
from handiwork.errors import HandiworkError, NotObserved
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.widowx_ai import WIDOWX_AI
from handiwork.tasks.push_t import PLANE_PX, TableSquare
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.messages import joint_state_from_message, message_from_chunk, seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.push_t_observer import UNSEEN, Patience, PushTObserver
from handiwork_ros.quality_of_service import LATCHED, NEWEST, RELIABLE
from handiwork_ros.running import run
from handiwork_ros.sight_messages import planar_from_object_pose
from handiwork_ros.stack_clock import StackClock
from policies.checkpoint import load_policy
from policies.spec import PUSH_T
from policies.windows import Horizon

WARM_UP = 3  # inferences
EARLY = 0.005  # [s] camera stamps need not fall on the policy's period to the microsecond


@dataclass(frozen=True, kw_only=True)
class PolicyConfig:
    """Which checkpoint acts, for which skill, and how old its observations may be."""

    checkpoint: str = field(
        default="checkpoints/push_t_diffusion",
        metadata={"description": "folder of the checkpoint"},
    )
    skill: str = field(default=PUSH_T.task, metadata={"description": "skill that it acts in"})
    object_name: str = field(
        default="t_block", metadata={"description": "name of the block in object_poses"}
    )
    spare_steps: int = field(
        default=3,
        metadata={
            "description": "rows sent beyond the executed ones, for when the next chunk is late",
            "minimum": 0,
        },
    )
    candidates: int = field(
        default=1, metadata={"description": "chunks to propose at a time", "minimum": 1}
    )
    seed: int = field(
        default=0, metadata={"description": "seed of the noise, the same in every run"}
    )
    camera_age: float = field(
        default=0.5, metadata={"description": "oldest image to act on [s]", "minimum": 0.01}
    )
    joints_age: float = field(
        default=0.2, metadata={"description": "oldest joint states to act on [s]", "minimum": 0.01}
    )


class Proposer(Protocol):
    """What the node needs of a policy."""

    horizon: Horizon

    def reset(self, seed: int = 0) -> None:
        """Begin an episode."""
        ...

    def propose(self, observation: np.ndarray, count: int = 1) -> np.ndarray:
        """(O, D) -> (count, H, A)."""
        ...


class PolicyNode(Node):
    """Acts while its skill runs, on fresh observations only.

    Subscribes: object_poses, joint_states, skill. Publishes: action_candidates.
    """

    def __init__(self, config: PolicyConfig | None = None, policy: Proposer | None = None) -> None:
        super().__init__("policy")
        self._config = declared(self, config or PolicyConfig())
        self._diagnostics = Diagnostics(self, "Waiting for the skill to run.")
        self._time = StackClock(self)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._policy = policy or load_policy(Path(self._config.checkpoint), PUSH_T)
        horizon = self._policy.horizon
        self._warm_up()
        self._square = TableSquare()
        self._kinematics = Kinematics(WIDOWX_AI)
        self._observer = PushTObserver(self._square, horizon.observed_steps, PUSH_T.period)
        self._patience = Patience(camera=self._config.camera_age, joints=self._config.joints_age)
        self._replan = horizon.executed_steps * PUSH_T.period
        self._run: int | None = None  # number of the run it acts in
        self._planned: float | None = None  # stamp of the newest observation asked about
        self._sequence = 0
        self._inference: Future[np.ndarray] | None = None
        self._asked = (0.0, 0, 0.0)  # stamp of the observation, run, wall time of asking
        self._inferred = self.create_guard_condition(self._on_inferred)
        self._inference_ms: deque[float] = deque(maxlen=100)
        self._candidates = self.create_publisher(ActionCandidates, "action_candidates", RELIABLE)
        self.create_subscription(ObjectPoses, "object_poses", self._on_poses, NEWEST)
        self.create_subscription(JointState, "joint_states", self._on_joints, RELIABLE)
        self.create_subscription(SkillState, "skill", self._on_skill, LATCHED)
        self.create_timer(PUSH_T.period, self._on_watch)

    def _warm_up(self) -> None:
        """The first inferences compile and allocate; later ones are many times faster."""
        shape = (self._policy.horizon.observed_steps, len(PUSH_T.observation_names))
        for _ in range(WARM_UP):
            self._policy.propose(np.full(shape, PLANE_PX / 2), self._config.candidates)

    def _on_skill(self, message: SkillState) -> None:
        acting = message.running and message.skill == self._config.skill
        if acting and message.run != self._run:
            self._policy.reset(self._config.seed)
            self._planned = None
        elif not acting:
            self._observer.clear()  # before the next run the world may be put elsewhere
            self._diagnostics.report(Level.OK, "Waiting for the skill to run.")
        self._run = message.run if acting else None

    def _on_joints(self, message: JointState) -> None:
        try:
            state = joint_state_from_message(message, WIDOWX_AI.names)
            self._observer.add_rod(state.stamp, self._kinematics.tool(state.position)[:2, 3])
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, str(error))
        self._plan()

    def _on_poses(self, message: ObjectPoses) -> None:
        stamp = seconds_from_stamp(message.header.stamp)
        for item in message.objects:
            if item.name == self._config.object_name:
                try:
                    self._observer.add_block(stamp, planar_from_object_pose(item))
                except HandiworkError as error:
                    self._diagnostics.report(Level.ERROR, str(error))
                self._plan()
                return
        self._observer.miss_block(message.reason or UNSEEN)

    def _plan(self) -> None:
        """Ask for a chunk when one is due and the last one is done."""
        newest = self._observer.newest
        if self._run is None or newest is None or self._inference is not None:
            return
        if self._planned is not None and newest - self._planned < self._replan - EARLY:
            return
        if not self._is_fresh():
            return
        observation = self._observer.observe()
        if observation is None:  # the arm's state at the image's time is still on its way
            return
        self._planned = newest
        self._asked = (newest, self._run, time.perf_counter())
        self._inference = self._worker.submit(
            self._policy.propose, observation, self._config.candidates
        )
        self._inference.add_done_callback(lambda _: self._inferred.trigger())

    def _is_fresh(self) -> bool:
        try:
            self._observer.check(self._time.now(), self._patience)
        except NotObserved as error:
            self._diagnostics.report(Level.ERROR, str(error))
            return False
        return True

    def _on_inferred(self) -> None:
        if self._inference is None or not self._inference.done():
            return
        inference, self._inference = self._inference, None
        observed, run_number, began = self._asked
        self._inference_ms.append(1e3 * (time.perf_counter() - began))
        self._diagnostics.measure("inference_p50_ms", float(np.median(self._inference_ms)))
        self._diagnostics.measure("inference_p95_ms", float(np.percentile(self._inference_ms, 95)))
        try:
            predicted = inference.result()  # (count, H, 2) [px]
        except HandiworkError as error:
            self._diagnostics.report(Level.ERROR, f"no chunk: {error}")
            return
        if run_number != self._run:
            return  # the run it was made for is over
        self._candidates.publish(self._message(predicted, observed))
        self._diagnostics.report(Level.OK, "Acting.")

    def _message(self, predicted: np.ndarray, observed: float) -> ActionCandidates:
        """Row 0 of every chunk is due when the observation was made."""
        message = ActionCandidates()
        message.header.stamp = self.get_clock().now().to_msg()
        horizon = self._policy.horizon
        end = horizon.now + horizon.executed_steps + self._config.spare_steps
        for rows in self._square.to_base(predicted[:, horizon.now : end]):
            self._sequence += 1
            chunk = ActionChunk(
                rows=rows.astype(np.float32),
                names=("x", "y"),
                space="pose",
                frame=WIDOWX_AI.base_frame,
                start=observed,
                period=PUSH_T.period,
                observed=observed,
                sequence=self._sequence,
            )
            message.chunks.append(message_from_chunk(chunk))
        return message

    def _on_watch(self) -> None:
        """Silence of the camera or of the arm triggers nothing else, so look from time to time."""
        if self._run is not None:
            self._is_fresh()

    def destroy_node(self) -> None:
        """Let the last inference end before the node goes."""
        self._worker.shutdown(cancel_futures=True)
        super().destroy_node()


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    # An inference asks for the interpreter hundreds of times; it must not wait 5 ms each time that
    # a callback has it.
    sys.setswitchinterval(0.0005)
    run("policy", PolicyNode, args)


if __name__ == "__main__":
    main()
