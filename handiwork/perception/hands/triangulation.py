"""Points in space from where two or more cameras see them.

Rays are freed of distortion first. A linear solution begins; then every point goes where its
reprojection errors are least, those beyond a few pixels counting linearly only.

Source: Hartley & Zisserman, Multiple View Geometry, 2nd ed., section 12.2 (linear triangulation);
Huber, Annals of Mathematical Statistics 35(1), 1964 (the weight).
Shapes: C cameras, N points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from handiwork.errors import WrongShape

_ITERATIONS, _SETTLED = 20, 1e-9
_HUBER_PX = 3.0  # beyond it an error counts linearly


@dataclass(frozen=True, kw_only=True, eq=False)
class SeenFrom:
    """A camera: k (3, 3) [px], d (5,) as OpenCV's, camera_from_world (4, 4) in the world's unit."""

    k: np.ndarray
    d: np.ndarray
    camera_from_world: np.ndarray

    def project(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) points in the world -> (N, 2) columns, rows [px]."""
        turn, place = self.camera_from_world[:3, :3], self.camera_from_world[:3, 3]
        pixels, _ = cv2.projectPoints(points, cv2.Rodrigues(turn)[0], place, self.k, self.d)
        return np.asarray(pixels).reshape(-1, 2)

    def straightened(self, pixels: np.ndarray) -> np.ndarray:
        """(N, 2) pixels -> (N, 2) where a camera without distortion would see them [px]."""
        ideal = cv2.undistortPoints(
            np.ascontiguousarray(pixels, float)[:, None], self.k, self.d, P=self.k
        )
        return np.asarray(ideal).reshape(-1, 2)


def triangulate(cameras: Sequence[SeenFrom], pixels: np.ndarray) -> np.ndarray:
    """(C, N, 2) columns, rows [px] of N points -> (N, 3) in the world."""
    if pixels.shape[0] != len(cameras) or len(cameras) < 2 or pixels.shape[2:] != (2,):
        raise WrongShape("pixels", pixels.shape, f"({len(cameras)} >= 2, N, 2)")
    straight = np.stack([c.straightened(p) for c, p in zip(cameras, pixels, strict=True)])
    matrices = np.stack([camera.k @ camera.camera_from_world[:3] for camera in cameras])  # (C,3,4)
    return _refined(matrices, straight, _linear(matrices, straight))


def reprojection_errors(
    cameras: Sequence[SeenFrom], pixels: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """(C, N) distances [px] between where points (N, 3) were seen and where they would be."""
    back = np.stack([camera.project(points) for camera in cameras])
    return np.linalg.norm(back - pixels, axis=2)


def _linear(matrices: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """(N, 3) least squares of x * row3 - row1, y * row3 - row2, rows scaled alike."""
    rows = pixels[..., None] * matrices[:, None, 2:] - matrices[:, None, :2]  # (C, N, 2, 4)
    rows = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    stacked = np.moveaxis(rows, 1, 0).reshape(pixels.shape[1], -1, 4)  # (N, 2 C, 4)
    solution = np.linalg.svd(stacked)[2][:, -1]  # (N, 4)
    return solution[:, :3] / solution[:, 3:]


def _refined(matrices: np.ndarray, pixels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(N, 3) after Gauss-Newton with Huber's weights."""
    for _ in range(_ITERATIONS):
        seen = points @ np.swapaxes(matrices[..., :3], 1, 2) + matrices[:, None, :, 3]  # (C, N, 3)
        depth = seen[..., 2:]
        errors = pixels - seen[..., :2] / depth  # (C, N, 2)
        slope = (
            matrices[:, None, :2, :3]
            - (seen[..., :2] / depth)[..., None] * matrices[:, None, 2:, :3]
        ) / depth[..., None]  # fmt: skip  (C, N, 2, 3)
        distance = np.linalg.norm(errors, axis=2)
        weight = np.minimum(1.0, _HUBER_PX / np.maximum(distance, 1e-12))  # (C, N)
        normal = np.einsum("cn,cnik,cnil->nkl", weight, slope, slope)
        gradient = np.einsum("cn,cnik,cni->nk", weight, slope, errors)
        step = np.linalg.solve(normal, gradient[..., None])[..., 0]
        points = points + step
        if np.abs(step).max() < _SETTLED * np.abs(points).max():
            break
    return points
