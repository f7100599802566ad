"""A pinhole camera: where a point of the robot's base lands in the image, and back.

Pixel (0, 0) is the middle of the top left pixel, as in OpenCV. The optical frame looks along z,
with x to the right and y down (REP 103).
Shapes: N points; (..., 3) points in base [m].
"""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import BadValue, WrongShape


@dataclass(frozen=True, kw_only=True, eq=False)
class Camera:
    """Intrinsics and place of a camera without distortion.

    k: (3, 3) focal lengths and principal point [px].
    base_from_optical: (4, 4) optical frame in the robot's base [m].
    """

    k: np.ndarray
    width: int
    height: int
    base_from_optical: np.ndarray

    def __post_init__(self) -> None:
        if self.k.shape != (3, 3):
            raise WrongShape("Camera.k", self.k.shape, "(3, 3)")
        if self.base_from_optical.shape != (4, 4):
            raise WrongShape("Camera.base_from_optical", self.base_from_optical.shape, "(4, 4)")
        _check_numbers(self)

    def project(self, points: np.ndarray) -> np.ndarray:
        """(..., 3) points in base [m] -> (..., 2) column and row in the image [px].

        Points behind the camera have no image: NaN.
        """
        rotation, origin = self.base_from_optical[:3, :3], self.base_from_optical[:3, 3]
        seen = (np.asarray(points, float) - origin) @ rotation  # (..., 3) in the optical frame
        depth = np.where(seen[..., 2:] > 0, seen[..., 2:], np.nan)
        return (seen / depth) @ self.k.T[:, :2]

    def deproject(self, pixels: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """(..., 2) columns, rows [px] and (...) depth along z [m] -> (..., 3) points in base."""
        pixels, depth = np.asarray(pixels, float), np.asarray(depth, float)
        x = (pixels[..., 0] - self.k[0, 2]) / self.k[0, 0] * depth
        y = (pixels[..., 1] - self.k[1, 2]) / self.k[1, 1] * depth
        seen = np.stack([x, y, depth], axis=-1)
        return seen @ self.base_from_optical[:3, :3].T + self.base_from_optical[:3, 3]


def _check_numbers(camera: Camera) -> None:
    """Raises:
    BadValue: intrinsics or a place that no camera has.
    """
    k, pose = camera.k, camera.base_from_optical
    if not np.isfinite(k).all() or min(k[0, 0], k[1, 1]) <= 0:
        raise BadValue(
            "camera",
            "k",
            k.tolist(),
            "focal lengths above 0 px",
            "Check camera_info, or wait until the driver has filled it.",
        )
    turn = pose[:3, :3]
    rigid = np.isfinite(pose).all() and np.allclose(turn @ turn.T, np.eye(3), atol=1e-4)
    if not rigid or np.linalg.det(turn) < 0:
        raise BadValue(
            "camera",
            "base_from_optical",
            pose.tolist(),
            "a rotation and a place [m]",
            "Check the calibration on /tf_static.",
        )
