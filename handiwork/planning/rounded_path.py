"""A path of straight pieces whose corners are rounded, so that it can be followed without stops.

A corner is replaced by a quintic Bezier curve from a point before it to one after it. Its control
points are evenly spaced along each straight piece, so position, direction and curvature go on
without a step, and it stays in the triangle of its ends and the corner.

Source: Farin, Curves and Surfaces for CAGD, ch. 5 and 6 (Bezier curves, their derivatives and
convex hull); Wang, J. Zhejiang University 18(1), 1984 (how many lines are near enough to one).
Shapes: N points of the path, C pieces of it, T parameters, G joints.
"""

from collections.abc import Callable
from itertools import pairwise
from math import comb, perm

import numpy as np

_DEGREE = 5
_SHRINKINGS = 6  # halvings of a rounding that is not free
_STILL = 1e-12  # [rad] that a path without motion is long
_STANDS_FOR = 1e-3  # [rad] that a rounding is from the straight lines that are checked for it

PathFree = Callable[[np.ndarray], bool]


class RoundedPath:
    """Points along a path and their derivatives by its parameter, which is about its length."""

    def __init__(self, controls: np.ndarray, lengths: np.ndarray) -> None:
        """Control points (C, 6, G) [rad] of the pieces, and how much of the parameter each is."""
        self._controls = controls
        self._ends = np.concatenate([[0.0], np.cumsum(lengths)])
        self._lengths = lengths

    @property
    def length(self) -> float:
        """The parameter goes from 0 to this."""
        return float(self._ends[-1])

    @property
    def knots(self) -> np.ndarray:
        """(C + 1,) where pieces meet."""
        return self._ends

    def at(self, along: np.ndarray, order: int = 0) -> np.ndarray:
        """(T,) parameters -> (T, G) points [rad], or their derivatives of that order."""
        piece = np.searchsorted(self._ends, along, side="right") - 1
        piece = np.clip(piece, 0, len(self._lengths) - 1)
        share = ((along - self._ends[piece]) / self._lengths[piece])[:, None]
        controls = np.diff(self._controls, order, axis=1)[piece]  # (T, 6 - order, G)
        degree = _DEGREE - order
        powers = np.arange(degree + 1)
        weights = np.array([comb(degree, k) for k in powers]) * share**powers
        weights = weights * (1 - share) ** (degree - powers)  # (T, 6 - order)
        values = np.einsum("tk,tkg->tg", weights, controls)
        return perm(_DEGREE, order) * values / self._lengths[piece, None] ** order


def rounded(path: np.ndarray, free: PathFree) -> list[RoundedPath]:
    """A path (N, G) [rad] with its corners rounded as widely as it stays free.

    Several paths where a corner cannot be rounded at all: there the robot has to stop.
    """
    path = _without_repeats(path)
    radii = np.abs(np.diff(path, axis=0)).max(1)  # of the straight pieces
    cuts = [0.0] * len(path)
    stops = [0]
    for corner in range(1, len(path) - 1):
        around = path[corner - 1 : corner + 2]
        cut = _widest(around, min(radii[corner - 1], radii[corner]) / 2, free)
        cuts[corner] = cut
        if not cut:
            stops.append(corner)
    stops.append(len(path) - 1)
    return [
        _joined(path[first : last + 1], [0.0, *cuts[first + 1 : last], 0.0])
        for first, last in pairwise(stops)
    ]


def _without_repeats(path: np.ndarray) -> np.ndarray:
    """The path with no posture twice in a row, but for one that is all of it."""
    moves = np.abs(np.diff(path, axis=0)).max(1) > 0
    return path[np.flatnonzero([True, *moves])] if moves.any() else path[:2]


def _widest(around: np.ndarray, cut: float, free: PathFree) -> float:
    """How far before and after a corner its rounding may begin; 0 if it cannot be rounded."""
    for _ in range(_SHRINKINGS):
        if free(straight_lines(_rounding(around, cut))):
            return cut
        cut /= 2
    return 0.0


def straight_lines(controls: np.ndarray) -> np.ndarray:
    """(T, G) ends of lines that stand for a curve with (6, G) control points, all [rad]."""
    bend = float(np.abs(np.diff(controls, 2, axis=0)).max())
    lines = np.ceil(np.sqrt(_DEGREE * (_DEGREE - 1) / 8 * bend / _STANDS_FOR))
    curve = RoundedPath(controls[None], np.ones(1))
    return curve.at(np.linspace(0.0, 1.0, max(1, int(lines)) + 1))


def _joined(path: np.ndarray, cuts: list[float]) -> RoundedPath:
    controls, lengths = [], []
    for number in range(len(path) - 1):
        start, end = path[number], path[number + 1]
        size = max(float(np.abs(end - start).max()), _STILL)
        before, after = cuts[number], cuts[number + 1]
        left = size - before - after
        if left > 1e-9 * size:
            way = (end - start) / size
            line = np.linspace(start + before * way, end - after * way, _DEGREE + 1)
            controls.append(line)
            lengths.append(left)
        if after:
            controls.append(_rounding(path[number : number + 3], after))
            lengths.append(_DEGREE / 2 * after)  # its speed is that of the lines beside it
    return RoundedPath(np.array(controls), np.array(lengths))


def _rounding(around: np.ndarray, cut: float) -> np.ndarray:
    """(6, G) control points of the curve around the middle of three points (3, G)."""
    before, corner, after = around
    start = corner + cut * (before - corner) / np.abs(before - corner).max()
    end = corner + cut * (after - corner) / np.abs(after - corner).max()
    return np.stack([start, (start + corner) / 2, corner, corner, (corner + end) / 2, end])
