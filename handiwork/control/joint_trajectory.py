"""A joint trajectory and its value at any time, as a joint trajectory controller interpolates it.

Positions alone are joined by straight lines, positions and velocities by cubics, and with
accelerations too by quintics. Pieces of constant jerk are therefore reproduced exactly when all
three are given.

Source: joint_trajectory_controller (ros2_controllers, branch kilted), Trajectory::sample.
Shapes: N points, J joints.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from handiwork.control.compiled_quintics import (
    extremes,
    fit_segments,
    values_at,
    values_within,
)
from handiwork.errors import WrongShape


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
    def coefficients(self) -> np.ndarray:
        """(N - 1, J, 6) of the polynomial in the time since the start of each segment."""
        nothing = np.empty((0, len(self.names)))
        rows = (self.positions, self.velocities, self.accelerations)
        told = [_packed(nothing if each is None else each) for each in rows]
        result = np.empty((len(self.times) - 1, len(self.names), 6))
        fit_segments(self.knots, *told, result)
        return result

    @cached_property
    def knots(self) -> np.ndarray:
        """`times` (N,) as compiled code takes them."""
        return _packed(self.times)


def sample(trajectory: JointTrajectory, time: float) -> JointSample:
    """The state at `time` [s]: the first point before the start, at rest after the end."""
    if time >= trajectory.end or len(trajectory.times) == 1:
        return JointSample.at_rest(trajectory.positions[-1])
    state = np.empty((3, 1, len(trajectory.names)))
    values_at(trajectory.knots, trajectory.coefficients, np.array([time]), state)
    return JointSample(*state[:, 0])


def sample_all(trajectory: JointTrajectory, times: np.ndarray) -> np.ndarray:
    """Positions, velocities, accelerations and jerks at (T,) times -> (4, T, J).

    Times outside the trajectory are taken as its first and last instant.
    """
    values = np.zeros((4, len(times), len(trajectory.names)))
    if len(trajectory.times) == 1:
        values[0] = trajectory.positions
        return values
    values_at(trajectory.knots, trajectory.coefficients, _packed(times), values)
    return values


def sample_segments(trajectory: JointTrajectory, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Each of the S segments at both ends and evenly between: times (S, parts + 1) and values
    (4, S, parts + 1, J) of positions, velocities, accelerations, jerks.

    At a point where two segments meet, both of their values are there.
    """
    shape = (len(trajectory.times) - 1, parts + 1)
    times, values = np.empty(shape), np.empty((4, *shape, len(trajectory.names)))
    values_within(trajectory.knots, trajectory.coefficients, times, values)
    return times, values


def sample_extremes(trajectory: JointTrajectory, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest (4, J) of the values that `sample_segments` gives."""
    lowest, highest = np.empty((2, 4, len(trajectory.names)))
    extremes(trajectory.knots, trajectory.coefficients, parts, lowest, highest)
    return lowest, highest


def _packed(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, np.float64)
