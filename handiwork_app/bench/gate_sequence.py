"""One random sequence: chunks and trajectories, good and bad, through executor, controller, gate.

The loop ticks unevenly, by a clock that is played. Only the gate's steps are timed, in the
processor's time, since other sequences take the core in between. What leaves the gate is kept in
stretches, from one enable to the next, for the audit.

Shapes: J joints, T ticks.
"""

import time
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from handiwork.chunks import ChunkRules
from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits
from handiwork.control.trajectory_controller import ControllerConfig, TrajectoryController
from handiwork.errors import RefusedCommand, RejectedTrajectory
from handiwork.executor import Executor
from handiwork.executor_config import ExecutorConfig
from handiwork.safety import Gate, GateConfig, GateState
from handiwork_app.bench.gate_demands import Demands
from handiwork_app.bench.gate_faults import Faults

DURATION = 1.2  # [s]
EVENTS = 8.0  # chunks or trajectories a second
FAULTS = 1.0  # faults and stops a second, while enabled
UNEVEN = (0.8, 1.2)  # of the period, a tick
HICCUPS, HICCUP = 0.003, 6.0  # share of ticks that come late, and after how many periods
REPAIR = 0.3  # [s] at most until somebody enables again
HELD = 0.7  # share of the times that the controller is told to hold first


@dataclass(kw_only=True)
class Played:
    """What one sequence left behind.

    stretches: (T,) times [s] and (T, J) positions [rad] sent, from one enable to the next.
    moved: ticks at which something moved that was stopped, or did not stop in time.
    ticks, unchanged: while enabled; at the latter what was asked left the gate bit by bit.
    seconds: of each step of the gate.
    """

    stretches: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    moved: int = 0
    ticks: int = 0
    unchanged: int = 0
    stops: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


class Sequence:
    """Plays one sequence. gated: False sends what the controller says, to show what that does."""

    def __init__(
        self, limits: Limits, home: np.ndarray, period: float, seed: int, gated: bool = True
    ) -> None:
        self._draws = draws = np.random.default_rng(seed)
        self._limits, self._period, self._gated = limits, period, gated
        self.played = Played()
        start = np.clip(home + draws.normal(0, 0.3, len(home)), limits.lower, limits.upper)
        rules = ChunkRules(names=limits.names, space="joint")
        self._executor = Executor(ExecutorConfig(), rules, (), limits)
        self._controller = TrajectoryController(ControllerConfig(joints=limits.names), start)
        self._gate = Gate(limits, GateConfig(period=period), start)
        self._demands = Demands(limits, draws)
        self._faults = Faults(draws)
        self._stopping_since: float | None = None
        self._times: list[float] = []
        self._sent: list[np.ndarray] = [start]
        self._stop_by = _longest_stop(limits) + 2 * HICCUP * period

    def run(self) -> Played:
        """Tick until it is over, then stop and look on for a while."""
        now, gate = 0.0, self._gate
        gate.enable(self._sent[-1], now, now)
        while now < DURATION:
            self._ask(now)
            now += self._tick_length()
            self._tick(now)
        gate.press_emergency_stop()
        while now < DURATION + self._stop_by + 0.1:
            now += self._period
            self._tick(now)
        self._cut()
        return self.played

    def _tick_length(self) -> float:
        if self._faults.clock_jumped:
            return self._period  # what a gate assumes that cannot believe its clock
        if self._draws.random() < HICCUPS:
            return HICCUP * self._period
        return self._period * self._draws.uniform(*UNEVEN)

    def _ask(self, now: float) -> None:
        """Perhaps a chunk or somebody's trajectory, perhaps a fault; or enable after a stop."""
        draws, gate = self._draws, self._gate
        measured = JointSample.at_rest(self._sent[-1])
        if draws.random() < EVENTS * self._period:
            resting = self._controller.reference.position
            demand = self._demands.draw(now, resting)
            try:
                if demand.request is not None:
                    self._controller.follow(demand.request, now, measured)
                else:
                    output = self._executor.on_chunk(demand.chunk, now, resting)
                    if output.report.kind:
                        self.played.refused[output.report.kind] += 1
                    if output.trajectory is not None:
                        request = self._demands.as_request(output.trajectory)
                        self._controller.follow(request, now, measured)
            except RejectedTrajectory:
                self.played.refused["trajectory"] += 1
        if gate.state is GateState.ENABLED and draws.random() < FAULTS * self._period:
            self._faults.draw(gate, now)
        rests = gate.state in (GateState.STOPPED, GateState.DISABLED)
        if rests and draws.random() < self._period / REPAIR:
            self._enable(now)

    def _enable(self, now: float) -> None:
        self._faults.repair()
        self._gate.release_emergency_stop()
        pushed = self._sent[-1] + self._draws.choice([0.0, 0.001, 0.1])
        measured, clock = (
            np.clip(pushed, self._limits.lower, self._limits.upper),
            self._faults.clock(now),
        )
        try:
            self._gate.enable(measured, clock, clock)
        except RefusedCommand:
            self.played.refused["enable"] += 1
            return
        if self._draws.random() < HELD:
            self._controller.hold(self._gate.position)
        self._cut()

    def _tick(self, now: float) -> None:
        played, gate, before = self.played, self._gate, self._sent[-1]
        wanted = self._controller.command(now, JointSample.at_rest(before))
        asked, measured, measured_at = self._faults.applied(wanted, before, now)
        held = gate.state in (GateState.STOPPED, GateState.DISABLED)
        begun = time.thread_time()
        sent = gate.step(asked, measured, measured_at, self._faults.clock(now))
        played.seconds.append(time.thread_time() - begun)
        if not self._gated:
            self._keep(now, wanted.position)
            return
        if sent.state is GateState.ENABLED:
            played.ticks += 1
            played.unchanged += sent.reason is None
        played.moved += self._is_unplanned(held, sent.position, before, now, sent.state)
        self._keep(now, sent.position)

    def _is_unplanned(
        self,
        held: bool,
        position: np.ndarray,
        before: np.ndarray,
        now: float,
        state: GateState,
    ) -> bool:
        """Something moved that stood stopped, or still moves when a stop should be over."""
        if state is GateState.ENABLED:
            self._stopping_since = None
            return False
        if self._stopping_since is None:
            self._stopping_since = now
            self.played.stops += 1
        late = state is GateState.STOPPING and now - self._stopping_since > self._stop_by
        return late or (held and not np.array_equal(position, before))

    def _keep(self, now: float, position: np.ndarray) -> None:
        self._times.append(now)
        self._sent.append(position)

    def _cut(self) -> None:
        """End a stretch: the next one may begin where somebody moved the arm."""
        if len(self._times) >= 4:
            positions = np.array(self._sent[-len(self._times) :])
            self.played.stretches.append((np.array(self._times), positions))
        self._times = []


def _longest_stop(limits: Limits) -> float:
    """[s] from full speed, with the acceleration the wrong way, and back from a limit."""
    return float(
        (limits.velocity / limits.acceleration + 6 * limits.acceleration / limits.jerk).max()
    )
