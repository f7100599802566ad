"""Follow the T from frame to frame: where it was last is where to look first."""

import numpy as np

from handiwork.perception.block_finder import BlockFinder, BlockFinderConfig
from handiwork.perception.camera import Camera
from handiwork.perception.planar_pose import PlanarPose

MEMORY = 0.5  # [s] after which a pose no longer says where to look


class BlockTracker:
    """A finder that remembers. A frame without the block is said, and forgets where it was."""

    def __init__(self, config: BlockFinderConfig, camera: Camera) -> None:
        self._finder = BlockFinder(config, camera)
        self._last: tuple[float, PlanarPose] | None = None

    def estimate(self, rgb: np.ndarray, depth: np.ndarray, now: float) -> PlanarPose:
        """The block's pose in the frame taken at `now` [s]: rgb (H, W, 3) uint8, depth (H, W)
        uint16 [mm] aligned to it.

        Raises:
            ObjectNotFound: the frame does not show the block well enough; the message says why.
        """
        last, self._last = self._last, None
        recent = last is not None and 0.0 <= now - last[0] <= MEMORY
        pose = self._finder.find(rgb, depth, last[1] if last is not None and recent else None)
        self._last = (now, pose)
        return pose
