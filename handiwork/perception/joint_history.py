"""Where the joints were when the picture was taken, not when it arrived.

Shapes: J joints, in the order of `names`.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Mapping

import numpy as np

from handiwork.errors import NotObserved

MEMORY = 2.0  # [s] of states that are kept
LONGEST_GAP = 0.3  # [s] between two states that may be interpolated
BEYOND = 0.05  # [s] after the newest state that it still stands for


class JointHistory:
    """Recent joint states. Positions between two of them are interpolated linearly."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._times: deque[float] = deque()
        self._positions: deque[np.ndarray] = deque()

    def add(self, stamp: float, positions: Mapping[str, float]) -> None:
        """A state of the stack's clock [s]: joint positions [rad] by name.

        States that lack a joint of ours, or that are not newer than the last, are passed over: in
        one namespace several publishers may tell of some joints each.
        """
        if any(name not in positions for name in self._names):
            return
        if self._times and stamp <= self._times[-1]:
            if stamp > self._times[-1] - MEMORY:
                return
            self._times.clear()  # the clock was set back: a simulation began anew
            self._positions.clear()
        self._times.append(stamp)
        self._positions.append(np.array([positions[name] for name in self._names]))
        while self._times[0] < stamp - MEMORY:
            self._times.popleft()
            self._positions.popleft()

    def reach(self, stamp: float) -> bool:
        """Whether a state of that stamp [s], or a newer one, was heard."""
        return bool(self._times) and stamp <= self._times[-1]

    def at(self, stamp: float) -> np.ndarray:
        """(J,) positions [rad] at the stamp [s].

        Raises:
            NotObserved: nothing was heard about then; the message says what was.
        """
        if not self._times:
            raise NotObserved("no joint state was heard. Start what publishes joint_states.")
        first, last = self._times[0], self._times[-1]
        if not first <= stamp <= last + BEYOND:
            raise NotObserved(
                f"the picture's stamp {stamp:.3f} s lies outside of the joint states heard, "
                f"{first:.3f} to {last:.3f} s. Check that camera and robot use one clock."
            )
        after = bisect_left(self._times, stamp)
        if after == len(self._times):
            return self._positions[-1].copy()
        if after == 0:
            return self._positions[0].copy()
        before_time, after_time = self._times[after - 1], self._times[after]
        if after_time - before_time > LONGEST_GAP:
            raise NotObserved(
                f"no joint state for {after_time - before_time:.2f} s around the picture's stamp "
                f"{stamp:.3f} s, want one each {LONGEST_GAP} s. Check the rate of joint_states."
            )
        share = (stamp - before_time) / (after_time - before_time)
        return (1 - share) * self._positions[after - 1] + share * self._positions[after]
