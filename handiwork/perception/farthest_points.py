"""Few points for many, spread as evenly as the cloud allows: each next one is the farthest from all
that were taken before.

Only points nearer to the new one than the last radius can change, so the cloud is sorted into the
buckets of a grid, of which each remembers its farthest point. The result is that of the plain
traversal, which looks at every point every time.

Source: Gonzalez, Theoretical Computer Science 38, 1985 (the points taken are at least as far apart
as any point is from them); Han et al., QuickFPS, IEEE TCAD 42(11), 2023 (buckets).
Shapes: N points, K taken.
"""

import numpy as np

from handiwork.errors import WrongShape
from handiwork.perception.compiled_farthest import bounds, number_cells, sort_by_cell, take

POINTS_PER_BUCKET = 96  # measured: more are slower to update, fewer slower to search
MOST_CELLS = 1_000_000  # of the grid of buckets, empty ones too
TRIAL = 24  # cells along the longest side, to learn how a cloud fills a grid


def farthest_points(points: np.ndarray, count: int) -> np.ndarray:
    """Numbers of `count` of the points (N, 3) [m], (K,) in the order taken; all of them where there
    are no more.

    The first is the one farthest from the cloud's middle, so nothing is drawn by chance.
    """
    if points.ndim != 2 or points.shape[1] != 3:
        raise WrongShape("points", points.shape, "(N, 3)")
    if count < 1:
        raise ValueError(f"count must be 1 or more, got {count}")
    if len(points) <= count:
        return np.arange(len(points))
    plain = np.ascontiguousarray(points, np.float32)
    low, high = bounds(plain)
    extent = np.maximum(high - low, np.float32(1e-6))
    edge = _edge(plain, low, extent)
    shape, cells = _cells(plain, low, extent, edge)
    starts, order = np.zeros(np.prod(shape) + 1, np.int32), np.empty(len(plain), np.int32)
    sort_by_cell(cells, starts, order)
    sorted_ = np.ascontiguousarray(plain[order].T)  # (3, N)
    off = sorted_ - sorted_.mean(axis=1, keepdims=True)
    first = int((off * off).sum(axis=0).argmax())
    xs, ys, zs = sorted_
    return order[take(xs, ys, zs, starts, shape, low, edge, first, count)]


def _edge(points: np.ndarray, low: np.ndarray, extent: np.ndarray) -> np.float32:
    """Of buckets [m]: from how full a trial grid's are, for a cloud that is a surface."""
    trial = np.float32(extent.max() / TRIAL)
    shape, cells = _cells(points, low, extent, trial)
    occupied = np.zeros(np.prod(shape), bool)
    occupied[cells] = True
    wanted = trial * np.sqrt(POINTS_PER_BUCKET * np.count_nonzero(occupied) / len(points))
    least = float(extent.max()) / np.cbrt(MOST_CELLS)
    return np.float32(max(wanted, least))


def _cells(
    points: np.ndarray, low: np.ndarray, extent: np.ndarray, edge: np.float32
) -> tuple[np.ndarray, np.ndarray]:
    """(3,) cells along each axis, and (N,) the cell of each point."""
    shape = (extent / edge).astype(np.int32) + 2  # rounding may put the last point one further
    cells = np.empty(len(points), np.int32)
    number_cells(points, low, edge, shape, cells)
    return shape, cells
