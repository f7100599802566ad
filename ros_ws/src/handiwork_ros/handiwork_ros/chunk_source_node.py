"""Chunks of random motion at a steady rate, beside a policy that thinks; and what became of them.

It stands where a policy node stands, so that the executor and the arm's loop can be measured on any
robot. It runs the skill, sends chunks for some time and writes `executor.json` in `folder`.
"""

import json
import sys
import time
from concurrent.futures import Future as Inference
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from diagnostic_msgs.msg import DiagnosticArray
from handiwork_msgs.action import RunSkill
from handiwork_msgs.msg import ActionCandidates, ChunkReport
from rclpy.action import ActionClient
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.robots.registry import robot
from handiwork_ros.controller_names import controller_name
from handiwork_ros.messages import (
    duration_from_seconds,
    message_from_chunk,
    request_from_message,
    seconds_from_stamp,
)
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import RELIABLE
from handiwork_ros.random_chunks import RandomChunks
from handiwork_ros.running import run
from handiwork_ros.stack_clock import StackClock
from handiwork_ros.trajectory_joins import largest_steps
from policies.loading import load_policy
from policies.spec import PUSH_T

WARM_UP = 3.0  # [s] of motion before anything counts


@dataclass(frozen=True, kw_only=True)
class ChunkSourceConfig:
    """What is sent, for how long, and what thinks meanwhile."""

    robot: str = field(default="wxai", metadata={"description": "which robot"})
    groups: tuple[str, ...] = field(
        default=("",), metadata={"description": "groups that are moved; none: all"}
    )
    checkpoint: str = field(default="", metadata={"description": "of push_t: what thinks"})
    folder: str = field(default="runs/bench", metadata={"description": "where executor.json goes"})
    rate: float = field(default=5.0, metadata={"description": "chunks [Hz]", "minimum": 0.1})
    seconds: float = field(
        default=60.0, metadata={"description": "how long is measured [s]", "minimum": 1.0}
    )
    seed: int = field(default=0, metadata={"description": "of the motion"})
    patience: float = field(
        default=60.0, metadata={"description": "longest wait for the other nodes [s]"}
    )


class ChunkSourceNode(Node):
    """Publishes: action_candidates. Client: run_skill.

    Subscribes: joint_states, chunk_reports, <controller>/joint_trajectory, /diagnostics.
    """

    def __init__(self, config: ChunkSourceConfig | None = None) -> None:
        super().__init__("chunk_source")
        self._config = config = declared(self, config or ChunkSourceConfig())
        self._robot = robot(config.robot)
        self._time = StackClock(self)
        groups = [self._robot.group(name) for name in filter(None, config.groups)]
        groups = groups or list(self._robot.groups)
        self._motion = RandomChunks(self._robot, groups, config.seed)
        self._policy = load_policy(Path(config.checkpoint), PUSH_T, "auto")
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")
        self._thought: Inference[float] | None = None
        self._thoughts: list[float] = []
        self._begun: float | None = None  # [s] on the stack's clock
        self._sequence = 0
        self._moving = self._heard = False
        self._warm = 0  # reports from before it counts
        self._reports: list[ChunkReport] = []
        self._loop: list[tuple[float, float]] = []
        self._trajectories: dict[str, list[JointTrajectory]] = {}
        self._chunks = self.create_publisher(ActionCandidates, "action_candidates", RELIABLE)
        self._skill = ActionClient(self, RunSkill, "run_skill")
        listen = self.create_subscription
        listen(JointState, "joint_states", self._on_states, RELIABLE)
        listen(ChunkReport, "chunk_reports", self._on_report, RELIABLE)
        listen(DiagnosticArray, "/diagnostics", self._on_diagnostics, RELIABLE)
        for group in groups:
            topic = f"{controller_name(group.name)}/joint_trajectory"
            kept = self._trajectories.setdefault(group.name, [])
            listen(JointTrajectoryMessage, topic, lambda m, kept=kept: kept.append(_read(m)), 50)
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        self._give_up = time.monotonic() + config.patience
        self._starting = self.create_timer(0.2, self._on_start, clock=wall)
        self._sending = self.create_timer(1 / config.rate, self._on_send, clock=wall)

    def _on_start(self) -> None:
        if time.monotonic() > self._give_up:
            raise ValueError("nothing to measure: no joint_states or no run_skill. See the log.")
        if not (self._heard and self._skill.server_is_ready()):
            return
        self._starting.cancel()
        goal = RunSkill.Goal(skill="follow", timeout=duration_from_seconds(3600.0))
        self._skill.send_goal_async(goal).add_done_callback(self._on_accepted)

    def _on_accepted(self, sent: object) -> None:
        if not sent.result().accepted:  # pyright: ignore[reportAttributeAccessIssue]
            self._starting.reset()  # the executor has not heard of the controllers yet
            return
        self._moving = True

    def _on_send(self) -> None:
        if not self._moving or self._is_over():
            return
        self._think()
        now = self._time.now()
        self._sequence += 1
        chunk = self._motion.chunk(now, self._sequence)
        self._chunks.publish(ActionCandidates(chunks=[message_from_chunk(chunk)]))
        if self._begun is None and self._sequence > WARM_UP * self._config.rate:
            self._begun = time.monotonic()
            self._warm = len(self._reports)
            self._loop.clear()

    def _think(self) -> None:
        """One inference for every chunk, in a thread of its own, as a policy node does."""
        if self._thought is not None:
            if not self._thought.done():
                return
            self._thoughts.append(self._thought.result())
        self._thought = self._worker.submit(self._infer)

    def _infer(self) -> float:
        began = time.perf_counter()
        steps = self._policy.horizon.observed_steps
        self._policy.propose({"state": np.full((steps, len(PUSH_T.state_names)), 250.0)})
        return 1e3 * (time.perf_counter() - began)

    def _on_states(self, _: JointState) -> None:
        self._heard = True

    def _on_report(self, message: ChunkReport) -> None:
        self._reports.append(message)

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            values = {item.key: item.value for item in status.values}
            if status.name.endswith("/arm_server") and "jitter_p99_ms" in values:
                self._loop.append((float(values["rate_hz"]), float(values["jitter_p99_ms"])))

    def _is_over(self) -> bool:
        if self._begun is None or time.monotonic() - self._begun < self._config.seconds:
            return False
        self._moving = False
        self._write()
        raise SystemExit(0)

    def _write(self) -> None:
        switches = sorted(
            seconds_from_stamp(report.observed) + report.observation_to_switch_s
            for report in self._reports
            if report.observation_to_switch_s > 0
        )
        joins = [largest_steps(kept, switches) for kept in self._trajectories.values()]
        counted = self._reports[self._warm :]
        accepted = [report for report in counted if report.accepted]
        result = {
            "chunks": len(counted),
            "chunks_refused": len(counted) - len(accepted),
            "refusals": sorted({report.reason for report in counted if report.reason}),
            "chunk_to_trajectory_ms": [1e3 * report.chunk_to_trajectory_s for report in accepted],
            "join_position_step_max": max(join.position for join in joins),
            "join_velocity_step_max": max(join.velocity for join in joins),
            "joins": min(join.count for join in joins),
            "loop_rate_hz": [rate for rate, _ in self._loop],
            "loop_jitter_p99_ms": [jitter for _, jitter in self._loop],
            "inference_ms": self._thoughts,
        }
        Path(self._config.folder).mkdir(parents=True, exist_ok=True)
        path = Path(self._config.folder) / "executor.json"
        path.write_text(json.dumps(result, indent=2) + "\n")

    def destroy_node(self) -> None:
        """Let the last inference end before the node goes."""
        self._worker.shutdown(cancel_futures=True)
        super().destroy_node()


def _read(message: JointTrajectoryMessage) -> JointTrajectory:
    request = request_from_message(message)
    points = request.points
    return JointTrajectory(
        names=request.names,
        times=request.stamp + np.array([point.time_from_start for point in points]),
        positions=np.array([point.positions for point in points]),
        velocities=np.array([point.velocities for point in points]),
        accelerations=np.array([point.accelerations for point in points]),
    )


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    sys.setswitchinterval(0.0005)
    run("chunk_source", ChunkSourceNode, args)


if __name__ == "__main__":
    main()
