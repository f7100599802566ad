"""Whether a straight joint motion is free, proven by distances and not by samples alone.

Bodies that are further apart at the middle of a motion than they can come nearer on the way to its
ends are proven free on the whole of it; a motion without that proof is halved. Below `resolution`
the middle alone counts. So a motion that is called free is free at samples no further apart than
`resolution`, and proven free in between wherever there is room.

How much nearer bodies can come is bounded for all motions; for a long one, closer for it alone.
The distance that is needed is coal's security margin of each pair, one value for all motions of
one length: a middle costs one call, as a posture does.

Source: Schwarzer, Saha & Latombe, IEEE Trans. Robotics 21(3), 2005, doi:10.1109/TRO.2004.838012.
Shapes: G joints of the group, N points of a path, P pairs of bodies.
"""

from itertools import pairwise

import numpy as np

from handiwork.planning.motion_bounds import pair_rates
from handiwork.planning.motion_speeds import MotionSpeeds
from handiwork.planning.postures import Postures
from handiwork.planning.state_checker import StateChecker

_WIDEST = 0.02  # [m] that bodies may move in the longest motion that is tried at once
_WORTH_A_LOOK = 0.4  # [m] bodies may move in a motion, from which on it pays to bound it closer
_ROUNDING = 1e-6  # [m]


class EdgeChecker:
    """Checks straight motions between two postures.

    resolution: largest change of any joint between samples where there is no proof [rad].
    """

    def __init__(self, checker: StateChecker, resolution: float) -> None:
        self.resolution = resolution
        self._checker, world = checker, checker.world
        self._postures = Postures(world)
        rates = pair_rates(world.model, world.geometry, world.pairs)
        self._rates = rates[:, world.velocity_columns]  # (P, G)
        self._speeds = MotionSpeeds(world)

    def path_free(self, path: np.ndarray) -> bool:
        """Whether nothing touches along the straight pieces of a path (N, G) [rad]."""
        return all(self.free(start, end) for start, end in pairwise(path))

    def free(self, start: np.ndarray, end: np.ndarray) -> bool:
        """Whether nothing touches from `start` to `end`, both (G,) [rad]."""
        return self.touches_at(start, end) is None

    def touches_at(self, start: np.ndarray, end: np.ndarray) -> np.ndarray | None:
        """A posture (G,) [rad] on the way in which something touches, or None."""
        change = end - start
        size = float(np.abs(change).max(initial=0.0))
        rates = self._rates @ np.abs(change)  # [m] over the whole motion, per pair
        if rates.max(initial=0.0) > _WORTH_A_LOOK:
            rates = np.minimum(rates, self._speeds.rates(start, change))
        parts = max(1, int(np.ceil(rates.max(initial=0.0) / (2 * _WIDEST))))
        middles = (np.arange(parts) + 0.5) / parts
        while len(middles):
            self._postures.require(rates / (2 * parts) + _ROUNDING)
            near = self._postures.touching
            middles = np.array([at for at in middles if near(start + at * change)])
            touch = self._first_touch(start, change, middles)
            if touch is not None or size / parts <= self.resolution:
                return touch
            middles = np.concatenate([middles - 0.25 / parts, middles + 0.25 / parts])
            parts *= 2
        return None

    def _first_touch(
        self, start: np.ndarray, change: np.ndarray, middles: np.ndarray
    ) -> np.ndarray | None:
        for at in middles:
            posture = start + at * change
            if not self._checker.free(posture):
                return posture
        return None
