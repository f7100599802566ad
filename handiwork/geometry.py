"""Rigid transforms as (4, 4) matrices, named `target_from_source`, and small changes of them.

A change of a transform is a vector of six: translation x, y, z [m], then a rotation vector [rad],
both in the parent (target) frame: the translation is added, the rotation is multiplied from the
left. Covariances of transforms are of this vector.
Shapes: ... any leading axes.
"""

import numpy as np
from scipy.spatial.transform import Rotation

ROUNDING = 1e-3  # by which a matrix written with few digits may miss a rotation


def pose(rotation: np.ndarray, translation: np.ndarray) -> np.ndarray:
    """(..., 3, 3) and (..., 3) [m] -> (..., 4, 4)."""
    shape = np.broadcast_shapes(np.shape(rotation)[:-2], np.shape(translation)[:-1])
    made = np.zeros((*shape, 4, 4))
    made[..., :3, :3] = rotation
    made[..., :3, 3] = translation
    made[..., 3, 3] = 1.0
    return made


def inverse(transform: np.ndarray) -> np.ndarray:
    """(..., 4, 4) a_from_b -> b_from_a."""
    back = np.swapaxes(transform[..., :3, :3], -1, -2)
    return pose(back, -(back @ transform[..., :3, 3:])[..., 0])


def pose_from_vector(vector: np.ndarray) -> np.ndarray:
    """(..., 6) x, y, z [m] and rotation vector [rad] -> (..., 4, 4)."""
    vector = np.asarray(vector, float)
    turn = Rotation.from_rotvec(vector[..., 3:].reshape(-1, 3)).as_matrix()
    return pose(turn.reshape(*vector.shape[:-1], 3, 3), vector[..., :3])


def vector_from_pose(transform: np.ndarray) -> np.ndarray:
    """(..., 4, 4) -> (..., 6) x, y, z [m] and rotation vector [rad]."""
    turn = rotation_vector(transform)
    return np.concatenate([transform[..., :3, 3], turn], axis=-1)


def rotation_vector(transform: np.ndarray) -> np.ndarray:
    """(..., 4, 4) or (..., 3, 3) -> (..., 3) rotation vectors [rad], no longer than pi."""
    turns = np.asarray(transform)[..., :3, :3]
    vectors = Rotation.from_matrix(turns.reshape(-1, 3, 3)).as_rotvec()
    return vectors.reshape(*turns.shape[:-2], 3)


def changed(transform: np.ndarray, change: np.ndarray) -> np.ndarray:
    """The transform (..., 4, 4) after a change (..., 6) in its parent frame."""
    step = pose_from_vector(change)
    turned = step[..., :3, :3] @ transform[..., :3, :3]
    return pose(turned, transform[..., :3, 3] + step[..., :3, 3])


def change_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(..., 6) the change that makes `end` of `start`, both (..., 4, 4)."""
    turn = end[..., :3, :3] @ np.swapaxes(start[..., :3, :3], -1, -2)
    return np.concatenate([end[..., :3, 3] - start[..., :3, 3], rotation_vector(turn)], axis=-1)


def cross(vectors: np.ndarray) -> np.ndarray:
    """(..., 3) -> (..., 3, 3) that multiplies as the cross product from the left."""
    made = np.zeros((*vectors.shape, 3))
    x, y, z = np.moveaxis(vectors, -1, 0)
    made[..., 0, 1], made[..., 0, 2], made[..., 1, 2] = -z, y, -x
    made[..., 1, 0], made[..., 2, 0], made[..., 2, 1] = z, -y, x
    return made


def mean_pose(transforms: np.ndarray) -> np.ndarray:
    """(N, 4, 4) -> (4, 4) with the mean translation and the chordal mean rotation."""
    turn = Rotation.from_matrix(transforms[:, :3, :3]).mean().as_matrix()
    return pose(turn, transforms[:, :3, 3].mean(axis=0))


def nearest_rigid(matrix: np.ndarray) -> np.ndarray:
    """(4, 4) with the nearest rotation, for matrices that `rigid_fault` finds no fault with."""
    left, _, right = np.linalg.svd(matrix[:3, :3])
    return pose(left @ right, matrix[:3, 3])


def rigid_fault(matrix: np.ndarray) -> str | None:
    """Why the matrix is no rigid transform, in a few words; None where it is one."""
    if matrix.shape != (4, 4):
        return f"of shape {matrix.shape}"
    if not np.isfinite(matrix).all():
        return "not finite"
    if np.abs(matrix[3] - [0, 0, 0, 1]).max() > ROUNDING:
        if np.abs(matrix[:, 3] - [0, 0, 0, 1]).max() <= ROUNDING:
            return "written column by column"
        return f"with the last row {np.round(matrix[3], 4).tolist()}"
    turn = matrix[:3, :3]
    error = float(np.abs(turn @ turn.T - np.eye(3)).max())
    if error > ROUNDING:
        return f"scaled or skewed by {error:.3g}"
    if np.linalg.det(turn) < 0:
        return "mirrored, with determinant -1"
    return None
