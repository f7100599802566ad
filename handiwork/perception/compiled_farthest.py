"""The loops of `farthest_points`, compiled.

Points lie as three arrays, sorted by the bucket of a grid that they are in, so that the compiler
can take several at a time.

Shapes: N points, C cells of the grid, B of them with points, K points to take.
"""
# ruff: noqa: ANN001, ANN201, ANN202 (numba finds the types)

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def bounds(points):
    """Least and greatest (3,) of points (N, 3)."""
    low, high = points[0].copy(), points[0].copy()
    for n in range(len(points)):
        for axis in range(3):
            low[axis] = min(low[axis], points[n, axis])
            high[axis] = max(high[axis], points[n, axis])
    return low, high


@njit(cache=True, nogil=True)
def number_cells(points, low, edge, shape, cells):
    """Writes the cell (N,) of each point (N, 3)."""
    scale, across, up = np.float32(1) / edge, np.int32(shape[1]), np.int32(shape[2])
    x, y, z = low[0], low[1], low[2]
    for n in range(len(points)):
        column = np.int32((points[n, 0] - x) * scale) * across
        cells[n] = (column + np.int32((points[n, 1] - y) * scale)) * up + np.int32(
            (points[n, 2] - z) * scale
        )


@njit(cache=True, nogil=True)
def sort_by_cell(cells, starts, order):
    """Writes where each cell's points begin (C + 1,), zero before, and the points' order (N,)."""
    for n in range(len(cells)):
        starts[cells[n] + 1] += np.int32(1)
    for cell in range(1, len(starts)):
        starts[cell] += starts[cell - 1]
    free = starts[:-1].copy()
    for n in range(len(cells)):
        order[free[cells[n]]] = n
        free[cells[n]] += np.int32(1)


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz", "reassoc"})
def take(xs, ys, zs, starts, shape, low, edge, first, count):
    """Farthest-first traversal (K,) of sorted points (N,), from `first` on."""
    cells = np.flatnonzero(starts[1:] > starts[:-1])
    bucket_of = np.full(len(starts) - 1, -1, np.int32)
    bucket_of[cells] = np.arange(len(cells)).astype(np.int32)
    farthest = np.full(len(cells), np.float32(np.inf))  # squared [m^2], of each bucket's points
    holder = np.zeros(len(cells), np.int32)  # which point that is
    squared = np.full(len(xs), np.float32(np.inf))  # of each point from those taken
    taken = np.empty(count, np.int32)
    newest, radius = np.uint32(first), np.float32(1e6)
    for number in range(count):
        taken[number] = newest
        x, y, z = xs[newest], ys[newest], zs[newest]
        x_from, x_to = _span(x - low[0], radius, edge, shape[0])
        y_from, y_to = _span(y - low[1], radius, edge, shape[1])
        z_from, z_to = _span(z - low[2], radius, edge, shape[2])
        for i in range(x_from, x_to):
            gap_x = _gap(x - low[0], i, edge)
            for j in range(y_from, y_to):
                gap_y = _gap(y - low[1], j, edge)
                for k in range(z_from, z_to):
                    cell = np.uint32((i * shape[1] + j) * shape[2] + k)
                    if bucket_of[cell] < 0:
                        continue
                    bucket = np.uint32(bucket_of[cell])
                    if gap_x + gap_y + _gap(z - low[2], k, edge) >= farthest[bucket]:
                        continue
                    begin, end = np.uint32(starts[cell]), np.uint32(starts[cell + np.uint32(1)])
                    best = np.float32(-1)
                    for n in range(begin, end):
                        off_x, off_y, off_z = xs[n] - x, ys[n] - y, zs[n] - z
                        squared[n] = min(squared[n], off_x * off_x + off_y * off_y + off_z * off_z)
                    for n in range(begin, end):
                        best = max(best, squared[n])
                    farthest[bucket], holder[bucket] = best, _first(squared, begin, end, best)
        best = np.float32(-1)
        for bucket in range(len(farthest)):
            best = max(best, farthest[bucket])
        newest = np.uint32(holder[_first(farthest, 0, len(farthest), best)])
        radius = np.sqrt(best)
    return taken


@njit(cache=True, nogil=True, inline="always")
def _span(along, radius, edge, cells):
    """First cell and one after the last within a radius, on one axis."""
    first = max((along - radius) / edge, np.float32(0))
    last = min((along + radius) / edge, np.float32(cells - 1))
    return np.int32(first), np.int32(last) + 1


@njit(cache=True, nogil=True, inline="always")
def _gap(along, cell, edge):
    """Squared distance to a cell on one axis."""
    gap = max(max(cell * edge - along, along - (cell + 1) * edge), np.float32(0))
    return gap * gap


@njit(cache=True, nogil=True, inline="always")
def _first(values, begin, end, wanted):
    for n in range(begin, end):
        if values[n] == wanted:
            return n
    return begin
