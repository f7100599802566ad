"""Our paths as toppra asks for them. Shapes: T parameters, C + 1 knots, G joints."""

import numpy as np
import toppra
from toppra.interpolator import AbstractGeometricPath

from handiwork.planning.rounded_path import RoundedPath

toppra.setup_logging("ERROR")


class PathForToppra(AbstractGeometricPath):
    """Forwards to a `RoundedPath`."""

    def __init__(self, path: RoundedPath) -> None:
        self._path = path

    def __call__(self, path_positions: float | np.ndarray, order: int = 0) -> np.ndarray:
        """(T, G) points or derivatives at (T,) parameters, or (G,) at one."""
        values = self._path.at(np.atleast_1d(path_positions), order)
        return values if np.ndim(path_positions) else values[0]

    @property
    def dof(self) -> int:
        """G."""
        return self._path.at(np.zeros(1)).shape[1]

    @property
    def path_interval(self) -> np.ndarray:
        """First and last parameter, (2,)."""
        return np.array([0.0, self._path.length])

    @property
    def waypoints(self) -> tuple[np.ndarray, np.ndarray]:  # pyright: ignore[reportIncompatibleMethodOverride] (its own says None)
        """Knots (C + 1,) and the points there (C + 1, G)."""
        return self._path.knots, self._path.at(self._path.knots)
