"""The executor on the wire: chunks in, trajectories out. Decisions are in handiwork.executor."""

import time
from dataclasses import dataclass, field

import numpy as np
from control_msgs.msg import JointTrajectoryControllerState
from handiwork_msgs.msg import ActionCandidates, ActionChunk
from handiwork_msgs.msg import ChunkReport as ChunkReportMessage
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.subscription import MessageInfo
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage

from handiwork.chunk_reports import ChunkReport
from handiwork.chunks import ActionChunk as CoreChunk
from handiwork.chunks import ChunkRules
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.errors import RefusedChunk
from handiwork.executor import Executor
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai import WXAI
from handiwork.tasks.push_t_execution import PUSH_T_EXECUTION
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.messages import (
    chunk_from_message,
    message_from_chunk,
    message_from_report,
    message_from_trajectory,
    seconds_from_stamp,
)
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import NEWEST, RELIABLE
from handiwork_ros.running import run
from handiwork_ros.scheduling import ask_for_priority
from handiwork_ros.skill_server import SkillServer
from handiwork_ros.stack_clock import StackClock

PERIOD = 0.05  # [s] of wall time between looks at whether the arm still has something to follow


@dataclass(frozen=True, kw_only=True)
class ExecutorNodeConfig:
    """Whose chunks are taken, and where trajectories go."""

    skill: str = field(default="push_t", metadata={"description": "skill that may be run"})
    controller: str = field(
        default="arm_controller", metadata={"description": "name of the trajectory controller"}
    )
    observation_age: float = field(
        default=0.5,
        metadata={"description": "oldest observation a chunk may rest on [s]", "minimum": 0.01},
    )
    priority: int = field(
        default=5,
        metadata={
            "description": "real-time priority where the system allows it; 0: none",
            "minimum": 0,
            "maximum": 90,
        },
    )
    state_age: float = field(
        default=0.5,
        metadata={"description": "oldest controller_state to move on [s]", "minimum": 0.01},
    )


class ExecutorNode(Node):
    """Takes chunks while a skill runs; makes each a trajectory that ends at rest.

    Subscribes: action_candidates, <controller>/controller_state (where the arm is, and where it
    was told to be).
    Publishes: <controller>/joint_trajectory, chunk_reports, skill (latched). Action: run_skill.
    """

    def __init__(self, config: ExecutorNodeConfig | None = None) -> None:
        super().__init__("executor")
        self._config = config = declared(self, config or ExecutorNodeConfig())
        self._diagnostics = Diagnostics(self, "Waiting for a skill to run.")
        self._time = StackClock(self)
        ask_for_priority(self, config.priority)
        rules = ChunkRules(
            names=("x", "y"), space="pose", max_observation_age=config.observation_age
        )
        kinematics, limits = Kinematics(WXAI), Limits.of(WXAI)
        _warm_up(Executor(PUSH_T_EXECUTION, rules, kinematics, limits), kinematics)
        self._executor = Executor(PUSH_T_EXECUTION, rules, kinematics, limits)
        self._turned_away = 0
        self._commanded: tuple[float, np.ndarray] | None = None  # stamp [s], (J,) [rad]
        self._trajectories = self.create_publisher(
            JointTrajectoryMessage, f"{config.controller}/joint_trajectory", RELIABLE
        )
        self._reports = self.create_publisher(ChunkReportMessage, "chunk_reports", RELIABLE)
        self.create_subscription(
            ActionCandidates, "action_candidates", self._on_candidates, RELIABLE
        )
        self.create_subscription(
            JointTrajectoryControllerState,
            f"{config.controller}/controller_state",
            self._on_controller_state,
            NEWEST,
        )
        self._skill = SkillServer(
            self,
            self._time,
            config.skill,
            self._on_begin,
            self._on_end,
            self._counts,
            self._fault,
        )
        self.create_timer(PERIOD, self._on_tick, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _on_begin(self) -> None:
        self._executor.start_run()
        self._turned_away = 0

    def _on_end(self) -> None:
        trajectory = self._executor.stop(self._time.now())
        if trajectory is not None:
            self._trajectories.publish(message_from_trajectory(trajectory))
        self._diagnostics.report(Level.OK, "Waiting for a skill to run.")

    def _on_controller_state(self, message: JointTrajectoryControllerState) -> None:
        column = {name: index for index, name in enumerate(message.joint_names)}
        positions = [message.reference.positions[column[name]] for name in WXAI.names]
        self._commanded = seconds_from_stamp(message.header.stamp), np.array(positions)

    def _on_candidates(self, message: ActionCandidates, info: MessageInfo) -> None:
        if not message.chunks:
            return
        best = int(np.argmax(message.scores)) if len(message.scores) else 0
        now = self._time.now()
        trajectory, report = self._decided(message.chunks[best], now)
        if trajectory is not None:
            self._trajectories.publish(message_from_trajectory(trajectory))
            self._diagnostics.report(Level.OK, "Moving.")
        elif self._skill.running:
            self._diagnostics.report(Level.WARN, report.reason)
        taken = 1e-9 * (time.time_ns() - info["source_timestamp"])
        self._reports.publish(message_from_report(report, self._time.now(), taken))

    def _decided(
        self, message: ActionChunk, now: float
    ) -> tuple[JointTrajectory | None, ChunkReport]:
        """What the core makes of a chunk, or why it did not get that far."""
        try:
            if not self._skill.running:
                raise RefusedChunk("no skill is running. Send a goal to run_skill first.", "idle")
            output = self._executor.on_chunk(
                chunk_from_message(message), now, self._resting(), self._time.now
            )
        except RefusedChunk as error:
            self._turned_away += self._skill.running
            return None, ChunkReport(
                sequence=message.sequence,
                accepted=False,
                kind=error.kind,
                reason=str(error),
                observed=seconds_from_stamp(message.observed),
            )
        return output.trajectory, output.report

    def _resting(self) -> np.ndarray:
        """(J,) [rad] what the controller commands now."""
        fault = self._fault()
        if self._commanded is None or fault is not None:
            raise RefusedChunk(fault or "", "blind")
        return self._commanded[1]

    def _on_tick(self) -> None:
        resting = self._executor.on_tick(self._time.now()) if self._skill.running else None
        if resting is not None:
            self._diagnostics.report(Level.WARN, resting)

    def _fault(self) -> str | None:
        """Why nothing may move now; None when it may."""
        if self._commanded is None:
            return "no state of the arm's controller has come yet. Check the arm server."
        age = self._time.now() - self._commanded[0]
        if age > self._config.state_age:
            return f"the controller's state is {age:.2f} s old. Check the arm server."
        return None

    def _counts(self) -> tuple[int, int]:
        """Chunks of this run: accepted, refused."""
        return self._executor.accepted, self._executor.refused.total() + self._turned_away


def _warm_up(executor: Executor, kinematics: Kinematics) -> None:
    """Plan what nobody follows: the first calls are slow, and the first chunk must not be late."""
    here = kinematics.tool(WXAI.home)[:2, 3]
    for sequence in range(3):
        now = 0.1 * sequence
        chunk = CoreChunk(
            rows=np.tile(here + 0.01, (11, 1)).astype(np.float32),
            names=("x", "y"),
            space="pose",
            frame=WXAI.base_frame,
            start=now,
            period=0.1,
            observed=now,
            sequence=sequence,
        )
        received = chunk_from_message(message_from_chunk(chunk))
        output = executor.on_chunk(received, now, WXAI.home)
        if output.trajectory is not None:
            message_from_trajectory(output.trajectory)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("executor", ExecutorNode, args)


if __name__ == "__main__":
    main()
