"""The fastest motion along one of our paths, by toppra.

Source: Pham & Pham, IEEE Trans. Robotics 34(3), 2018, doi:10.1109/TRO.2018.2819195 (toppra).
Shapes: T grid points, C + 1 knots, G joints.
"""

from functools import lru_cache

import numpy as np
import toppra
from toppra.algorithm import TOPPRA
from toppra.constraint import (
    Constraint,
    DiscretizationType,
    JointAccelerationConstraint,
    JointVelocityConstraint,
)
from toppra.interpolator import AbstractGeometricPath

from handiwork.errors import NoPath
from handiwork.planning.rounded_path import RoundedPath

toppra.setup_logging("ERROR")

_WITHIN_PIECE = 8  # grid points in each piece of a path
_LONGEST_GRID = 0.05  # [rad] between grid points


def fastest(
    path: RoundedPath, velocity: np.ndarray, acceleration: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times [s], how far along the path, and how fast along it, (T,) each, at the grid's points.

    Limits are (G,) [rad/s] and [rad/s^2].

    Raises:
        NoPath: toppra finds no motion.
    """
    grid = [
        np.linspace(low, high, max(_WITHIN_PIECE, int((high - low) / _LONGEST_GRID)) + 1)[:-1]
        for low, high in zip(path.knots[:-1], path.knots[1:], strict=True)
    ]
    points = np.append(np.concatenate(grid), path.length)
    limits = _constraints(tuple(velocity.tolist()), tuple(acceleration.tolist()))
    solver = TOPPRA([*limits], PathForToppra(path), gridpoints=points, solver_wrapper="seidel")
    speed = solver.compute_parameterization(0.0, 0.0)[1]
    if speed is None or not np.isfinite(speed).all():
        raise NoPath("no timing keeps the limits along the path. Check the limits of the joints.")
    spans = 2 * np.diff(points) / np.maximum(speed[:-1] + speed[1:], 1e-9)
    return np.concatenate([[0.0], np.cumsum(spans)]), points, speed


@lru_cache(maxsize=8)
def _constraints(
    velocity: tuple[float, ...], acceleration: tuple[float, ...]
) -> tuple[Constraint, ...]:
    """Kept: toppra writes limits out as a text when it is given them, a quarter of its time."""
    of_velocity, of_acceleration = (
        np.outer(limits, [-1.0, 1.0]) for limits in (velocity, acceleration)
    )
    return (
        JointVelocityConstraint(of_velocity),
        JointAccelerationConstraint(
            of_acceleration, discretization_scheme=DiscretizationType.Interpolation
        ),
    )


class PathForToppra(AbstractGeometricPath):
    """Forwards to a `RoundedPath`."""

    def __init__(self, path: RoundedPath) -> None:
        self._path = path
        self._joints = path.at(np.zeros(1)).shape[1]

    def __call__(self, path_positions: float | np.ndarray, order: int = 0) -> np.ndarray:
        """(T, G) points or derivatives at (T,) parameters, or (G,) at one."""
        values = self._path.at(np.atleast_1d(path_positions), order)
        return values if np.ndim(path_positions) else values[0]

    @property
    def dof(self) -> int:
        """G."""
        return self._joints

    @property
    def path_interval(self) -> np.ndarray:
        """First and last parameter, (2,)."""
        return np.array([0.0, self._path.length])

    @property
    def waypoints(self) -> tuple[np.ndarray, np.ndarray]:  # pyright: ignore[reportIncompatibleMethodOverride] (its own says None)
        """Knots (C + 1,) and the points there (C + 1, G)."""
        return self._path.knots, self._path.at(self._path.knots)
