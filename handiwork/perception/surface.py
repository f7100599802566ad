"""A mesh as points with normals, and where the nearest of them is, looked up in a grid.

Shapes: V vertices, F triangles, M points of the surface, N others.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from handiwork.planning.shapes import Mesh

SPACING = 0.0015  # [m] between neighbours among the surface's points
CELL = 0.004  # [m] of the grid of nearest points
AROUND = 0.030  # [m] around the mesh that the grid reaches


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """points, normals: (M, 3) in the object's frame [m]; normals point out."""

    points: np.ndarray
    normals: np.ndarray


def sampled(mesh: Mesh, spacing: float = SPACING) -> Surface:
    """Points spread over all triangles, by area, the same ones every time."""
    a, b, c = np.moveaxis(mesh.vertices[mesh.triangles], 1, 0)  # (F, 3) each
    normals = np.cross(b - a, c - a)
    areas = np.linalg.norm(normals, axis=1) / 2
    normals /= 2 * areas[:, None]
    count = max(int(np.ceil(areas.sum() / spacing**2)), 1)
    owner = np.searchsorted(np.cumsum(areas) / areas.sum(), (np.arange(count) + 0.5) / count)
    # The R2 sequence fills a unit square evenly; folded, a triangle.
    u, v = np.outer([0.7548776662466927, 0.5698402909980532], np.arange(count)) % 1.0
    over = u + v > 1
    u, v = np.where(over, 1 - u, u)[:, None], np.where(over, 1 - v, v)[:, None]
    points = a[owner] + u * (b - a)[owner] + v * (c - a)[owner]
    return Surface(points=points, normals=normals[owner])


class SurfaceField:
    """The nearest point of a surface to any place, from a grid: not exact, but the same for all
    places of a cell of `CELL`, so a registration that comes near is polished by `nearest`.
    """

    def __init__(self, surface: Surface) -> None:
        self._tree = KDTree(surface.points)
        self._low = surface.points.min(axis=0) - AROUND
        high = surface.points.max(axis=0) + AROUND
        self._shape = np.ceil((high - self._low) / CELL).astype(int)
        axes = [self._low[i] + CELL * (np.arange(self._shape[i]) + 0.5) for i in range(3)]
        middles = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        self._nearest = np.asarray(self._tree.query(middles)[1], np.int32)

    def near(self, places: np.ndarray) -> np.ndarray:
        """(..., 3) in the object's frame [m] -> (...) numbers of surface points; places beyond the
        grid are looked up at its rim.
        """
        cell = ((places - self._low) / CELL).astype(np.int64)
        np.clip(cell, 0, self._shape - 1, out=cell)
        _, across, up = self._shape.tolist()
        return self._nearest[(cell[..., 0] * across + cell[..., 1]) * up + cell[..., 2]]

    def nearest(self, places: np.ndarray) -> np.ndarray:
        """The same exactly, and slower."""
        return np.asarray(self._tree.query(places)[1])
