"""The executor on the wire: chunks in, trajectories out. Decisions are in handiwork.executor."""

import time
from dataclasses import dataclass, field

import numpy as np
from handiwork_msgs.msg import ActionCandidates, ActionChunk
from handiwork_msgs.msg import ChunkReport as ChunkReportMessage
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.subscription import MessageInfo

from handiwork.chunk_reports import ChunkReport
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.errors import RefusedChunk
from handiwork.robots.registry import robot
from handiwork_ros.controller_names import controllers_of
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.followed_chunks import FollowedChunks, chunks_of, chunks_of_push_t
from handiwork_ros.group_controllers import GroupControllers
from handiwork_ros.messages import (
    chunk_from_message,
    message_from_chunk,
    message_from_report,
    seconds_from_stamp,
)
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import RELIABLE
from handiwork_ros.running import run
from handiwork_ros.scheduling import ask_for_process_priority
from handiwork_ros.skill_server import SkillServer
from handiwork_ros.stack_clock import StackClock
from handiwork_ros.trajectory_wire import wire_from_trajectory

PUSH_T = "push_t"  # the skill with a plane of its own
PERIOD = 0.05  # [s] of wall time between looks at whether the arm still has something to follow


@dataclass(frozen=True, kw_only=True)
class ExecutorNodeConfig:
    """Whose chunks are taken, and where trajectories go."""

    skill: str = field(default="push_t", metadata={"description": "skill that may be run"})
    robot: str = field(default="wxai", metadata={"description": "which robot"})
    space: str = field(
        default="joint",
        metadata={"description": "of chunks: joint or pose; push_t has a plane of its own"},
    )
    groups: tuple[str, ...] = field(
        default=("",), metadata={"description": "groups that chunks name; none: all"}
    )
    controllers: tuple[str, ...] = field(
        default=("",),
        metadata={"description": "others than the arm server's, each GROUP=NAME"},
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

    Subscribes: action_candidates, skill_success, <controller>/controller_state of the
    groups that it moves (where they were told to be).
    Publishes: <controller>/joint_trajectory, chunk_reports, skill (latched). Action: run_skill.
    """

    def __init__(self, config: ExecutorNodeConfig | None = None) -> None:
        super().__init__("executor")
        self.config = config = declared(self, config or ExecutorNodeConfig())
        self._diagnostics = Diagnostics(self, "Waiting for a skill to run.")
        self._time = StackClock(self)
        followed = _followed(config)
        _warm_up(followed)
        self._executor = followed.executor()
        self._turned_away = 0
        names = controllers_of(followed.robot, config.controllers)
        self._controllers = GroupControllers(self, followed.robot, names, followed.groups)
        self._reports = self.create_publisher(ChunkReportMessage, "chunk_reports", RELIABLE)
        self.create_subscription(
            ActionCandidates, "action_candidates", self._on_candidates, RELIABLE
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
            self._controllers.follow(trajectory)
        self._diagnostics.report(Level.OK, "Waiting for a skill to run.")

    def _on_candidates(self, message: ActionCandidates, info: MessageInfo) -> None:
        if not message.chunks:
            return
        best = int(np.argmax(message.scores)) if len(message.scores) else 0
        now = self._time.now()
        trajectory, report = self._decided(message.chunks[best], now)
        if trajectory is not None:
            self._controllers.follow(trajectory)
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
        if fault is not None:
            raise RefusedChunk(fault, "blind")
        return self._controllers.commanded()

    def _on_tick(self) -> None:
        resting = self._executor.on_tick(self._time.now()) if self._skill.running else None
        if resting is not None:
            self._diagnostics.report(Level.WARN, resting)

    def _fault(self) -> str | None:
        """Why nothing may move now; None when it may."""
        return self._controllers.fault(self._time.now(), self.config.state_age)

    def _counts(self) -> tuple[int, int]:
        """Chunks of this run: accepted, refused."""
        return self._executor.accepted, self._executor.refused.total() + self._turned_away


def _followed(config: ExecutorNodeConfig) -> FollowedChunks:
    if config.skill == PUSH_T:
        return chunks_of_push_t(config.observation_age)
    groups = tuple(filter(None, config.groups))
    return chunks_of(robot(config.robot), config.space, groups, config.observation_age)


def _warm_up(followed: FollowedChunks) -> None:
    """Plan what nobody follows: the first calls are slow, and the first chunk must not be late."""
    executor = followed.executor()
    for sequence in range(3):
        now = 0.1 * sequence
        received = chunk_from_message(message_from_chunk(followed.resting(now, sequence)))
        output = executor.on_chunk(received, now, followed.robot.home)
        if output.trajectory is not None:
            wire_from_trajectory(output.trajectory)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("executor", _alone, args)


def _alone() -> ExecutorNode:
    """The node in a process of its own, which goes before those that look and think."""
    node = ExecutorNode()
    ask_for_process_priority(node, node.config.priority)
    return node


if __name__ == "__main__":
    main()
