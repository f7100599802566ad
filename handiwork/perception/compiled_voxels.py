"""The loops of `voxels`, compiled: over every pixel, and once for each.

A row is first turned into cells, which the compiler does for many pixels at a time, then summed.

Shapes: H, W rows and columns, N points, C cells of the box, R room for occupied cells.
"""
# ruff: noqa: ANN001, ANN201, ANN202 (numba finds the types)

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sum_depth(depth, by_column, by_row, start, counts, table, cells, sums):
    """Sums of the points of a depth picture (H, W) in cells; how many cells are occupied."""
    found = 0
    row_cells = np.empty(depth.shape[1], np.int32)
    row_points = np.empty((3, depth.shape[1]), np.float32)
    for row in range(depth.shape[0]):
        _place(depth[row], by_column, by_row[row], start, counts, row_cells, row_points)
        found = sum_points(row_cells, row_points, table, cells, sums, found)
    return found


@njit(cache=True, nogil=True)
def label_depth(depth, by_column, by_row, start, counts, table, labels):
    """Writes the table's entry (C,) for each pixel's cell to labels (H, W), -1 outside."""
    row_cells = np.empty(depth.shape[1], np.int32)
    row_points = np.empty((3, depth.shape[1]), np.float32)
    for row in range(depth.shape[0]):
        _place(depth[row], by_column, by_row[row], start, counts, row_cells, row_points)
        for column in range(depth.shape[1]):
            cell = row_cells[column]
            labels[row, column] = table[np.uint32(cell)] if cell >= 0 else np.int32(-1)


@njit(cache=True, nogil=True)
def cells_of(points, counts, cells):
    """Writes the cell of each point (3, N), in cells from the low corner, -1 outside."""
    limit_x, limit_y, limit_z = np.float32(counts[0]), np.float32(counts[1]), np.float32(counts[2])
    across, up, zero = np.int32(counts[1]), np.int32(counts[2]), np.float32(0)
    for n in range(points.shape[1]):
        x, y, z = points[0, n], points[1, n], points[2, n]
        inside = (x >= zero) & (x < limit_x) & (y >= zero) & (y < limit_y)
        inside &= (z >= zero) & (z < limit_z)
        cell = (np.int32(x) * across + np.int32(y)) * up + np.int32(z)
        cells[n] = cell if inside else np.int32(-1)


@njit(cache=True, nogil=True)
def sum_points(point_cells, points, table, cells, sums, found):
    """Adds points (3, N) to the sums (R, 4) of their cells, which the table (C,) numbers as they
    are met; how many are occupied now.
    """
    for n in range(len(point_cells)):
        if point_cells[n] < 0:
            continue
        cell = np.uint32(point_cells[n])
        place = table[cell]
        if place < 0:
            place = np.int32(found)
            table[cell] = place
            cells[place] = point_cells[n]
            sums[place] = 0
            found += 1
        number = np.uint32(place)
        sums[number, 0] += points[0, n]
        sums[number, 1] += points[1, n]
        sums[number, 2] += points[2, n]
        sums[number, 3] += 1
    return found


@njit(cache=True, nogil=True)
def _place(depth, by_column, by_row, start, counts, cells, points):
    """One row (W,) of depth to points (3, W) and their cells (W,), -1 where there is none."""
    limit_x, limit_y, limit_z = np.float32(counts[0]), np.float32(counts[1]), np.float32(counts[2])
    across, up, zero = np.int32(counts[1]), np.int32(counts[2]), np.float32(0)
    row_x, row_y, row_z = by_row[0], by_row[1], by_row[2]
    start_x, start_y, start_z = start[0], start[1], start[2]
    for column in range(len(depth)):
        distance = np.float32(depth[column])
        x = (by_column[0, column] + row_x) * distance + start_x
        y = (by_column[1, column] + row_y) * distance + start_y
        z = (by_column[2, column] + row_z) * distance + start_z
        inside = (x >= zero) & (x < limit_x) & (y >= zero) & (y < limit_y)
        inside &= (z >= zero) & (z < limit_z) & (distance > zero)
        cell = (np.int32(x) * across + np.int32(y)) * up + np.int32(z)
        cells[column] = cell if inside else np.int32(-1)
        points[0, column] = x
        points[1, column] = y
        points[2, column] = z
