"""Distances that slow the robot down and then stop it: to itself, to things, to forbidden places.

A look takes two or three distances: where the arm is, where it would rest if it stopped one look
from now, and, where it is too near, whether what is wanted leads no nearer. Convex hulls of an arm
allow some 10 to 20 thousand distances a second on one core, so a look costs tenths of a
millisecond; it is taken every `period`, not every tick, and looks that far ahead instead.

Shapes: J joints.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handiwork.safety.limited_motion import LimitedMotion

_CRAWL = 0.05  # a share of the speed below which the arm stops instead
_STEP = 0.1  # [s] at the speed of retreat: how far a step is that is tried
_NEARER = 2e-5  # [m] by which a step leads nearer, and not just the search for it
_STILL = 1e-4  # [rad] from where the arm is: nothing else is wanted


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One distance, and what follows from it.

    distance: of joint positions (J,) [rad] -> [m], of either sign.
    slow: below it the speed falls in proportion, to nothing at `stop` [m].
    retreat: share of the velocity limits for motions that lead no nearer, however near the arm is:
        an arm that sleeps folded on itself turns on its base and unfolds.
    """

    name: str
    distance: Callable[[np.ndarray], float]
    slow: float
    stop: float
    period: float = 0.02  # [s] between looks
    retreat: float = 0.2

    def __post_init__(self) -> None:
        if not self.slow > self.stop:
            raise ValueError(f"slow must be above stop={self.stop} m, got {self.slow}")
        if not self.period > 0 or not _CRAWL <= self.retreat <= 1:
            raise ValueError(f"period must be > 0 s, retreat in [{_CRAWL}, 1], got {self}")

    def share(self, distance: float) -> float:
        """Of the velocity limits that is allowed at a distance [m]; never grows as it shrinks."""
        if not distance > self.stop:  # NaN too
            return 0.0
        return min((distance - self.stop) / (self.slow - self.stop), 1.0)


class Lookout:
    """Looks at one distance at its own rate and remembers what it saw."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.forget()

    def forget(self) -> None:
        """The next look is due at once."""
        self.share, self.distance = 1.0, np.inf
        self._next = -np.inf

    def look(
        self, motion: LimitedMotion, wanted: Sequence[float], fastest: np.ndarray, now: float
    ) -> None:
        """Set `share` of the speed and the `distance` [m] it comes from; 0 is to stop.

        Args:
            wanted: (J,) [rad].
            fastest: (J,) velocity limits [rad/s].
        """
        if now < self._next:
            return
        watch = self.watch
        self._next = now + watch.period
        here = np.array(motion.sent.position)
        distance = watch.distance(here)
        ahead = distance if motion.resting else watch.distance(motion.resting_point(watch.period))
        self.distance = min(distance, ahead)
        self.share = watch.share(self.distance)
        if self.share >= watch.retreat:
            return
        change = np.array(wanted) - here
        step = _STEP * watch.retreat * fastest
        if motion.resting and np.abs(change).max() < _STILL:
            self.share, self._next = watch.retreat, now  # whatever comes next is looked at first
        elif watch.distance(here + np.clip(change, -step, step)) > distance - _NEARER:
            self.share = watch.retreat
        elif self.share < _CRAWL:
            self.share = 0.0
