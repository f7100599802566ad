"""How much each pixel looks like a colour, so that edges can be found between pixels.

A pixel on the edge of the block mixes block and table. Along the block's hue its chroma falls in
proportion to the share of the block, so half of the block's chroma is where the edge runs.

Source: CIE L*a*b* 1976; a and b span the chroma plane, and brightness is left out.
"""

from dataclasses import dataclass

import cv2
import numpy as np

EDGE = 128  # likeness at which a pixel is half block; 255 is all block
GREY_NOISE = 4.0  # chroma by which a grey pixel, which has no hue, may err


@dataclass(frozen=True, kw_only=True)
class Colour:
    """A saturated colour to look for, and how far a pixel's hue may be from it."""

    rgb: tuple[int, int, int]  # as the camera shows it, 0 to 255
    hue_tolerance: float  # [rad] in the a-b plane

    def __post_init__(self) -> None:
        if np.hypot(*self._chroma()) < 15.0:
            raise ValueError(
                f"rgb must be a saturated colour (chroma of at least 15 in L*a*b*), got {self.rgb}"
            )
        if not 0.0 < self.hue_tolerance < np.pi / 2:
            raise ValueError(f"hue_tolerance must be in (0, pi/2), got {self.hue_tolerance}")

    def _chroma(self) -> np.ndarray:
        """(2,) a and b."""
        pixel = np.array([[self.rgb]], np.uint8)
        return cv2.cvtColor(pixel, cv2.COLOR_RGB2LAB)[0, 0, 1:].astype(float) - 128.0

    def likeness(self, rgb: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 -> (H, W) uint8: chroma along the hue as a share of the colour's own."""
        chroma = self._chroma()
        strength = float(np.hypot(*chroma))
        along, across = chroma / strength, np.array([-chroma[1], chroma[0]]) / strength
        gate = np.tan(self.hue_tolerance) * along
        rows = np.array([along * 255.0 / strength, gate - across, gate + across])  # of a and b
        shift = np.array([0.0, GREY_NOISE, GREY_NOISE]) - 128.0 * rows.sum(axis=1)
        lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
        # OpenCV rounds and saturates to uint8, so what is below zero becomes zero.
        parts = cv2.transform(lab, np.column_stack([np.zeros(3), rows, shift]))
        likeness, low, high = cv2.split(parts)
        return cv2.copyTo(likeness, cv2.min(low, high))
