"""Runs seeded episodes one after the other through the whole graph and writes what happened.

It resets the world, waits until the camera has seen the block where it now lies, lets the skill
run, and watches the ground truth; it decides nothing that moves the arm. Files: episode_*.npz (see
episode_log) and result.json in `folder`.
"""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import rclpy
from diagnostic_msgs.msg import DiagnosticStatus
from handiwork_msgs.action import RunSkill
from handiwork_msgs.srv import ResetEpisode
from rclpy.action import ActionClient
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import Bool

from handiwork.errors import HandiworkError
from handiwork.tasks import push_t
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.episode_log import EpisodeLog, save
from handiwork_ros.episode_recorder import EpisodeRecorder
from handiwork_ros.messages import duration_from_seconds
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import RELIABLE
from handiwork_ros.running import leave_signals_to_ros
from handiwork_ros.waiting import Waiting

PEERS = ("sim", "sim_camera", "perception", "policy", "executor")
OUTCOMES = {
    RunSkill.Result.SUCCEEDED: "SUCCEEDED",
    RunSkill.Result.TIMED_OUT: "TIMED_OUT",
    RunSkill.Result.CANCELED: "CANCELED",
    RunSkill.Result.FAULT: "FAULT",
}


@dataclass(frozen=True, kw_only=True)
class EvaluatorConfig:
    """Which episodes, for how long, and where to write."""

    folder: str = field(
        default="runs/eval", metadata={"description": "where episodes and result.json go"}
    )
    episodes: int = field(default=5, metadata={"description": "how many", "minimum": 1})
    seed: int = field(
        default=100000, metadata={"description": "seed of the first; the next ones count up"}
    )
    skill: str = field(default="push_t", metadata={"description": "skill to run"})
    timeout: float = field(
        default=30.0,
        metadata={"description": "longest episode [s]; 300 steps of 0.1 s", "minimum": 0.1},
    )
    record_frames: bool = field(
        default=True, metadata={"description": "keep camera images, about 10 per second"}
    )
    settling: float = field(
        default=0.3,
        metadata={"description": "time after a reset before the block counts as seen [s]"},
    )
    patience: float = field(
        default=10.0, metadata={"description": "longest wait for anything that should come [s]"}
    )
    ready_timeout: float = field(
        default=180.0, metadata={"description": "longest wait for the other nodes [s]"}
    )


class EpisodeNotRun(HandiworkError):
    """An episode that could not be run to its end, so that the whole evaluation is void."""


class EvaluatorNode(Node):
    """Clients: sim/reset_episode, run_skill. Publishes: skill_success, out of the ground truth.

    Subscribes: see episode_recorder.
    """

    def __init__(self, config: EvaluatorConfig | None = None) -> None:
        # Everything that comes is stamped, so this node needs no clock of its own.
        super().__init__("evaluator", parameter_overrides=[Parameter("use_sim_time", value=False)])
        self.config = declared(self, config or EvaluatorConfig())
        self._diagnostics = Diagnostics(self)
        self._recorder = EpisodeRecorder(self, self.config.record_frames)
        self._reset = self.create_client(ResetEpisode, "sim/reset_episode")
        self._skill = ActionClient(self, RunSkill, "run_skill")
        self._success = self.create_publisher(Bool, "skill_success", RELIABLE)
        patience = self.config.patience
        self._waiting = Waiting(self, patience, EpisodeNotRun, "sim and executor")

    async def run(self) -> None:
        """All episodes, then result.json.

        Raises:
            EpisodeNotRun: a node is missing or stopped answering.
        """
        if not await self._waiting.until(lambda: not self._missing(), self.config.ready_timeout):
            raise EpisodeNotRun(
                f"not ready after {self.config.ready_timeout:.0f} s: {'; '.join(self._missing())}. "
                "Check the log of these nodes."
            )
        self._diagnostics.report(Level.OK, "Running episodes.")
        rows = []
        for index in range(self.config.episodes):
            log = EpisodeLog(seed=self.config.seed + index)
            rows.append(await self._episode(log, f"episode_{index:03d}.npz"))
            row = rows[-1]
            self.get_logger().info(
                f"episode {index + 1} of {self.config.episodes}: seed {row['seed']}, "
                f"score {row['score']:.3f}, {row['outcome']} after {row['elapsed_s']:.1f} s, "
                f"{row['chunks_accepted']} chunks, {row['chunks_refused']} refused"
            )
        result = {
            "task": self.config.skill,
            "seed": self.config.seed,
            "episodes": rows,
            "inference_p50_ms": self._recorder.heard.inference_p50_ms,
        }
        path = Path(self.config.folder) / "result.json"
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(result, indent=2) + "\n")
        partial.replace(path)

    async def _reset_world(self, seed: int) -> None:
        """Until the block is seen where it is now."""
        request = ResetEpisode.Request(seed=seed)
        reply = await self._waiting.answer(self._reset.call_async(request))
        if not reply.success:
            raise EpisodeNotRun(f"seed {seed}: the world was not reset: {reply.message}")
        seen_after = self._recorder.heard.now + self.config.settling
        # A block that stays unseen is no reason to stop: the policy says so and the arm rests.
        await self._waiting.until(
            lambda: self._recorder.heard.pose_stamp > seen_after, self.config.patience
        )

    async def _episode(self, log: EpisodeLog, name: str) -> dict[str, object]:
        """One episode from reset to file; returns its row of result.json."""
        await self._reset_world(log.seed)
        goal = RunSkill.Goal(
            skill=self.config.skill, timeout=duration_from_seconds(self.config.timeout)
        )
        self._recorder.begin(log)
        log.start = self._recorder.heard.now
        handle = await self._waiting.answer(self._skill.send_goal_async(goal))
        if not handle.accepted:
            raise EpisodeNotRun(f"seed {log.seed}: the executor rejected the skill. See its log.")
        ended = handle.get_result_async()
        await self._waiting.until(lambda: ended.done() or self._solved(), 4 * self.config.timeout)
        solved = self._solved()
        if solved:
            self._success.publish(Bool(data=True))
        elif not ended.done():
            await self._waiting.answer(handle.cancel_goal_async())
        result = (await self._waiting.answer(ended)).result
        log.end = self._recorder.heard.now
        self._recorder.log = None
        log.outcome = "SUCCEEDED" if solved else OUTCOMES[result.outcome]
        log.message = result.message
        save(Path(self.config.folder) / name, log.arrays())
        coverages = [row[3] for row in log.truth] or [0.0]
        return {
            "file": name,
            "seed": log.seed,
            "outcome": log.outcome,
            "message": log.message,
            "score": push_t.score(coverages),
            "coverage": max(coverages),
            "elapsed_s": log.end - log.start,
            "chunks_accepted": result.chunks_accepted,
            "chunks_refused": result.chunks_refused,
        }

    def _solved(self) -> bool:
        log = self._recorder.log
        return log is not None and any(row[3] > push_t.SUCCESS_COVERAGE for row in log.truth[-5:])

    def _missing(self) -> list[str]:
        """Who has not been heard well, with what it says about itself."""
        states = self._recorder.heard.states
        missing = []
        for peer in PEERS:
            name = f"{self.get_namespace().rstrip('/')}/{peer}"
            level, sentence = states.get(name, (DiagnosticStatus.STALE, "not heard"))
            if level in (DiagnosticStatus.STALE, DiagnosticStatus.ERROR):
                missing.append(f"{peer}: {sentence}")
        if not self._reset.service_is_ready():
            missing.append("sim: no service reset_episode")
        if not self._skill.server_is_ready():
            missing.append("executor: no action run_skill")
        if not self._recorder.heard.pose_stamp and not missing:
            missing.append("perception: no pose of an object")
        return missing


def main(args: list[str] | None = None) -> None:
    """Run the episodes; exit with 0 only if all of them ran."""
    leave_signals_to_ros()
    os.nice(10)  # who only watches goes last
    try:
        with rclpy.init(args=args):
            node = EvaluatorNode()
            executor = SingleThreadedExecutor()
            executor.add_node(node)
            task = executor.create_task(node.run)
            try:
                executor.spin_until_future_complete(task)
                task.result()
            except EpisodeNotRun as error:
                node.get_logger().fatal(str(error))
                sys.exit(1)
            finally:
                node.destroy_node()
            if not task.done():
                sys.exit(1)
    except ExternalShutdownException:
        sys.exit(1)


if __name__ == "__main__":
    main()
