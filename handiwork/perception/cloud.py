"""From a depth picture to few points in the robot's base: cropped, one per cell, evenly spread.

Shapes: H, W rows and columns, V occupied cells, K points.
"""

from dataclasses import dataclass, field

import numpy as np

from handiwork.errors import BadValue
from handiwork.perception.camera import Camera
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.depth_picture import check_depth
from handiwork.perception.farthest_points import farthest_points
from handiwork.perception.outliers import OutlierFilter, without_outliers
from handiwork.perception.voxels import VoxelCloud, Voxels


@dataclass(frozen=True, kw_only=True)
class CloudConfig:
    """What a cloud holds. outliers: None keeps every point."""

    box: CloudBox = field(default_factory=CloudBox)
    count: int = 4096
    outliers: OutlierFilter | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"count must be 1 or more, got {self.count}")


class CloudMaker:
    """Keeps the table of cells from picture to picture. The camera may move between them."""

    def __init__(self, config: CloudConfig | None = None) -> None:
        self.config = config or CloudConfig()
        self.voxels = Voxels(self.config.box)

    def prepare(self) -> None:
        """Compile what is compiled on first use, or load it, so that no picture has to wait."""
        pose = np.diag([1.0, -1.0, -1.0, 1.0])
        pose[:3, 3] = [*np.mean([self.config.box.low, self.config.box.high], axis=0)[:2], 0.0]
        pose[2, 3] = self.config.box.high[2] + 0.5
        k = np.array([[64.0, 0.0, 31.5], [0.0, 64.0, 31.5], [0.0, 0.0, 1.0]])
        camera = Camera(k=k, width=64, height=64, base_from_optical=pose)
        depth = np.full((64, 64), 600, np.uint16)
        depth[::2] = 1e3 * (pose[2, 3] - self.config.box.low[2]) - 5
        cloud = self.voxels.of_depth(depth, camera)
        self.voxels.labels_of_depth(depth, camera, cloud.cells, np.zeros(len(cloud.cells), int))
        farthest_points(np.vstack([cloud.points, np.eye(3, dtype=np.float32)]), 2)

    def cells(self, depth: np.ndarray, camera: Camera) -> VoxelCloud:
        """One point per occupied cell: depth (H, W) uint16 [mm], 0 unknown.

        Raises:
            WrongShape, BadValue: the picture does not fit the camera, or shows nothing in the box.
        """
        check_depth(depth, camera)
        cloud = self.voxels.of_depth(depth, camera)
        if not len(cloud.points):
            box = self.config.box
            raise BadValue(
                "cloud",
                "points in the box",
                0,
                f"some between {list(box.low)} and {list(box.high)} m in base",
                "Check the box and where the calibration says that the camera is.",
            )
        return cloud

    def sampled(self, cloud: VoxelCloud) -> np.ndarray:
        """(K, 3) float32 points in base [m]; K is `count`, or less where fewer cells are seen."""
        points = cloud.points
        if self.config.outliers is not None:
            points = without_outliers(points, self.config.outliers)
        return points[farthest_points(points, self.config.count)]

    def points(self, depth: np.ndarray, camera: Camera) -> np.ndarray:
        """Both steps: depth (H, W) uint16 [mm] -> (K, 3) float32 in base [m]."""
        return self.sampled(self.cells(depth, camera))
