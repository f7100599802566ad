"""Points to one point per cell of a grid: the mean of those inside.

A dense table of the grid's cells gives every occupied one a number, so nothing is sorted. Depth is
turned into points, cropped and summed in one pass over the picture: nothing in between is stored.

Shapes: H, W rows and columns, N points, V occupied cells.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.compiled_voxels import cells_of, label_depth, sum_depth, sum_points


@dataclass(frozen=True, kw_only=True, eq=False)
class VoxelCloud:
    """One point per occupied cell, in the order in which the cells were met.

    points: (V, 3) float32 in base [m]. cells: (V,) int32 numbers of the box's cells.
    counts: (V,) how many points each is the mean of.
    """

    points: np.ndarray
    cells: np.ndarray
    counts: np.ndarray

    def only(self, kept: np.ndarray) -> "VoxelCloud":
        """Those that are kept, (V,) bool."""
        return VoxelCloud(
            points=self.points[kept], cells=self.cells[kept], counts=self.counts[kept]
        )


class Voxels:
    """The cells of a box. Holds a table of them, clean between calls; not thread safe.

    A cell's number is (x * counts y + y) * counts z + z.
    """

    def __init__(self, box: CloudBox) -> None:
        self.box = box
        self._counts = box.counts.astype(np.int32)
        self._low = np.asarray(box.low, np.float32)
        self._table = np.full(int(np.prod(box.counts)), -1, np.int32)

    def of_points(self, points: np.ndarray) -> VoxelCloud:
        """(N, 3) points in base [m]; those outside of the box are left out."""
        scaled = self._scaled(points)
        cells, sums = self._room(len(points))
        found = sum_points(self._cells(scaled), scaled, self._table, cells, sums, 0)
        return self._means(cells[:found], sums[:found])

    def of_depth(self, depth: np.ndarray, camera: Camera) -> VoxelCloud:
        """(H, W) uint16 [mm], 0 unknown, as seen by the camera."""
        cells, sums = self._room(depth.size)
        rays = self._rays(camera)
        found = sum_depth(depth, *rays, self._counts, self._table, cells, sums)
        return self._means(cells[:found], sums[:found])

    def labels_of_depth(
        self, depth: np.ndarray, camera: Camera, cells: np.ndarray, labels: np.ndarray
    ) -> np.ndarray:
        """(H, W) int32: of each pixel the label (V,) of the cell that it lies in; -1 where it lies
        in none of the `cells` (V,).
        """
        self._table[cells] = labels
        picture = np.empty(depth.shape, np.int32)
        label_depth(depth, *self._rays(camera), self._counts, self._table, picture)
        self._table[cells] = -1
        return picture

    def _scaled(self, points: np.ndarray) -> np.ndarray:
        if points.ndim != 2 or points.shape[1] != 3:
            raise WrongShape("points", points.shape, "(N, 3)")
        scaled = (np.asarray(points, np.float32) - self._low) / np.float32(self.box.cell)
        return np.ascontiguousarray(scaled.T)

    def _cells(self, scaled: np.ndarray) -> np.ndarray:
        cells = np.empty(scaled.shape[1], np.int32)
        cells_of(scaled, self._counts, cells)
        return cells

    def _rays(self, camera: Camera) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What one millimetre of depth adds, in cells: a part of the column (3, W) and one of the
        row (H, 3); and where the camera stands, (3,), in cells from the low corner.
        """
        scale = 1 / self.box.cell
        rotation, origin = camera.base_from_optical[:3, :3], camera.base_from_optical[:3, 3]
        across = (np.arange(camera.width) - camera.k[0, 2]) / camera.k[0, 0]
        down = (np.arange(camera.height) - camera.k[1, 2]) / camera.k[1, 1]
        by_column = np.outer(rotation[:, 0], across) * (1e-3 * scale)
        by_row = (np.outer(down, rotation[:, 1]) + rotation[:, 2]) * (1e-3 * scale)
        start = (origin - self._low) * scale
        return by_column.astype(np.float32), by_row.astype(np.float32), start.astype(np.float32)

    def _room(self, points: int) -> tuple[np.ndarray, np.ndarray]:
        most = min(points, len(self._table))
        return np.empty(most, np.int32), np.empty((most, 4), np.float32)

    def _means(self, cells: np.ndarray, sums: np.ndarray) -> VoxelCloud:
        self._table[cells] = -1
        points = sums[:, :3] / sums[:, 3:] * np.float32(self.box.cell) + self._low
        return VoxelCloud(points=points, cells=cells, counts=sums[:, 3].astype(np.int32))
