"""Fewer triangles for bodies that are only looked at: software rendering pays for each of them.

Source: Rossignac & Borrel, Multi-resolution 3D approximations for rendering complex scenes, 1993
(vertices that share a cell of a grid become one).
Shapes: V vertices, F triangles.
"""

from pathlib import Path

import numpy as np

_TRIANGLE = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def read_stl(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Vertices (V, 3) and triangles (F, 3) of a binary STL file; equal corners are one vertex."""
    corners = np.frombuffer(path.read_bytes()[84:], _TRIANGLE)["corners"].reshape(-1, 3)
    vertices, index = np.unique(corners, axis=0, return_inverse=True)
    return vertices, index.reshape(-1, 3)


def coarsen(
    vertices: np.ndarray, triangles: np.ndarray, cell: float
) -> tuple[np.ndarray, np.ndarray]:
    """The same surface to within a cell of a grid [m]: vertices (V, 3), triangles (F, 3)."""
    cells, index = np.unique(np.floor(vertices / cell), axis=0, return_inverse=True)
    index = index.ravel()
    counts = np.bincount(index, minlength=len(cells))
    sums = [np.bincount(index, column, len(cells)) for column in vertices.T]
    merged = np.stack(sums, axis=1) / counts[:, None]
    mapped = index[triangles]  # (F, 3)
    a, b, c = mapped.T
    kept = mapped[(a != b) & (b != c) & (c != a)]
    _, first = np.unique(np.sort(kept, axis=1), axis=0, return_index=True)
    return merged, kept[np.sort(first)]
