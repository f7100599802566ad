"""A path with fewer and straighter pieces: what can be skipped is skipped.

First every posture is joined to the farthest later one that it can reach straight; then corners
are cut between random points of the path, as long as that makes it shorter.

Source: Geraerts & Overmars, Int. J. Robotics Research 26(8), 2007, doi:10.1177/0278364907079280.
Shapes: N points of a path, G joints of the group.
"""

from collections.abc import Callable

import numpy as np

Free = Callable[[np.ndarray, np.ndarray], bool]


def skip_postures(path: np.ndarray, free: Free) -> np.ndarray:
    """The path (N, G) without the postures between two that a free straight motion joins."""
    kept = [0]
    while kept[-1] < len(path) - 1:
        here = kept[-1]
        later = range(len(path) - 1, here + 1, -1)
        kept.append(next((row for row in later if free(path[here], path[row])), here + 1))
    return path[kept]


def cut_corners(
    path: np.ndarray, free: Free, tries: int, generator: np.random.Generator
) -> np.ndarray:
    """The path (N, G) after `tries` random shortcuts; no tries are spent on a straight path."""
    for _ in range(tries if len(path) > 2 else 0):
        lengths = np.abs(np.diff(path, axis=0)).max(1)
        ends = np.concatenate([[0.0], np.cumsum(lengths)])
        first, second = np.sort(generator.uniform(0.0, ends[-1], 2))
        start, after = _point(path, ends, first)
        end, before = _point(path, ends, second)
        # A path is known to be free where it was looked at, and `start` need not be there.
        if after == before or not free(start, start) or not free(start, end):
            continue
        path = np.concatenate([path[:after], [start, end], path[before:]])
    return path


def _point(path: np.ndarray, ends: np.ndarray, along: float) -> tuple[np.ndarray, int]:
    """The posture at a length along the path, and the number of the posture after it."""
    after = int(np.clip(np.searchsorted(ends, along, side="right"), 1, len(path) - 1))
    piece = max(ends[after] - ends[after - 1], 1e-12)
    share = (along - ends[after - 1]) / piece
    return path[after - 1] + share * (path[after] - path[after - 1]), after
