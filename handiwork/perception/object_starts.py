"""Where a search for an object begins: every rest, turned all the way round, in the thing's place.

Shapes: H starts, N points of a thing.
"""

import numpy as np

from handiwork.perception.camera import Camera
from handiwork.perception.known_object import KnownObject
from handiwork.perception.table_plane import TablePlane

TURNS = 36  # about the table's normal


def starts(
    wanted: KnownObject, table: TablePlane, camera: Camera, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Poses (H, 4, 4) in base, and the number of each one's rest, (H,).

    The middle of what faces the camera is put over the middle of the thing's points (N, 3).
    """
    base_from_table = table.base_from_table
    angles = 2 * np.pi * np.arange(TURNS) / TURNS
    about = np.tile(np.eye(4), (TURNS, 1, 1))
    about[:, 0, 0] = about[:, 1, 1] = np.cos(angles)
    about[:, 1, 0] = np.sin(angles)
    about[:, 0, 1] = -np.sin(angles)
    poses = (base_from_table @ about)[None] @ wanted.rests[:, None]  # (R, TURNS, 4, 4)
    poses = poses.reshape(-1, 4, 4)
    rests = np.repeat(np.arange(len(wanted.rests)), TURNS)
    upright = np.swapaxes(poses[:, :3, :3], 1, 2)
    places, normals = wanted.sketch.points @ upright, wanted.sketch.normals @ upright  # (H, M, 3)
    middle = points.mean(axis=0)
    towards = camera.base_from_optical[:3, 3] - middle
    facing = np.maximum(normals @ (towards / np.linalg.norm(towards)), 0)  # as large as it looks
    shown = np.einsum("hm,hmi->hi", facing, places) / facing.sum(axis=1, keepdims=True)
    off = middle - shown - poses[:, :3, 3]
    normal = base_from_table[:3, 2]
    poses[:, :3, 3] += off - (off @ normal)[:, None] * normal  # heights stay those of the rest
    return poses, rests
