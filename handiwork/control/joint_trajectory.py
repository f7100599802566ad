"""A joint trajectory and its value at any time, as a joint trajectory controller interpolates it.

Positions alone are joined by straight lines, positions and velocities by cubics, and with
accelerations too by quintics. Pieces of constant jerk are therefore reproduced exactly when all
three are given.

Source: joint_trajectory_controller (ros2_controllers, branch kilted), Trajectory::sample.
Shapes: N points, J joints.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from handiwork.errors import WrongShape

# The derivative of order d of t^p is perm(p, d) t^(p - d), and 0 where d is more than p.
_POWERS = np.arange(6.0)
_FACTORS = np.array([[math.perm(p, d) for p in range(6)] for d in range(4)], float)
_LEFT = np.array([[max(p - d, 0) for p in range(6)] for d in range(4)])


@dataclass(frozen=True, eq=False)
class JointSample:
    """Where joints are and how they move: (J,) [rad], [rad/s], [rad/s^2]."""

    position: np.ndarray
    velocity: np.ndarray
    acceleration: np.ndarray

    @staticmethod
    def at_rest(position: np.ndarray) -> "JointSample":
        """Joints that stay at (J,) [rad]."""
        still = np.zeros(len(position))
        return JointSample(np.array(position, float), still, still)


@dataclass(frozen=True, kw_only=True, eq=False)
class JointTrajectory:
    """Points of J joints at absolute times.

    names: J joints, in the order of the columns.
    times: (N,) strictly increasing [s]. Doubles since 1970 resolve 0.2 us, which a derivative of
        third order sees: use a clock that counts from the start of the stack.
    positions: (N, J) [rad].
    velocities, accelerations: (N, J) [rad/s], [rad/s^2], or None. A row of NaN stands for a point
        that says nothing; accelerations count only where velocities are given.
    """

    names: tuple[str, ...]
    times: np.ndarray
    positions: np.ndarray
    velocities: np.ndarray | None = None
    accelerations: np.ndarray | None = None

    def __post_init__(self) -> None:
        want = (len(self.times), len(self.names))
        for what in ("positions", "velocities", "accelerations"):
            array = getattr(self, what)
            if array is not None and array.shape != want:
                raise WrongShape(f"JointTrajectory.{what}", array.shape, str(want))
        if not want[0]:
            raise WrongShape("JointTrajectory.times", self.times.shape, "(N >= 1,)")
        if not (np.diff(self.times) > 0).all():
            raise ValueError("times of a JointTrajectory must be strictly increasing")

    @property
    def start(self) -> float:
        """Time of the first point [s]."""
        return float(self.times[0])

    @property
    def end(self) -> float:
        """Time of the last point [s]."""
        return float(self.times[-1])

    @cached_property
    def knots(self) -> list[float]:
        """`times` as a list, which is faster to search."""
        return self.times.tolist()

    @cached_property
    def coefficients(self) -> np.ndarray:
        """(N - 1, 6, J) of the polynomial in the time since the start of each segment."""
        return _coefficients(self)


def sample(trajectory: JointTrajectory, time: float) -> JointSample:
    """The state at `time` [s]: the first point before the start, at rest after the end."""
    knots = trajectory.knots
    if time >= knots[-1] or len(knots) == 1:
        return JointSample.at_rest(trajectory.positions[-1])
    segment = max(bisect_right(knots, time) - 1, 0)
    elapsed = max(time - knots[segment], 0.0)
    state = _powers(elapsed) @ trajectory.coefficients[segment]  # (3, J)
    return JointSample(state[0], state[1], state[2])


def sample_all(trajectory: JointTrajectory, times: np.ndarray) -> np.ndarray:
    """Positions, velocities, accelerations and jerks at (T,) times -> (4, T, J).

    Times outside the trajectory are taken as its first and last instant.
    """
    times = np.clip(times, trajectory.start, trajectory.end)
    if len(trajectory.times) == 1:
        still = np.zeros((4, len(times), len(trajectory.names)))
        still[0] = trajectory.positions
        return still
    segments = np.searchsorted(trajectory.times, times, side="right") - 1
    segments = np.clip(segments, 0, len(trajectory.times) - 2)
    elapsed = (times - trajectory.times[segments])[:, None] ** _POWERS  # (T, 6)
    rows = elapsed[:, _LEFT] * _FACTORS  # (T, 4, 6)
    return (rows @ trajectory.coefficients[segments]).transpose(1, 0, 2)


def sample_segments(trajectory: JointTrajectory, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Each of the S segments at both ends and evenly between: times (S, parts + 1) and values
    (4, S, parts + 1, J) of positions, velocities, accelerations, jerks.

    At a point where two segments meet, both of their values are there.
    """
    shares, rows = _derivative_rows(parts)
    span = np.diff(trajectory.times)
    powers = span[:, None] ** _POWERS  # (S, 6)
    scaled = (trajectory.coefficients * powers[:, :, None])[:, None]  # (S, 1, 6, J)
    values = rows @ scaled / powers[:, :4, None, None]  # (S, 4, parts + 1, J)
    return trajectory.times[:-1, None] + span[:, None] * shares, values.transpose(1, 0, 2, 3)


@lru_cache(maxsize=16)
def _derivative_rows(parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Shares of a segment (parts + 1,), and (4, parts + 1, 6): a row times the coefficients is a
    derivative there.
    """
    shares = np.linspace(0.0, 1.0, parts + 1)
    return shares, (shares[:, None] ** _POWERS)[:, _LEFT].transpose(1, 0, 2) * _FACTORS[:, None]


def _powers(s: float) -> np.ndarray:
    """(3, 6): a row times the coefficients is the value, its first, its second derivative."""
    s2 = s * s
    s3 = s2 * s
    s4 = s2 * s2
    return np.array(
        (
            (1.0, s, s2, s3, s4, s4 * s),
            (0.0, 1.0, 2.0 * s, 3.0 * s2, 4.0 * s3, 5.0 * s4),
            (0.0, 0.0, 2.0, 6.0 * s, 12.0 * s2, 20.0 * s3),
        )
    )


def _coefficients(trajectory: JointTrajectory) -> np.ndarray:
    positions = trajectory.positions
    span = np.diff(trajectory.times)[:, None]  # (N - 1, 1)
    result = np.zeros((len(span), 6, positions.shape[1]))
    start, rise = positions[:-1], np.diff(positions, axis=0)
    result[:, 0] = start
    result[:, 1] = rise / span
    if trajectory.velocities is None:
        return result
    v0, v1 = trajectory.velocities[:-1], trajectory.velocities[1:]
    cubic = _whole_pieces(trajectory.velocities)
    if trajectory.accelerations is None:
        result[cubic, 1:4] = _cubic(rise[cubic], v0[cubic], v1[cubic], span[cubic])
        return result
    a0, a1 = trajectory.accelerations[:-1], trajectory.accelerations[1:]
    quintic = cubic & _whole_pieces(trajectory.accelerations)
    if quintic.all():
        result[:, 1:] = _quintic(rise, v0, v1, a0, a1, span)
        return result
    result[cubic, 1:4] = _cubic(rise[cubic], v0[cubic], v1[cubic], span[cubic])
    result[quintic, 1:] = _quintic(
        rise[quintic], v0[quintic], v1[quintic], a0[quintic], a1[quintic], span[quintic]
    )
    return result


def _whole_pieces(rows: np.ndarray) -> np.ndarray:
    """(N - 1,) bool: whether (N, J) says something at both ends."""
    told = np.logical_and.reduce(np.isfinite(rows), axis=1)
    return told[:-1] & told[1:]


def _cubic(rise: np.ndarray, v0: np.ndarray, v1: np.ndarray, span: np.ndarray) -> np.ndarray:
    """(S, 3, J) coefficients of the first to the third power."""
    second = (3 * rise - (2 * v0 + v1) * span) / span**2
    third = (-2 * rise + (v0 + v1) * span) / span**3
    return np.stack([v0, second, third], axis=1)


def _quintic(
    rise: np.ndarray,
    v0: np.ndarray,
    v1: np.ndarray,
    a0: np.ndarray,
    a1: np.ndarray,
    span: np.ndarray,
) -> np.ndarray:
    """(S, 5, J) coefficients of the first to the fifth power."""
    away = rise / span - v0  # how much faster than at the start it goes on average
    faster, curve0, curve1 = v1 - v0, a0 * span, a1 * span
    result = np.empty((len(rise), 5, rise.shape[1]))
    result[:, 0] = v0
    result[:, 1] = a0 / 2
    result[:, 2] = (10 * away - 4 * faster - 1.5 * curve0 + 0.5 * curve1) / span**2
    result[:, 3] = (-15 * away + 7 * faster + 1.5 * curve0 - curve1) / span**3
    result[:, 4] = (6 * away - 3 * faster - 0.5 * curve0 + 0.5 * curve1) / span**4
    return result
