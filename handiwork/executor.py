"""The executor: a chunk of wishes becomes one trajectory that the arm can follow and that ends
at rest. No ROS, no clock: `now` is an argument.

A pose chunk is turned into the tool's path first, by the spring and damper of the demonstrations'
agent, starting from what is commanded where the new trajectory departs; then into joint paths.
Nothing has to happen for the arm to stop: if no chunk follows, the trajectory runs out at rest.

Shapes: H rows, D names, J joints, K substeps, n pieces between knots.
"""

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from handiwork import safety
from handiwork.chunks import ActionChunk, ChunkRules, admit, rows_past
from handiwork.control.blending import Departure, at_rest, depart, join, stop
from handiwork.control.joint_trajectory import JointTrajectory, sample
from handiwork.control.limits import Limits
from handiwork.control.spring import Spring
from handiwork.errors import RefusedChunk, RejectedTrajectory, Unreachable
from handiwork.ports import ToolKinematics
from handiwork.robots.kinematics import pointing_down
from handiwork.safety import Workspace
from handiwork.tasks.push_t import DAMPING, STIFFNESS, SUBSTEP, TableSquare

log = logging.getLogger(__name__)

_SQUARE = TableSquare()
_PLANE = Workspace(
    lower=(_SQUARE.x_min, _SQUARE.y_max - _SQUARE.side, 0.0),
    upper=(_SQUARE.x_min + _SQUARE.side, _SQUARE.y_max, 1.0),
)
_AROUND_THE_PLANE = Workspace(lower=(0.09, -0.18, 0.002), upper=(0.45, 0.18, 0.30))
_PROBE = 1e-4  # [s] over which the tool's velocity is taken


@dataclass(frozen=True, kw_only=True)
class ExecutorConfig:
    """How chunks are followed.

    lead: from a chunk's arrival to where its trajectory may first differ. It covers the making of
        the trajectory and its way to the controller, which must have it before it departs.
    targets: box into which x, y of the targets are clipped: the plane of the demonstrations.
    workspace: box that the tool must not leave; the gate refuses what would.
    """

    lead: float = 0.04  # [s]
    wire: float = 0.01  # [s] of the lead that the way to the controller may take
    late_lead: float = 0.4  # [s] for a second try, where making the trajectory took too long
    fine: float = 0.8  # [s] after which the path is found at every other knot, to save time
    run_on: float = 0.2  # [s] the spring goes on pulling to the last target this long
    max_rows_past: int = 2  # of a chunk in time
    forget_sender: float = 1.0  # [s] of silence after which another sender may count anew
    moved: float = 0.1  # [rad] from the command: somebody else moved the arm
    resting: float = 0.005  # [rad] the same while it rests
    spring: Spring = field(
        default_factory=lambda: Spring(
            stiffness=STIFFNESS, damping=DAMPING, substep=SUBSTEP, strongest=4.0
        )
    )
    tip_height: float = 0.008  # [m] of the tool while it follows x, y
    targets: Workspace = _PLANE
    workspace: Workspace = _AROUND_THE_PLANE


@dataclass(frozen=True, kw_only=True)
class ChunkReport:
    """What became of a chunk.

    kind: a word for counting why it was refused, "" if it was not.
    reason: the same in a sentence.
    rows_skipped: rows that were due before it arrived.
    in_time: it arrived with few rows past, before the rows of the chunk before it ran out.
    observed: stamp of the oldest part of its observation [s].
    """

    sequence: int
    accepted: bool
    kind: str
    reason: str
    rows_skipped: int
    in_time: bool
    observed: float


@dataclass(frozen=True, kw_only=True, eq=False)
class ExecutorOutput:
    """What to send, if anything, and what to tell."""

    trajectory: JointTrajectory | None
    report: ChunkReport


class Executor:
    """Follows the newest chunk. Remembers what it sent, since the next one continues it."""

    def __init__(
        self,
        config: ExecutorConfig,
        rules: ChunkRules,
        kinematics: ToolKinematics,
        limits: Limits,
    ) -> None:
        self.config = config
        self._rules = rules
        self._kinematics = kinematics
        self._limits = limits
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
            trajectory, infeasible = self._plan_in_time(chunk, now, resting, clock or (lambda: now))
        except (RefusedChunk, Unreachable, RejectedTrajectory) as error:
            return self._refusal(chunk, skipped, _kind(error), str(error), None)
        self._sent = trajectory
        self._fresh_run = False
        if infeasible:
            reason = (
                f"no way from the present motion of {infeasible[0]} to chunk {chunk.sequence} "
                "keeps its limits, so the arm stops. Check who else commands it."
            )
            return self._refusal(chunk, skipped, "infeasible", reason, trajectory)
        self._last = chunk
        self.accepted += 1
        self.in_time += in_time
        report = ChunkReport(
            sequence=chunk.sequence,
            accepted=True,
            kind="",
            reason="",
            rows_skipped=skipped,
            in_time=in_time,
            observed=chunk.observed,
        )
        return ExecutorOutput(trajectory=trajectory, report=report)

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
    ) -> tuple[JointTrajectory, tuple[str, ...]]:
        for lead in (self.config.lead, self.config.late_lead):
            trajectory, infeasible, departs = self._plan(chunk, now, resting, lead)
            late = clock() + self.config.wire - departs
            if late <= 0:
                return trajectory, infeasible
        raise RefusedChunk(
            f"the trajectory of chunk {chunk.sequence} would come {late:.3f} s late to join the "
            "running one. Check the load of this machine.",
            "late",
        )

    def _plan(
        self, chunk: ActionChunk, now: float, resting: np.ndarray, lead: float
    ) -> tuple[JointTrajectory, tuple[str, ...], float]:
        if now - self._last_arrival > self.config.forget_sender:
            self._last = None
        admit(chunk, self._rules, now, None if self._last is None else self._last.sequence)
        self._last_arrival = now
        running = self._running(now, resting)
        departure = depart(running, now, max(now + lead, chunk.start))
        if chunk.space == "joint":
            times, positions = chunk.times, self._joint_rows(chunk)
        else:
            times, positions = self._tool_path(chunk, departure)
        joined = join(departure, times, positions, self._limits)
        self._gate(joined.trajectory, running, now, departure.time)
        return joined.trajectory, joined.infeasible, departure.time

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

    def _joint_rows(self, chunk: ActionChunk) -> np.ndarray:
        """(H, J) [rad] in the order of the robot's joints."""
        return chunk.rows[:, [chunk.names.index(name) for name in self._limits.names]].astype(float)

    def _tool_path(self, chunk: ActionChunk, departure: Departure) -> tuple[np.ndarray, np.ndarray]:
        """References after the departure: times (n,) [s], joint positions (n, J).

        They are at the knots, and at every other knot where the next chunk will be long there.

        A row is in force from when it is due for one period; so the first is the row due at or
        before the departure.
        """
        spring = self.config.spring
        knots = departure.knots(chunk.end + chunk.period + self.config.run_on)
        ends = np.arange(1, round((knots[-1] - departure.time) / spring.substep) + 1)
        starts = departure.time + spring.substep * (ends - 1)  # (K,) of the substeps
        rows = np.floor((starts - chunk.start) / chunk.period + 1e-6).astype(int)
        targets = self._targets(chunk)[np.clip(rows, 0, len(chunk.rows) - 1)]  # (K, 3)
        path = spring.path(targets, *self._tool_state(departure))
        near = int(np.searchsorted(knots, departure.time + self.config.fine))
        times = np.unique([*knots[1:near], *knots[near::2], knots[-1]])
        points = np.stack(
            [np.interp(times, departure.time + spring.substep * ends, axis) for axis in path.T],
            axis=1,
        )  # (n, 3)
        positions = self._kinematics.follow_path(pointing_down(points), departure.state.position)
        return times, positions

    def _targets(self, chunk: ActionChunk) -> np.ndarray:
        """(H, 3) x, y clipped to the box of targets, z at the height of the tip [m]."""
        columns = [chunk.names.index(axis) for axis in ("x", "y")]
        targets = np.full((len(chunk.rows), 3), self.config.tip_height)
        targets[:, :2] = chunk.rows[:, columns]
        box = self.config.targets
        return np.clip(targets, box.lower, box.upper)

    def _tool_state(self, departure: Departure) -> tuple[np.ndarray, np.ndarray]:
        """Commanded position (3,) [m] and velocity (3,) [m/s] of the tool at the departure."""
        state = departure.state
        here, there = (
            self._kinematics.tool(state.position + share * _PROBE * state.velocity)[:3, 3]
            for share in (-0.5, 0.5)
        )
        return (here + there) / 2, (there - here) / _PROBE

    def _gate(
        self, trajectory: JointTrajectory, running: JointTrajectory, now: float, switch: float
    ) -> None:
        safety.check(trajectory, self._limits, running=running, now=now, switch=switch)
        safety.check_tool(trajectory, self.config.workspace, self._kinematics.tool, now)

    def _is_in_time(self, chunk: ActionChunk, now: float) -> bool:
        late = self._last is not None and now > self._last.end
        return rows_past(chunk, now) <= self.config.max_rows_past and not late

    def _refusal(
        self,
        chunk: ActionChunk,
        skipped: int,
        kind: str,
        reason: str,
        trajectory: JointTrajectory | None,
    ) -> ExecutorOutput:
        self.refused[kind] += 1
        report = ChunkReport(
            sequence=chunk.sequence,
            accepted=False,
            kind=kind,
            reason=reason,
            rows_skipped=skipped,
            in_time=False,
            observed=chunk.observed,
        )
        return ExecutorOutput(trajectory=trajectory, report=report)


def _kind(error: RefusedChunk | Unreachable | RejectedTrajectory) -> str:
    if isinstance(error, RefusedChunk):
        return error.kind
    return "unreachable" if isinstance(error, Unreachable) else "gate"
