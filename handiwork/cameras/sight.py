"""What a camera saw at one moment; what is made of it is made when it is first asked for.

Every array is a view of memory that the SDK owns and gives back when the array is gone.
Shapes: H, W rows and columns; N points.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from handiwork.cameras.processing import Processing

MILLIMETRE = 0.001  # [m] the unit of 16UC1 images


@dataclass(frozen=True, kw_only=True)
class Sight:
    """frames: by "color" and "depth", as many as are enabled; stamp: of the oldest of them [s].

    arrival: when the last of them came [s].
    """

    stamp: float
    arrival: float
    frames: dict[str, Any]
    processing: Processing

    @cached_property
    def colour(self) -> np.ndarray:
        """(H, W, 3) uint8, red first."""
        return np.asanyarray(self.frames["color"].get_data())

    @cached_property
    def depth(self) -> np.ndarray:
        """(H, W) uint16 [mm], 0 = unknown, filtered."""
        return _millimetres(self._filtered.get_depth_frame())

    @cached_property
    def aligned(self) -> np.ndarray:
        """(H, W) uint16 [mm] of the colour image's pixels, 0 = unknown."""
        return _millimetres(self._aligned.get_depth_frame())

    @cached_property
    def points(self) -> np.ndarray:
        """(H * W, 3) float32 [m] in the colour camera's optical frame; z = 0: unknown."""
        return self.processing.points(self._aligned.get_depth_frame())

    @cached_property
    def _filtered(self) -> Any:
        return self.processing.filtered(self.frames)

    @cached_property
    def _aligned(self) -> Any:
        return self.processing.aligned(self._filtered)


def _millimetres(frame: Any) -> np.ndarray:
    pixels, unit = np.asanyarray(frame.get_data()), frame.get_units()
    if abs(unit - MILLIMETRE) < 1e-8:
        return pixels
    scaled = np.rint(pixels * np.float32(unit / MILLIMETRE))
    scaled[scaled > np.iinfo(np.uint16).max] = 0  # farther than the image can say: unknown
    return scaled.astype(np.uint16)
