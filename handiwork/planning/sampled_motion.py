"""Whether a straight joint motion is free at samples of a given spacing; quick to refuse.

The end comes first, then the middle, the quarters and so on: what is far from the known free
start is most likely not free.

Shapes: G joints of the group, N points of a path.
"""

from itertools import pairwise

import numpy as np

from handiwork.planning.state_checker import StateChecker


class SampledMotion:
    """Checks motions by postures.

    spacing: largest change of any joint between samples [rad].
    """

    def __init__(self, checker: StateChecker, spacing: float) -> None:
        self.checker = checker
        self.spacing = spacing

    def free(self, start: np.ndarray, end: np.ndarray) -> bool:
        """Whether nothing touches from after `start` up to `end`, both (G,) [rad], at samples."""
        free = self.checker.free
        if not free(end):
            return False
        change = end - start
        needed = float(np.abs(change).max(initial=0.0)) / self.spacing
        parts = 1
        while parts < needed:
            parts *= 2
            for share in range(1, parts, 2):
                if not free(start + share / parts * change):
                    return False
        return True

    def path_free(self, path: np.ndarray) -> bool:
        """Whether the straight pieces of a path (N, G) [rad] are free at samples."""
        return all(self.free(start, end) for start, end in pairwise(path))
