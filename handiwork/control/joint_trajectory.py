"""A joint trajectory, as a joint trajectory controller interpolates it.

Positions alone are joined by straight lines, positions and velocities by cubics, and with
accelerations too by quintics. Pieces of constant jerk are therefore reproduced exactly when all
three are given.

Its values are in `sampling`. Source: joint_trajectory_controller (ros2_controllers, branch kilted),
Trajectory::sample.
Shapes: N points, J joints.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
        from handiwork.control.compiled_quintics import fit_segments  # numba: large

        nothing = np.empty((0, len(self.names)))
        velocities = nothing if self.velocities is None else _packed(self.velocities)
        accelerations = nothing if self.accelerations is None else _packed(self.accelerations)
        positions = _packed(self.positions)
        result = np.empty((len(self.times) - 1, len(self.names), 6))
        fit_segments(self.knots, positions, velocities, accelerations, result)
        return result

    @cached_property
    def knots(self) -> np.ndarray:
        """`times` (N,) as compiled code takes them."""
        return _packed(self.times)


def _packed(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values, np.float64)
