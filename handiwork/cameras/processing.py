"""The SDK's own steps from raw frames to depth on the colour image: filters, alignment, points.

Source: the order is that of realsense2_camera: spatial, temporal, hole filling, alignment.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from handiwork.cameras.sdk import realsense

FILTERS = {
    "spatial": "spatial_filter",
    "temporal": "temporal_filter",
    "hole_filling": "hole_filling_filter",
}  # ours, in order, and the SDK's names
PATIENCE = 1000  # [ms] for a step that takes less than one


class Processing:
    """Blocks of the SDK; they remember earlier frames and belong to one thread.

    While one of them works, no other Python of this process does: the SDK's bindings hold the
    interpreter.
    """

    def __init__(self, filters: Sequence[str]) -> None:
        rs = realsense()
        self._parts: list[Any] = []
        self._compose = rs.processing_block(self._on_compose)
        self._composed = rs.frame_queue(1)
        self._compose.start(self._composed)
        self._filters = [getattr(rs, FILTERS[name])() for name in FILTERS if name in filters]
        self._align = rs.align(rs.stream.color)
        self._cloud = rs.pointcloud()

    def filtered(self, frames: dict[str, Any]) -> Any:
        """The frames as one set, its depth filtered."""
        self._parts = list(frames.values())
        self._compose.invoke(self._parts[0])
        self._parts = []
        frameset = self._composed.wait_for_frame(PATIENCE).as_frameset()
        for each in self._filters:
            frameset = each.process(frameset).as_frameset()
        return frameset

    def aligned(self, frameset: Any) -> Any:
        """The set with its depth seen from the colour camera."""
        return self._align.process(frameset)

    def points(self, depth: Any) -> np.ndarray:
        """(H * W, 3) float32 [m] in the frame of that depth."""
        return np.asanyarray(self._cloud.calculate(depth).get_vertices(2))

    def _on_compose(self, _: Any, source: Any) -> None:
        source.frame_ready(source.allocate_composite_frame(self._parts))
