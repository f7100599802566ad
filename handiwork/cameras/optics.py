"""How a stream's pixels lie in space: its intrinsics, and where streams sit against each other.

Source: librealsense's rs_types.h (extrinsics are column-major); realsense2_camera, which tells the
SDK's coefficients as plumb_bob whatever way round the SDK applies them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from handiwork.cameras.sdk import realsense
from handiwork.cameras.video_mode import mode_of
from handiwork.errors import BadValue, CameraFailed


@dataclass(frozen=True, kw_only=True)
class Optics:
    """k (3, 3) [px]; d (5,) of model "plumb_bob", (4,) of "equidistant"."""

    width: int
    height: int
    k: np.ndarray
    d: np.ndarray
    model: str


def optics_of(profile: Any) -> Optics:
    """Of a video stream.

    Raises:
        BadValue: the device has intrinsics of another resolution.
    """
    mode, told = mode_of(profile), profile.as_video_stream_profile().get_intrinsics()
    if (told.width, told.height) != (mode.width, mode.height):
        got, want = f"{told.width}x{told.height}", f"those of {mode.width}x{mode.height}"
        raise BadValue("camera", "intrinsics", got, want, "Calibrate it in this resolution.")
    fisheye = told.model == realsense().distortion.kannala_brandt4
    return Optics(
        width=told.width,
        height=told.height,
        k=np.array([[told.fx, 0, told.ppx], [0, told.fy, told.ppy], [0, 0, 1]]),
        d=np.array(told.coeffs[:4] if fisheye else told.coeffs),
        model="equidistant" if fisheye else "plumb_bob",
    )


def target_from_source(source: Any, target: Any) -> np.ndarray:
    """(4, 4) [m] between the optical frames of two streams.

    Raises:
        CameraFailed: the device does not know it.
    """
    try:
        told = source.get_extrinsics_to(target)
    except RuntimeError as error:
        what = f"{source.stream_name()} and {target.stream_name()} have no extrinsics ({error})"
        raise CameraFailed("camera", "fault", what, "Calibrate the camera anew.") from error
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(told.rotation, (3, 3), order="F")
    matrix[:3, 3] = told.translation
    return matrix
