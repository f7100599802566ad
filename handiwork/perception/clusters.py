"""Things on a table apart from each other: groups of cells with a gap around them.

Seen from above, the table is a picture of squares that something stands on; squares that touch,
also at a corner, or that are `gap` squares apart, are one thing.

Shapes: V points, C clusters.
"""

import numpy as np
from scipy import ndimage

TOUCHING = np.ones((3, 3), bool)


def cluster(points: np.ndarray, cell: float, gap: int = 1, least: int = 12) -> np.ndarray:
    """(V,) the cluster of each point (V, 3), 0 the largest; -1 in one of less than `least` points.

    cell: edge of a square [m].
    """
    if not len(points):
        return np.zeros(0, int)
    squares = np.floor(points[:, :2] / cell).astype(int)
    squares -= squares.min(axis=0) - gap
    picture = np.zeros(squares.max(axis=0) + gap + 1, bool)
    picture[tuple(squares.T)] = True
    grown = ndimage.binary_dilation(picture, TOUCHING, iterations=gap) if gap else picture
    labels = np.empty(picture.shape, np.int32)
    ndimage.label(grown, TOUCHING, output=labels)
    found = labels[tuple(squares.T)]
    counts = np.bincount(found)
    counts[0] = 0
    ranked = np.argsort(-counts, kind="stable")
    place = np.full(len(counts), -1)
    kept = ranked[counts[ranked] >= least]
    place[kept] = np.arange(len(kept))
    return place[found]
