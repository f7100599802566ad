"""Where a board's points are seen, by a hand-eye that is not known well, and how that changes.

    camera_from_board = (mount_from_camera)^-1  mount_from_holder  holder_from_board

With the camera on the hand the mount is the gripper and the holder the base; with the camera beside
the robot they change places.
Shapes: K points.
"""

import numpy as np

from handiwork.geometry import inverse

_LEAST_DEPTH = 0.01  # [m] what is nearer, or behind the camera, is taken to be here


def mount_from_holder(kind: str, base_from_gripper: np.ndarray) -> np.ndarray:
    """(4, 4) [m] what the kinematics say in the belief's words; the same function goes back."""
    return inverse(base_from_gripper) if kind == "eye_in_hand" else base_from_gripper


def projected(
    mount_from_camera: np.ndarray,
    holder_from_board: np.ndarray,
    mount_from_holder: np.ndarray,
    points: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rays (K, 2) of board points (K, 3) [m], and how they change, (2 K, 12) and (2 K, 6).

    The first with the pair of unknowns, the second with a change of mount_from_holder.
    """
    in_holder = points @ holder_from_board[:3, :3].T
    in_mount = (in_holder + holder_from_board[:3, 3]) @ mount_from_holder[:3, :3].T
    placed = in_mount + mount_from_holder[:3, 3]
    camera_from_mount = mount_from_camera[:3, :3].T
    from_camera = placed - mount_from_camera[:3, 3]
    seen = from_camera @ camera_from_mount.T
    depth = np.maximum(seen[:, 2], _LEAST_DEPTH)
    rays = seen[:, :2] / depth[:, None]
    slope = np.zeros((len(points), 2, 3))  # of rays by the point in the optical frame
    slope[:, 0, 0] = slope[:, 1, 1] = 1 / depth
    slope[:, :, 2] = -rays / depth[:, None]
    by_mount = slope @ camera_from_mount  # by the point in the mount
    by_holder = by_mount @ mount_from_holder[:3, :3]
    by_change = np.concatenate(
        [-by_mount, by_mount @ _cross(from_camera), by_holder, -by_holder @ _cross(in_holder)],
        axis=2,
    )
    by_arm = np.concatenate([by_mount, -by_mount @ _cross(in_mount)], axis=2)
    return rays, by_change.reshape(-1, 12), by_arm.reshape(-1, 6)


def _cross(vectors: np.ndarray) -> np.ndarray:
    """For (K, 3) the matrices (K, 3, 3) that make a cross product of a product."""
    x, y, z = vectors.T
    nothing = np.zeros(len(vectors))
    rows = [[nothing, -z, y], [z, nothing, -x], [-y, x, nothing]]
    return np.moveaxis(np.array(rows), 2, 0)
