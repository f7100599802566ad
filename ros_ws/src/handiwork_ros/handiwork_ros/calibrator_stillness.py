"""Whether an arm is at rest, since when, and where: views are taken of nothing that moves.

Shapes: J joints of the robot.
"""

from collections import deque
from collections.abc import Mapping

import numpy as np

_REMEMBERED = 2000  # readings, 20 s at 100 Hz


class Stillness:
    """Readings of joint positions by their stamps [s]."""

    def __init__(self, names: tuple[str, ...], tolerance: float) -> None:
        """tolerance: how far a joint may go and still be at rest [rad]."""
        self._names, self._tolerance = names, tolerance
        self._positions: dict[str, float] = {}
        self._readings: deque[tuple[float, np.ndarray]] = deque(maxlen=_REMEMBERED)

    @property
    def heard(self) -> bool:
        """Whether all joints have been told of."""
        return bool(self._readings)

    def add(self, stamp: float, positions: Mapping[str, float]) -> None:
        """Positions by name [rad]; a message may tell of some joints only.

        What was remembered before a joint moved, or before time jumped back, is forgotten.
        """
        self._positions |= positions
        if not all(name in self._positions for name in self._names):
            return
        now = np.array([self._positions[name] for name in self._names])
        if self._readings and stamp < self._readings[-1][0]:
            self._readings.clear()
        while self._readings and np.abs(self._readings[0][1] - now).max() > self._tolerance:
            self._readings.popleft()
        self._readings.append((stamp, now))

    def rest(self) -> float:
        """How long it has been at rest when last heard of [s]."""
        return self._readings[-1][0] - self._readings[0][0] if self._readings else 0.0

    def settled(self, seconds: float, seen: float) -> bool:
        """Whether it has been at rest for so long, and was seen so at the stamp `seen` [s]."""
        return self.rest() >= seconds and seen >= self.since() + seconds

    def since(self) -> float:
        """The stamp from which on it has been at rest [s]."""
        return self._readings[0][0]

    def place(self, since: float) -> np.ndarray:
        """(J,) [rad] the mean of what was heard at rest from then on, or the newest."""
        later = [positions for stamp, positions in self._readings if stamp >= since]
        return np.mean(later or [self._readings[-1][1]], axis=0)
