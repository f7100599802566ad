"""Points of the board placed in the camera through the robot, and how they move with the mounting.

Shapes: M points.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.geometry import cross


@dataclass(frozen=True, kw_only=True, eq=False)
class Placed:
    """Points on their way from the board to the camera.

    points: (M, 3) in the camera [m].
    reach: (M, 3) from the camera, in the axes of its parent [m].
    spread: (M, 3) from the board's origin, in the axes of its anchor [m].
    """

    points: np.ndarray
    reach: np.ndarray
    spread: np.ndarray


def placed(
    parent_from_anchor: np.ndarray, points: np.ndarray, camera: np.ndarray, board: np.ndarray
) -> Placed:
    """Points (M, 3) of the board, each with the robot (M, 4, 4) as it was in its view."""
    spread = points @ board[:3, :3].T
    parent = np.einsum("mij,mj->mi", parent_from_anchor[:, :3, :3], spread + board[:3, 3])
    reach = parent + parent_from_anchor[:, :3, 3] - camera[:3, 3]
    return Placed(points=reach @ camera[:3, :3], reach=reach, spread=spread)


def slope(
    parent_from_anchor: np.ndarray, found: Placed, camera: np.ndarray, change: np.ndarray
) -> np.ndarray:
    """(M, 3, 12) of the points by the changes of camera and board, at `change` (12,) of them."""
    into = camera[:3, :3].T
    carried = into @ parent_from_anchor[:, :3, :3]  # (M, 3, 3)
    by_camera = np.broadcast_to(-into, carried.shape)
    made = [by_camera, into @ cross(found.reach), carried, -carried @ cross(found.spread)]
    return turned(np.concatenate(made, axis=2), change)


def turned(by_small: np.ndarray, change: np.ndarray) -> np.ndarray:
    """(..., 12) slopes by small turns that follow `change`, as slopes by its rotation vectors."""
    made = by_small.copy()
    for part in (slice(3, 6), slice(9, 12)):
        made[..., part] = made[..., part] @ left_jacobian(change[part])
    return made


def left_jacobian(turn: np.ndarray) -> np.ndarray:
    """(3, 3) of small turns that follow a rotation vector (3,) by changes of it."""
    angle, across = float(np.linalg.norm(turn)), cross(turn)
    if angle < 1e-6:
        return np.eye(3) + across / 2
    once = (1 - np.cos(angle)) / angle**2
    twice = (angle - np.sin(angle)) / angle**3
    return np.eye(3) + once * across + twice * across @ across


def inverse_left_jacobian(turns: np.ndarray) -> np.ndarray:
    """(..., 3, 3) of changes of rotation vectors (..., 3) by small turns that follow them."""
    angle = np.maximum(np.linalg.norm(turns, axis=-1), 1e-6)[..., None, None]
    across = cross(turns)
    twice = 1 / angle**2 - (1 + np.cos(angle)) / (2 * angle * np.sin(angle))
    return np.eye(3) - across / 2 + np.where(angle > 1e-4, twice, 1 / 12) * (across @ across)
