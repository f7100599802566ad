"""What a depth picture and its colour must be, before anything is made of them."""

import numpy as np

from handiwork.errors import BadValue, WrongShape
from handiwork.perception.camera import Camera


def check_depth(depth: np.ndarray, camera: Camera) -> None:
    """(H, W) uint16 [mm], 0 unknown, of the camera's own size.

    Raises:
        WrongShape: another size, so that the intrinsics are those of another picture.
        BadValue: nothing was measured anywhere, or depth is not in millimetres as uint16.
    """
    if depth.shape != (camera.height, camera.width):
        want = f"({camera.height}, {camera.width}) as the camera's intrinsics have it"
        raise WrongShape("depth", depth.shape, want)
    if depth.dtype != np.uint16:
        raise BadValue("depth", "type", str(depth.dtype), "uint16 [mm]", "Convert it first.")
    if not depth.any():
        raise BadValue(
            "depth",
            "every pixel",
            0,
            "distances [mm] in some",
            "Check that the camera's emitter is on and that nothing covers it.",
        )


def check_colour(rgb: np.ndarray, depth: np.ndarray) -> None:
    """Colour (H, W, 3) uint8 that lies on the depth (H, W) pixel by pixel.

    Raises:
        WrongShape: another size or type.
    """
    if rgb.shape != (*depth.shape, 3) or rgb.dtype != np.uint8:
        want = f"{(*depth.shape, 3)} uint8, aligned to the depth"
        raise WrongShape(f"colour of {rgb.dtype}", rgb.shape, want)
