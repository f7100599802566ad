"""The executor: a chunk of wishes becomes one trajectory that the arm can follow and that ends
at rest. No ROS, no clock: `now` is an argument.

A chunk of poses is turned into the path of one tool or of several in step, starting from what is
commanded where the new trajectory departs; then into joint paths.
Nothing has to happen for the arm to stop: if no chunk follows, the trajectory runs out at rest.

Shapes: H rows, D names, J joints.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handiwork import chunk_reports
from handiwork.arm_tool import ArmTool
from handiwork.chunk_reports import ChunkReport
from handiwork.chunks import ActionChunk, ChunkRules, admit, rows_past
from handiwork.control.blending import at_rest, depart, join, stop
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample
from handiwork.errors import RefusedChunk, RejectedTrajectory, Unreachable
from handiwork.executor_config import ExecutorConfig
from handiwork.ports import ToolKinematics
from handiwork.reference_path import reference_path
from handiwork.safety.trajectory_check import check, check_tool

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class ExecutorOutput:
    """What to send, if anything, and what to tell."""

    trajectory: JointTrajectory | None
    report: ChunkReport


@dataclass(frozen=True, kw_only=True, eq=False)
class _Planned:
    """A trajectory made of a chunk; `infeasible` names joints for which only a stop was found."""

    trajectory: JointTrajectory
    infeasible: tuple[str, ...]
    departs: float  # [s]


class Executor:
    """Follows the newest chunk. Remembers what it sent, since the next one continues it."""

    def __init__(
        self,
        config: ExecutorConfig,
        rules: ChunkRules,
        tools: ToolKinematics | Sequence[ArmTool],
        limits: Limits,
    ) -> None:
        """Args:
        tools: kinematics of the one arm that all joints belong to, kept in `config.workspace`;
            or the arms of the robot, each with its own workspace.
        """
        self.config = config
        self._rules = rules
        self._limits = limits
        if not isinstance(tools, Sequence):
            box = config.workspace
            tools = [ArmTool(kinematics=tools, joints=limits.names, workspace=box)]
        self._arms = tuple(tools)
        self._path = reference_path(rules, config, self._arms, limits.names)
        self._sent: JointTrajectory | None = None
        self.start_run()

    def start_run(self) -> None:
        """Before each run: counts and sequence start anew. A motion that still runs, runs on."""
        self.accepted = self.in_time = 0
        self.refused: Counter[str] = Counter()
        self._last: ActionChunk | None = None
        self._last_arrival = -np.inf
        self._fresh_run = True

    def on_chunk(
        self,
        chunk: ActionChunk,
        now: float,
        resting: np.ndarray,
        clock: Callable[[], float] | None = None,
    ) -> ExecutorOutput:
        """Make a trajectory of a chunk, or say why not; a refused chunk leaves all as it was.

        Args:
            chunk: what the policy wants.
            now: when it arrived [s].
            clock: tells the time after planning [s]; a trajectory that cannot reach the controller
                before it departs from the running one is made once more, with more lead.
            resting: (J,) what the controller commands now [rad]; it matters only when this
                executor has nothing running.
        """
        skipped, in_time = rows_past(chunk, now), self._is_in_time(chunk, now)
        try:
            planned = self._plan_in_time(chunk, now, resting, clock or (lambda: now))
        except (RefusedChunk, Unreachable, RejectedTrajectory) as error:
            report = chunk_reports.refused(chunk, skipped, _kind(error), str(error))
            return self._refusal(report, None)
        self._sent = planned.trajectory
        self._fresh_run = False
        if planned.infeasible:
            reason = (
                f"no way from the present motion of {planned.infeasible[0]} to chunk "
                f"{chunk.sequence} keeps its limits, so the arm stops. Check who else commands it."
            )
            report = chunk_reports.refused(chunk, skipped, "infeasible", reason, planned.departs)
            return self._refusal(report, planned.trajectory)
        self._last = chunk
        self.accepted += 1
        self.in_time += in_time
        report = chunk_reports.accepted(chunk, skipped, in_time, planned.departs)
        return ExecutorOutput(trajectory=planned.trajectory, report=report)

    def on_tick(self, now: float) -> str | None:
        """Why the arm rests in the middle of a run; None while it moves or nothing was asked."""
        if self._last is None or self._sent is None or now <= self._sent.end:
            return None
        return (
            f"the arm rests since {now - self._sent.end:.2f} s: no chunk was accepted after chunk "
            f"{self._last.sequence}. Check the policy and its camera."
        )

    def stop(self, now: float) -> JointTrajectory | None:
        """A trajectory to rest as soon as the limits allow; None if the arm rests already, or if
        only running out keeps it inside its limits.
        """
        sent = self._sent
        if sent is None or now >= sent.end:
            return None
        trajectory = stop(sent, self._limits, now, self.config.lead)
        try:
            self._gate(trajectory, sent, now, now + self.config.lead)
        except RejectedTrajectory as error:
            log.warning("no quick stop, the running trajectory comes to rest by itself: %s", error)
            return None
        self._sent = trajectory
        return trajectory

    def _plan_in_time(
        self, chunk: ActionChunk, now: float, resting: np.ndarray, clock: Callable[[], float]
    ) -> _Planned:
        late = 0.0
        for lead in (self.config.lead, self.config.late_lead):
            planned = self._plan(chunk, now, resting, lead)
            late = clock() + self.config.wire - planned.departs
            if late <= 0:
                return planned
        raise RefusedChunk(
            f"the trajectory of chunk {chunk.sequence} would come {late:.3f} s late to join the "
            "running one. Check the load of this machine.",
            "late",
        )

    def _plan(self, chunk: ActionChunk, now: float, resting: np.ndarray, lead: float) -> _Planned:
        if now - self._last_arrival > self.config.forget_sender:
            self._last = None
        admit(chunk, self._rules, now, None if self._last is None else self._last.sequence)
        self._last_arrival = now
        running = self._running(now, resting)
        departure = depart(running, now, max(now + lead, chunk.start))
        joined = join(departure, *self._path(chunk, departure), self._limits)
        self._gate(joined.trajectory, running, now, departure.time)
        return _Planned(
            trajectory=joined.trajectory, infeasible=joined.infeasible, departs=departure.time
        )

    def _running(self, now: float, resting: np.ndarray) -> JointTrajectory:
        """What is being commanded: what was sent, unless it is over or somebody moved the arm."""
        sent, names = self._sent, self._limits.names
        if sent is None:
            return at_rest(names, resting, now)
        commanded = sample(sent, now).position
        away = np.abs(commanded - resting).max()
        if now < sent.end:
            return sent if away <= self.config.moved else at_rest(names, resting, now)
        held = away <= self.config.resting and not self._fresh_run
        return at_rest(names, commanded if held else resting, now)

    def _gate(
        self, trajectory: JointTrajectory, running: JointTrajectory, now: float, switch: float
    ) -> None:
        check(trajectory, self._limits, running=running, now=now, switch=switch)
        for arm in self._arms:
            if arm.workspace is not None:
                check_tool(trajectory, arm.workspace, arm.tool_of(self._limits.names), now)

    def _is_in_time(self, chunk: ActionChunk, now: float) -> bool:
        late = self._last is not None and now > self._last.end
        return rows_past(chunk, now) <= self.config.max_rows_past and not late

    def _refusal(self, report: ChunkReport, trajectory: JointTrajectory | None) -> ExecutorOutput:
        self.refused[report.kind] += 1
        return ExecutorOutput(trajectory=trajectory, report=report)


def _kind(error: RefusedChunk | Unreachable | RejectedTrajectory) -> str:
    if isinstance(error, RefusedChunk):
        return error.kind
    return "unreachable" if isinstance(error, Unreachable) else "gate"
