"""Where could the block be? All positions and turns at once, on a coarse map of the table.

The map says +1 where a point of a block is seen, -1 where table is seen through the height of its
top face and 0 elsewhere, so what is hidden counts neither way. Correlating it with the outline,
drawn at many angles, scores every pose by the share of the outline that is seen as block less the
share seen as table.

Shapes: A angles, N cells a side of the map, P poses.
"""

import cv2
import numpy as np

from handiwork.perception.planar_pose import wrapped
from handiwork.perception.prism import Prism, turn
from handiwork.perception.table_view import Sighting, TableView


class CoarseSearch:
    """Candidate poses of a block on a square of the table.

    low: (2,) corner of the square in the base frame [m]; side: its length [m].
    """

    def __init__(
        self,
        view: TableView,
        prism: Prism,
        low: np.ndarray,
        side: float,
        *,
        cell: float = 0.004,
        angles: int = 36,
    ) -> None:
        count = 32 * int(np.ceil(side / cell / 32))  # small factors make the transform fast
        self._low, self._cell = low, cell
        self._angles = np.linspace(-np.pi, np.pi, angles, endpoint=False)
        self._height = prism.height
        axis = (np.arange(count) + 0.5) * cell
        x, y = np.meshgrid(low[0] + axis, low[1] + axis, indexing="ij")
        centres = np.column_stack([x.ravel(), y.ravel(), np.full(x.size, prism.height)])
        pixels = view.project(centres)
        self._seen = view.inside(pixels).reshape(count, count)
        nearest = np.clip(np.round(pixels).astype(int), 0, np.array(view.shape[::-1]) - 1)
        self._index = (nearest[:, 1] * view.shape[1] + nearest[:, 0]).reshape(count, count)
        templates = [_drawn(turn(prism.outline, angle) / cell, count) for angle in self._angles]
        self._area = float(np.sum(templates[0]))
        self._spectra = np.conj(np.fft.rfft2(np.array(templates, np.float32)))

    def candidates(self, sighting: Sighting, most: int, least: float) -> np.ndarray:
        """The best poses, unlike each other, best first: (P, 3) x, y [m], angle [rad].

        most: how many at most; least: score of the worst that counts, 1 being a full match.
        """
        scores = self._scores(sighting)
        flat = scores.reshape(len(scores), -1)
        best = flat.argmax(axis=1)
        rows, columns = np.unravel_index(best, scores.shape[1:])
        poses = np.column_stack(
            [self._low[0] + rows * self._cell, self._low[1] + columns * self._cell, self._angles]
        )
        peaks = flat.max(axis=1) / self._area
        chosen: list[np.ndarray] = []
        for index in np.argsort(-peaks):
            alike = any(abs(wrapped(poses[index, 2] - other[2])) < 0.3 for other in chosen)
            if peaks[index] >= least and not alike:
                chosen.append(poses[index])
        return np.array(chosen[:most]).reshape(-1, 3)

    def _scores(self, sighting: Sighting) -> np.ndarray:
        """(A, N, N) score of the block's origin at each cell's corner, in cells."""
        table = sighting.table.ravel()[self._index] & self._seen
        cells = -table.astype(np.float32)
        row, column = np.floor((sighting.points - self._low) / self._cell).astype(int).T
        on_map = (row >= 0) & (column >= 0) & (row < len(cells)) & (column < len(cells))
        cells[row[on_map], column[on_map]] = 1.0
        return np.fft.irfft2(np.fft.rfft2(cells) * self._spectra, s=cells.shape)


def _drawn(corners: np.ndarray, count: int) -> np.ndarray:
    """(N, N) map with 1 in the polygon (V, 2) [cells] about cell corner (0, 0), wrapped round."""
    half = count // 2
    drawn = np.zeros((count, count), np.uint8)
    fixed = np.round((corners[:, ::-1] + half - 0.5) * 16).astype(np.int32)
    cv2.fillPoly(drawn, [fixed], 1, shift=4)
    return np.roll(drawn, (-half, -half), axis=(0, 1))
