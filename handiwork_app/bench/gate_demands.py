"""What a random sequence asks for: chunks of a policy, and trajectories of somebody else.

Shapes: H rows or points, J joints.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.chunks import ActionChunk
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.trajectory_request import TrajectoryPoint, TrajectoryRequest

PERIOD, ROWS = 0.1, 8  # [s] between rows of a chunk
BEYOND = 1.0  # [rad] outside the position limits
CHUNKS = ("steady",) * 6 + (
    "late",
    "past",
    "ahead",
    "jumping",
    "beyond",
    "not finite",
    "old",
    "again",
    "other names",
)
REQUESTS = ("leap", "rough", "fast", "not finite")
REQUESTED = 0.2  # share of the demands that do not come from the policy


@dataclass(frozen=True, eq=False)
class Demand:
    """A chunk, or a trajectory for the controller itself."""

    chunk: ActionChunk
    request: TrajectoryRequest | None = None


class Demands:
    """Draws them; the policy's sequence counts up."""

    def __init__(self, limits: Limits, draws: np.random.Generator) -> None:
        self._limits, self._draws = limits, draws
        self._sequence = 0

    def draw(self, now: float, position: np.ndarray) -> Demand:
        """One for `now` [s], with the arm commanded to (J,) [rad]."""
        self._sequence += 1
        kind = str(self._draws.choice(CHUNKS))
        chunk = ActionChunk(
            rows=self._rows(kind, position),
            names=self._limits.names[::-1] if kind == "other names" else self._limits.names,
            space="joint",
            frame="base",
            start=now + self._lead(kind),
            period=PERIOD,
            observed=now - (2.0 if kind == "old" else 0.05),
            sequence=self._sequence - (3 if kind == "again" else 0),
        )
        if self._draws.random() < REQUESTED:
            return Demand(chunk, self._request(str(self._draws.choice(REQUESTS)), position))
        return Demand(chunk)

    def as_request(self, trajectory: JointTrajectory) -> TrajectoryRequest:
        """A trajectory of the executor, as it goes to the controller."""
        assert trajectory.velocities is not None  # the executor fills them in
        assert trajectory.accelerations is not None
        points = zip(
            trajectory.times - trajectory.start,
            trajectory.positions,
            trajectory.velocities,
            trajectory.accelerations,
            strict=True,
        )
        return TrajectoryRequest(
            names=trajectory.names,
            stamp=trajectory.start,
            points=tuple(
                TrajectoryPoint(
                    time_from_start=float(time),
                    positions=tuple(p.tolist()),
                    velocities=tuple(v.tolist()),
                    accelerations=tuple(a.tolist()),
                )
                for time, p, v, a in points
            ),
        )

    def _rows(self, kind: str, position: np.ndarray) -> np.ndarray:
        """(H, J) [rad]."""
        draws, limits = self._draws, self._limits
        if kind == "jumping":
            rows = draws.uniform(limits.lower, limits.upper, (ROWS, len(position)))
        elif kind == "beyond":
            target = draws.uniform(limits.lower - BEYOND, limits.upper + BEYOND)
            rows = position + np.linspace(0.1, 1.0, ROWS)[:, None] * (target - position)
        else:
            rows = position + np.cumsum(draws.normal(0, 0.08, (ROWS, len(position))), axis=0)
        if kind == "not finite":
            rows[draws.integers(ROWS), draws.integers(len(position))] = np.nan
        return rows.astype(np.float32)

    def _lead(self, kind: str) -> float:
        """[s] from now to the first row."""
        ranges = {"late": (-0.6, -0.1), "past": (-3.0, -1.0), "ahead": (0.2, 2.0)}
        return float(self._draws.uniform(*ranges.get(kind, (-0.05, 0.05))))

    def _request(self, kind: str, position: np.ndarray) -> TrajectoryRequest:
        """Somebody's trajectory: any controller takes it, no arm can follow it."""
        draws, limits = self._draws, self._limits
        count = 1 if kind == "leap" else int(draws.integers(2, 6))
        times = np.cumsum(draws.uniform(0.02, 0.3, count))
        targets = draws.uniform(limits.lower, limits.upper, (count, len(position)))
        positions = position + draws.uniform(0, 1) * (targets - position)
        velocities: list[tuple[float, ...]] = [()] * count
        if kind == "fast":
            speeds = draws.uniform(-2, 2, (count, len(position))) * limits.velocity
            speeds[-1] = 0.0
            velocities = [tuple(row) for row in speeds.tolist()]
        if kind == "not finite":
            positions[-1, 0] = np.inf
        return TrajectoryRequest(
            names=limits.names,
            points=tuple(
                TrajectoryPoint(time_from_start=when, positions=tuple(row), velocities=speed)
                for when, row, speed in zip(
                    times.tolist(), positions.tolist(), velocities, strict=True
                )
            ),
        )
