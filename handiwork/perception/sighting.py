"""One picture, taken apart: the table, the robot left out, and the things that stand on the table.

Shapes: H, W rows and columns, V cells, N points of a thing.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.perception.camera import Camera
from handiwork.perception.cloud import CloudMaker
from handiwork.perception.clusters import cluster
from handiwork.perception.depth_picture import check_colour
from handiwork.perception.robot_points import RobotPoints
from handiwork.perception.table_plane import TablePlane, find_table
from handiwork.perception.voxels import VoxelCloud

ABOVE = 0.008  # [m] from the table, from which a cell is of a thing
JUST_ABOVE = 0.005  # [m] the same for a point


@dataclass(frozen=True, kw_only=True, eq=False)
class Sighting:
    """depth: (H, W) uint16 [mm]. cloud: all cells; own: (V,) which of them are the robot's.
    labels: (V,) which thing each cell is of, 0 the largest, -1 none; pixels: (H, W) the same.
    """

    depth: np.ndarray
    rgb: np.ndarray | None
    camera: Camera
    cloud: VoxelCloud
    own: np.ndarray
    table: TablePlane
    labels: np.ndarray
    pixels: np.ndarray

    @property
    def things(self) -> int:
        """How many there are."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def others(self) -> VoxelCloud:
        """The cloud without the robot."""
        return self.cloud.only(~self.own)

    def points_of(self, thing: int) -> np.ndarray:
        """(N, 3) every pixel's point of a thing in base [m], the table's edge of it left out."""
        return self._raised(thing)[1]

    def colour_of(self, thing: int) -> np.ndarray | None:
        """(N, 3) uint8 of the same pixels; None where the picture has no colour."""
        if self.rgb is None:
            return None
        return self.rgb.reshape(-1, 3)[self._raised(thing)[0]]

    def _raised(self, thing: int) -> tuple[np.ndarray, np.ndarray]:
        pixels = np.flatnonzero(self.pixels == thing)
        row, column = np.divmod(pixels, self.camera.width)
        depth = self.depth.ravel()[pixels] * 1e-3
        points = self.camera.deproject(np.column_stack([column, row]), depth)
        above = self.table.heights(points) > JUST_ABOVE
        return pixels[above], points[above]


def look(
    maker: CloudMaker,
    depth: np.ndarray,
    camera: Camera,
    rgb: np.ndarray | None = None,
    robot: RobotPoints | None = None,
    positions: np.ndarray | None = None,
) -> Sighting:
    """Take one picture apart: depth (H, W) uint16 [mm], colour (H, W, 3) uint8 aligned to it.

    robot: left out of the things where it is given, at joint positions (J,) [rad].

    Raises:
        WrongShape, BadValue: depth, colour or camera do not fit each other.
        ObjectNotFound: there is no table.
    """
    if rgb is not None:
        check_colour(rgb, depth)
    cloud = maker.cells(depth, camera)
    own = np.zeros(len(cloud.points), bool)
    if robot is not None and positions is not None:
        own = robot.among(cloud.points, positions)
    return sighted(maker, cloud, own, depth, camera, rgb)


def sighted(
    maker: CloudMaker,
    cloud: VoxelCloud,
    own: np.ndarray,
    depth: np.ndarray,
    camera: Camera,
    rgb: np.ndarray | None = None,
) -> Sighting:
    """The rest of it, where the cloud and which of its points are the robot's, (V,), are known.

    Raises:
        ObjectNotFound: there is no table.
    """
    table = find_table(cloud.points[~own])
    standing = ~own & (table.heights(cloud.points) > ABOVE)
    labels = np.full(len(cloud.points), -1)
    labels[standing] = cluster(cloud.points[standing], maker.config.box.cell)
    return Sighting(
        depth=depth,
        rgb=rgb,
        camera=camera,
        cloud=cloud,
        own=own,
        table=table,
        labels=labels,
        pixels=maker.voxels.labels_of_depth(depth, camera, cloud.cells, labels),
    )
