"""What was observed and when: stamped vectors, read back at any time in between.

A policy's window is read from here alike when it runs live and when it is replayed from a
recording: only stamps decide, never the moment of arrival.

Shapes: D numbers in a vector, W steps in a window.
"""

import math
from bisect import bisect_left
from collections import deque

import numpy as np

from handiwork.errors import NotObserved, OutOfOrder, WrongShape


class StampedBuffer:
    """The newest stamped vectors (D,), linearly interpolated.

    Angles among them are unwrapped as they come in, so that the shorter way round is taken; what
    is read back may lie outside +-pi.
    """

    def __init__(self, size: int, capacity: int, angular: np.ndarray | None = None) -> None:
        if capacity < 2:
            raise ValueError(f"capacity must be at least 2, got {capacity}")
        self._size = size
        self._angular = np.zeros(size, bool) if angular is None else np.asarray(angular, bool)
        if self._angular.shape != (size,):
            raise WrongShape("angular", self._angular.shape, f"({size},)")
        self._stamps: deque[float] = deque(maxlen=capacity)
        self._vectors: deque[np.ndarray] = deque(maxlen=capacity)

    def __len__(self) -> int:
        return len(self._stamps)

    @property
    def newest(self) -> float | None:
        """Stamp of the newest vector [s]."""
        return self._stamps[-1] if self._stamps else None

    def add(self, stamp: float, vector: np.ndarray) -> None:
        """Remember a vector (D,), stamped later than all before it [s].

        Raises:
            OutOfOrder: the stamp is not later; the vector is not kept.
        """
        vector = np.array(vector, float)
        if vector.shape != (self._size,):
            raise WrongShape("vector", vector.shape, f"({self._size},)")
        if not math.isfinite(stamp) or not np.isfinite(vector).all():
            raise ValueError(f"stamp and vector must be finite, got {stamp} and {vector}")
        if self._stamps and stamp <= self._stamps[-1]:
            raise OutOfOrder(
                f"stamp {stamp:.6f} s came after {self._stamps[-1]:.6f} s, want a later one. "
                "Check that one sender publishes on one clock."
            )
        if self._vectors:
            turn = vector - self._vectors[-1]
            whole = 2 * math.pi * np.round(turn / (2 * math.pi))
            vector -= np.where(self._angular, whole, 0.0)
        self._stamps.append(stamp)
        self._vectors.append(vector)

    def clear(self) -> None:
        """Forget everything, as after a reset of the simulation."""
        self._stamps.clear()
        self._vectors.clear()

    def at(self, stamp: float) -> np.ndarray:
        """The vector (D,) at a time between the oldest and the newest stamp.

        Raises:
            NotObserved: nothing was observed before, or after, that time.
        """
        if not self._stamps:
            raise NotObserved("nothing was observed yet. Check that the sender is running.")
        oldest, newest = self._stamps[0], self._stamps[-1]
        if not oldest <= stamp <= newest:
            raise NotObserved(
                f"nothing was observed at {stamp:.3f} s, want {oldest:.3f} to {newest:.3f} s. "
                "Wait for the sender, or keep more."
            )
        index = bisect_left(self._stamps, stamp)
        if self._stamps[index] == stamp:
            return self._vectors[index].copy()
        before, after = self._stamps[index - 1], self._stamps[index]
        share = (stamp - before) / (after - before)
        return (1 - share) * self._vectors[index - 1] + share * self._vectors[index]

    def window(self, end: float, steps: int, period: float, max_age: float) -> np.ndarray:
        """W = `steps` vectors a `period` apart, the last one at `end`: (W, D), oldest first.

        A time after the newest stamp takes the newest vector, as long as that is not too old.

        Raises:
            NotObserved: the newest vector is older than `max_age` at `end` [s], or not enough was
                observed before.
        """
        newest = self.newest
        if newest is None:
            raise NotObserved("nothing was observed yet. Check that the sender is running.")
        if end - newest > max_age:
            raise NotObserved(
                f"the newest observation is {end - newest:.3f} s old, want at most {max_age} s. "
                "Check that the sender is running."
            )
        first = end - period * (steps - 1)
        if min(first, newest) < self._stamps[0]:
            raise NotObserved(
                f"nothing was observed before {self._stamps[0]:.3f} s, want {first:.3f} s for "
                f"{steps} steps. Wait for the sender."
            )
        stamps = end - period * np.arange(steps - 1, -1, -1)
        return np.stack([self.at(min(float(stamp), newest)) for stamp in stamps])
