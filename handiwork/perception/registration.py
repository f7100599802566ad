"""Poses of a surface that fit points seen of it, improved from many starts at once.

Each point is drawn to the nearest place of the surface: fully along that place's normal, a little
along the surface, so that points beyond an edge draw it after them. Points far off count little.
That the object rests on the table is one more measurement, with its own deviation.

Source: Chen & Medioni, Image and Vision Computing 10(3), 1992 (point to plane); Zhou, Park &
Koltun, Fast global registration, ECCV 2016 (Geman-McClure weights that narrow step by step).
Shapes: H poses (4, 4) [m], N points, M places of the surface.
A motion (6,) is [m] along and [rad] about the object's own axes; pose' = pose exp(motion).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from handiwork.perception.surface import Surface

ALONG = 0.1  # of the pull along the surface, of that along the normal


@dataclass(frozen=True, kw_only=True, eq=False)
class Rest:
    """How an object stands on a table, to within deviations.

    table: (3,) normal of its top in base, and `level`: normal . place of the top [m].
    up: (H, 3) the table's normal in the object's frame as each pose has it stand; heights: (H,) of
    its origin above the top [m].
    """

    table: np.ndarray
    level: float
    up: np.ndarray
    heights: np.ndarray
    height_deviation: float  # [m]
    tilt_deviation: float  # [rad]


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """poses: (H, 4, 4). information: (H, 6, 6) about a motion of each, of points with unit variance
    along normals. rest_information: (H, 6, 6) of resting on the table. distances: (H, N) of points
    from the surface [m].
    """

    poses: np.ndarray
    information: np.ndarray
    rest_information: np.ndarray
    distances: np.ndarray


def improved(
    surface: Surface,
    near: Callable[[np.ndarray], np.ndarray],
    points: np.ndarray,
    poses: np.ndarray,
    rest: Rest,
    scales: np.ndarray,
    deviation: float,
) -> np.ndarray:
    """Better poses than those given, (H, 4, 4), by one round for each scale [m], at which a point
    counts a quarter.

    near: (..., 3) places in the object's frame -> numbers of surface points.
    points: (N, 3) in base [m]; deviation: of their depth [m].
    """
    for scale in scales:
        normal, pull, _, _ = _round(surface, near, points, poses, scale)
        rest_normal, rest_pull = _rest(poses, rest)
        normal = normal / deviation**2 + rest_normal
        pull = pull / deviation**2 + rest_pull
        motions = -np.linalg.solve(normal + 1e-6 * np.eye(6), pull[..., None])[..., 0]
        poses = poses @ _exponential(motions)
    return poses


def register(
    surface: Surface,
    near: Callable[[np.ndarray], np.ndarray],
    points: np.ndarray,
    poses: np.ndarray,
    rest: Rest,
    scales: np.ndarray,
    deviation: float,
) -> Fit:
    """The same, and how well they fit in the end."""
    poses = improved(surface, near, points, poses, rest, scales, deviation)
    _, _, information, distances = _round(surface, near, points, poses, scales[-1])
    return Fit(
        poses=poses,
        information=information,
        rest_information=_rest(poses, rest)[0],
        distances=distances,
    )


def _round(
    surface: Surface,
    near: Callable[[np.ndarray], np.ndarray],
    points: np.ndarray,
    poses: np.ndarray,
    scale: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Normal matrix (H, 6, 6), pull (H, 6), its part along normals, and distances (H, N)."""
    local = (points - poses[:, None, :3, 3]) @ poses[:, :3, :3]  # (H, N, 3)
    number = near(local)
    normals = surface.normals[number]
    off = local - surface.points[number]
    distance = np.linalg.norm(off, axis=-1)
    weight = (1 / (1 + (distance / scale) ** 2)) ** 2  # (H, N)
    row = np.concatenate([-normals, np.cross(normals, local)], axis=-1)  # (H, N, 6)
    weighted = row * weight[..., None]
    flat = np.swapaxes(weighted, 1, 2) @ row
    pull = np.einsum("hni,hn->hi", weighted, np.einsum("hni,hni->hn", normals, off))
    around = np.concatenate(
        [np.broadcast_to(-np.eye(3), (*local.shape, 3)), _cross(local)], axis=-1
    )  # (H, N, 3, 6)
    shape = (len(poses), -1, 6)
    heavy = (around * weight[..., None, None]).reshape(shape)
    whole = np.swapaxes(heavy, 1, 2) @ around.reshape(shape)
    whole_pull = np.einsum("hki,hk->hi", heavy, off.reshape(len(poses), -1))
    mixed = (1 - ALONG) * flat + ALONG * whole
    return mixed, (1 - ALONG) * pull + ALONG * whole_pull, flat, distance


def _rest(poses: np.ndarray, rest: Rest) -> tuple[np.ndarray, np.ndarray]:
    """What resting on the table adds: (H, 6, 6) and (H, 6)."""
    up = rest.table @ poses[:, :3, :3]  # (H, 3) the table's normal in the object's frame
    tilt = up - rest.up
    height = poses[:, :3, 3] @ rest.table - rest.level - rest.heights
    by_turn = _cross(up)  # (H, 3, 3)
    normal, pull = np.zeros((len(poses), 6, 6)), np.zeros((len(poses), 6))
    normal[:, :3, :3] = up[:, :, None] * up[:, None, :] / rest.height_deviation**2
    pull[:, :3] = up * height[:, None] / rest.height_deviation**2
    across = np.swapaxes(by_turn, 1, 2) / rest.tilt_deviation**2
    normal[:, 3:, 3:] = across @ by_turn
    pull[:, 3:] = (across @ tilt[..., None])[..., 0]
    return normal, pull


def _cross(vectors: np.ndarray) -> np.ndarray:
    """(..., 3) -> (..., 3, 3) whose product with another vector is the cross product."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1).reshape(*x.shape, 3, 3)


def _exponential(motions: np.ndarray) -> np.ndarray:
    """(H, 6) motions -> (H, 4, 4), steps of more than 0.5 rad cut to that."""
    turn = motions[:, 3:]
    angle = np.linalg.norm(turn, axis=1)
    turn = turn * np.minimum(1, 0.5 / np.maximum(angle, 1e-12))[:, None]
    angle = np.maximum(np.linalg.norm(turn, axis=1), 1e-12)[:, None, None]
    cross = _cross(turn)
    poses = np.tile(np.eye(4), (len(motions), 1, 1))
    poses[:, :3, :3] += np.sin(angle) / angle * cross
    poses[:, :3, :3] += (1 - np.cos(angle)) / angle**2 * cross @ cross
    poses[:, :3, 3] = motions[:, :3]
    return poses
