"""What of a surface the camera sees at a pose, and whether the picture agrees with it.

Shapes: H, W rows and columns, M places of a surface, K of them visible.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.perception.camera import Camera
from handiwork.perception.surface import Surface

BIN = 3  # [px] of the picture in which places hide each other
BEHIND = 0.006  # [m] behind the nearest place of a bin, from which one is hidden


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Shares of the visible surface: seen where it should be; contradicted, the camera seeing
    through it; covered by something nearer. What has no depth counts nowhere.
    """

    seen: float
    contradicted: float
    covered: float

    @property
    def share(self) -> float:
        """Of what is seen, in what is either seen or contradicted."""
        return self.seen / max(self.seen + self.contradicted, 1e-9)


def visible(surface: Surface, base_from_object: np.ndarray, camera: Camera) -> np.ndarray:
    """(K,) numbers of the places that face the camera and are not hidden by the surface itself."""
    rotation, origin = base_from_object[:3, :3], base_from_object[:3, 3]
    eye = (camera.base_from_optical[:3, 3] - origin) @ rotation
    facing = np.flatnonzero(np.einsum("ij,ij->i", surface.normals, eye - surface.points) > 0)
    pixels, depth = _seen(surface.points[facing] @ rotation.T + origin, camera)
    bins = np.floor(pixels / BIN).astype(np.int64)
    bins -= bins.min(axis=0, initial=0)
    number = bins[:, 1] * (bins[:, 0].max(initial=0) + 1) + bins[:, 0]
    nearest = np.full(number.max(initial=0) + 1, np.inf)
    np.minimum.at(nearest, number, depth)
    return facing[depth < nearest[number] + BEHIND]


def agreement(depth: np.ndarray, camera: Camera, places: np.ndarray, tolerance: float) -> Agreement:
    """Of places (K, 3) in base [m] with a picture (H, W) uint16 [mm], 0 unknown.

    tolerance: how far depth may be off [m].
    """
    pixels, expected = _seen(places, camera)
    column, row = np.rint(pixels).astype(np.int64).T
    inside = (column >= 0) & (column < camera.width) & (row >= 0) & (row < camera.height)
    measured = depth[row[inside], column[inside]] * 1e-3
    off = measured - expected[inside]
    known = measured > 0
    count = max(int(np.count_nonzero(known)), 1)
    return Agreement(
        seen=float(np.count_nonzero(known & (np.abs(off) <= tolerance))) / count,
        contradicted=float(np.count_nonzero(known & (off > tolerance))) / count,
        covered=float(np.count_nonzero(known & (off < -tolerance))) / count,
    )


def _seen(points: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """(K, 2) pixels and (K,) depth [m] of points in base."""
    rotation, origin = camera.base_from_optical[:3, :3], camera.base_from_optical[:3, 3]
    optical = (points - origin) @ rotation
    depth = np.maximum(optical[:, 2], 1e-3)
    return (optical @ camera.k.T)[:, :2] / depth[:, None], depth
