"""Intrinsics as ROS's camera_info_manager reads them.

Source: the YAML of camera_calibration and camera_calibration_parsers.
"""

from typing import Any

import numpy as np

from calibration.camera_model import Intrinsics


def camera_info_as_object(camera: Intrinsics, name: str) -> dict[str, Any]:
    """What a camera's `camera_info_url` points to."""
    projection = np.column_stack([camera.k, np.zeros(3)])
    return {
        "image_width": camera.width,
        "image_height": camera.height,
        "camera_name": name,
        "camera_matrix": _matrix(camera.k),
        "distortion_model": "plumb_bob",
        "distortion_coefficients": _matrix(camera.d[None]),
        "rectification_matrix": _matrix(np.eye(3)),
        "projection_matrix": _matrix(projection),
    }


def _matrix(values: np.ndarray) -> dict[str, Any]:
    rows, columns = values.shape
    return {"rows": rows, "cols": columns, "data": values.ravel().tolist()}
