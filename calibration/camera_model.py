"""How a camera projects: a pinhole with plumb_bob distortion, and its form in a file.

Source: OpenCV's camera model; names as in ROS's sensor_msgs/CameraInfo.
Shapes: K points.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from calibration.fields import read_field, read_matrix, read_numbers
from handiwork.errors import BadValue, WrongShape


@dataclass(frozen=True, kw_only=True, eq=False)
class Intrinsics:
    """How a camera projects.

    width, height: of its images [px]; 0 where unknown, which serves views without corners.
    k: (3, 3) focal lengths and principal point [px].
    d: (5,) distortion k1, k2, p1, p2, k3, as OpenCV's and ROS's plumb_bob.
    """

    width: int
    height: int
    k: np.ndarray
    d: np.ndarray

    def __post_init__(self) -> None:
        if self.k.shape != (3, 3):
            raise WrongShape("Intrinsics.k", self.k.shape, "(3, 3)")
        if self.d.shape != (5,):
            raise WrongShape("Intrinsics.d", self.d.shape, "(5,)")

    def project(self, points: np.ndarray) -> np.ndarray:
        """(K, 3) points in the optical frame [m] -> (K, 2) columns and rows [px].

        A point beside or behind the camera is taken to be 1 mm in front of it: far out of the
        image, and finite.
        """
        x, y = (points[:, :2] / np.maximum(points[:, 2:], 1e-3)).T
        k1, k2, p1, p2, k3 = self.d
        square = x * x + y * y
        radial = 1 + square * (k1 + square * (k2 + square * k3))
        wide = x * radial + 2 * p1 * x * y + p2 * (square + 2 * x * x)
        high = y * radial + p1 * (square + 2 * y * y) + 2 * p2 * x * y
        columns = self.k[0, 0] * wide + self.k[0, 1] * high + self.k[0, 2]
        return np.stack([columns, self.k[1, 1] * high + self.k[1, 2]], axis=1)

    def as_object(self) -> dict[str, Any]:
        """The fields by name, for a file."""
        size = {"width": self.width, "height": self.height}
        return {**size, "k": self.k.tolist(), "d": self.d.tolist()}


def read_intrinsics(where: str, given: Mapping[str, Any]) -> Intrinsics:
    """Intrinsics from the fields of a file: `k`, and `d`, `width`, `height` where known."""
    k = read_matrix(where, "camera.k", read_field(where, given, "k", "camera."), 3)
    d = read_numbers(where, "camera.d", given.get("d", [0.0] * 5)).ravel()
    if len(d) not in (4, 5):
        want = "4 or 5 numbers: k1, k2, p1, p2[, k3]"
        raise BadValue(where, "camera.d", d.tolist(), want, "Calibrate with the plumb_bob model.")
    if min(k[0, 0], k[1, 1]) <= 0 or np.abs(k[2] - [0, 0, 1]).max() > 1e-9:
        want = "[[fx, 0, cx], [0, fy, cy], [0, 0, 1]]"
        raise BadValue(where, "camera.k", k.tolist(), want, "Copy it from the camera's info.")
    width, height = (_size(where, given, name) for name in ("width", "height"))
    return Intrinsics(width=width, height=height, k=k, d=np.resize([*d, 0.0], 5))


def _size(where: str, given: Mapping[str, Any], name: str) -> int:
    size = given.get(name, 0)
    if type(size) is not int or size < 0:
        raise BadValue(where, f"camera.{name}", size, "a number of pixels", "Copy the image's.")
    return size
