"""What a fixed camera shows of the table: which pixels are block, which table, which neither.

Only the window of the image that can hold the block is looked at; pixel coordinates here are
those of the window. A pixel is block by its colour. It is table if it is not block and its depth
puts it at the table's height. All else (arm, rod, no depth) says nothing about the block.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from handiwork.errors import WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.colour_mask import EDGE, Colour


@dataclass(frozen=True, kw_only=True, eq=False)
class Sighting:
    """One frame, sorted; all (H, W) of the window."""

    likeness: np.ndarray  # uint8, see colour_mask
    block: np.ndarray  # bool: the block's colour
    top: np.ndarray  # bool: the block's colour at the height of its top face
    table: np.ndarray  # bool: seen to be table
    known: np.ndarray  # bool: its depth was measured
    points: np.ndarray  # (M, 2) where on the table block pixels are, top and sides, in base [m]


class TableView:
    """A camera's window on a rectangle of the table, z = 0 of the base frame being its top.

    low, high: (2,) corners of the rectangle in the base frame [m].
    height: of the block [m]; tolerance: how far a measured height may be off [m].
    """

    def __init__(
        self, camera: Camera, low: np.ndarray, high: np.ndarray, height: float, tolerance: float
    ) -> None:
        self._shape = (camera.height, camera.width)
        self._height, self._tolerance = height, tolerance
        self._camera_from_base = np.linalg.inv(camera.base_from_optical)
        self._k = camera.k.astype(float).copy()
        self.position = camera.base_from_optical[:3, 3]
        box = np.array([(x, y, z) for x in (low[0], high[0]) for y in (low[1], high[1])
                        for z in (0.0, height)])  # fmt: skip
        if np.any(self._optical(box)[:, 2] <= 0.0):
            raise ValueError("base_from_optical must look at the table, which is behind the camera")
        corners = self.project(box)
        size = np.array(self._shape[::-1])
        first = np.clip(np.floor(corners.min(axis=0)).astype(int), 0, size - 1)
        last = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 1, first + 1, size)
        self._window = (slice(first[1], last[1]), slice(first[0], last[0]))
        self._k[:2, 2] -= first
        self.shape = (int(last[1] - first[1]), int(last[0] - first[0]))
        u, v = np.meshgrid(np.arange(self.shape[1]), np.arange(self.shape[0]))
        rays = np.linalg.inv(self._k) @ np.stack([u.ravel(), v.ravel(), np.ones(u.size)])
        rays = (camera.base_from_optical[:3, :3] @ rays).T.reshape(*self.shape, 3)
        self._rays = rays.astype(np.float32)  # in base, per metre of depth
        self._rise = np.ascontiguousarray(self._rays[..., 2])

    def look(self, rgb: np.ndarray, depth: np.ndarray, colour: Colour) -> Sighting:
        """Sort one frame: rgb (H, W, 3) uint8, depth (H, W) uint16 [mm], 0 where unknown."""
        if rgb.shape != (*self._shape, 3) or rgb.dtype != np.uint8:
            raise WrongShape("rgb", rgb.shape, f"{(*self._shape, 3)} uint8")
        if depth.shape != self._shape or depth.dtype != np.uint16:
            raise WrongShape("depth", depth.shape, f"{self._shape} uint16, aligned to the colour")
        likeness = colour.likeness(np.ascontiguousarray(rgb[self._window]))
        block = likeness >= EDGE
        measured = depth[self._window]
        height = measured * (self._rise * np.float32(1e-3)) + np.float32(self.position[2])
        known = measured > 0
        low = height < self._tolerance
        standing = block & known & ~low & (height < self._height + self._tolerance)
        along = measured[standing][:, None] * np.float32(1e-3)
        return Sighting(
            likeness=likeness,
            block=block,
            top=block & known & (np.abs(height - self._height) < self._tolerance),
            table=~block & known & low,
            known=known,
            points=self.position[:2] + along * self._rays[standing][:, :2],
        )

    def project(self, points: np.ndarray) -> np.ndarray:
        """(S, 3) points in base [m] -> (S, 2) pixels of the window."""
        projected = self._optical(points) @ self._k.T
        return projected[:, :2] / projected[:, 2:]

    def project_with_slope(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels of (S, 3) points, (S, 2), and how they move with the points, (S, 2, 3) [px/m]."""
        optical = self._optical(points)
        projected = optical @ self._k.T
        pixels = projected[:, :2] / projected[:, 2:]
        by_optical = self._k[None, :2] - pixels[:, :, None] * self._k[2]
        by_optical = by_optical / projected[:, 2:, None]
        return pixels, by_optical @ self._camera_from_base[:3, :3]

    def inside(self, pixels: np.ndarray) -> np.ndarray:
        """(S, 2) pixels -> (S,) bool: within the window."""
        return np.all((pixels >= 0) & (pixels <= np.array(self.shape[::-1]) - 1), axis=1)

    def holds(self, mask: np.ndarray, pixels: np.ndarray) -> np.ndarray:
        """(S,) bool: the mask (H, W) is set at the pixels (S, 2); not so outside the window."""
        inside = self.inside(pixels)
        column, row = np.round(pixels[inside]).astype(int).T
        held = np.zeros(len(pixels), bool)
        held[inside] = mask[row, column]
        return held

    def fill(self, faces: list[np.ndarray]) -> np.ndarray:
        """(H, W) bool: the pixels that any of the faces, (K, 3) corners [m] each, covers."""
        covered = np.zeros(self.shape, np.uint8)
        for pixels in np.split(
            self.project(np.concatenate(faces)), np.cumsum([len(face) for face in faces])[:-1]
        ):
            fixed = np.round(pixels * 16).astype(np.int32)  # 4 fractional bits
            cv2.fillPoly(covered, [fixed], 1, shift=4)
        return covered.view(bool)

    def _optical(self, points: np.ndarray) -> np.ndarray:
        """(S, 3) points in base -> (S, 3) in the optical frame."""
        return points @ self._camera_from_base[:3, :3].T + self._camera_from_base[:3, 3]
