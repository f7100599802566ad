"""A block with a known outline and height, standing on the table: its faces and its contour.

Shapes: V corners of the outline, S samples along its edges.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Prism:
    """outline: (V, 2) corners in the block's frame, either way round [m]."""

    outline: np.ndarray
    height: float  # [m] of the top face above the table
    clearance: float = 0.0  # [m] of the underside above the table
    spacing: float = 0.002  # [m] between samples along the edges

    def __post_init__(self) -> None:
        if not 0.0 <= self.clearance < self.height or self.spacing <= 0.0:
            raise ValueError(
                "want 0 <= clearance < height and spacing > 0, got "
                f"{self.clearance}, {self.height} and {self.spacing}"
            )

    @cached_property
    def samples(self) -> tuple[np.ndarray, np.ndarray]:
        """Points along the outline and its outward normals there, (S, 2) [m] and (S, 2)."""
        ends = np.roll(self.outline, -1, axis=0)
        edges = ends - self.outline
        lengths = np.hypot(*edges.T)
        left_area = np.sum(self.outline[:, 0] * ends[:, 1] - self.outline[:, 1] * ends[:, 0])
        outward = np.stack([edges[:, 1], -edges[:, 0]], axis=1) / lengths[:, None]
        outward *= np.sign(left_area)
        counts = np.maximum(np.round(lengths / self.spacing).astype(int), 1)
        share = np.concatenate([(np.arange(count) + 0.5) / count for count in counts])
        index = np.repeat(np.arange(len(counts)), counts)
        return self.outline[index] + share[:, None] * edges[index], outward[index]

    def faces(self, pose: np.ndarray) -> list[np.ndarray]:
        """Top, bottom and sides at pose (3,) x, y [m], angle [rad]: each (K, 3) corners [m]."""
        corners = place(self.outline, pose)
        top = np.column_stack([corners, np.full(len(corners), self.height)])
        bottom = np.column_stack([corners, np.full(len(corners), self.clearance)])
        after_top, after_bottom = np.roll(top, -1, axis=0), np.roll(bottom, -1, axis=0)
        return [top, bottom, *np.stack([top, after_top, after_bottom, bottom], axis=1)]


def place(points: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """(S, 2) points of the block's frame at pose (3,) -> (S, 2) in the base frame."""
    return turn(points, pose[2]) + pose[:2]


def turn(vectors: np.ndarray, angle: float) -> np.ndarray:
    """(S, 2) vectors turned by an angle [rad]."""
    cos, sin = np.cos(angle), np.sin(angle)
    return vectors @ np.array([[cos, sin], [-sin, cos]])
