"""Push-T seen in a mirror: twice the demonstrations for nothing.

The T, its goal mark and the square table are symmetric about one line, the diagonal x + y = 512 px:
what was right to do is right in the mirror, and what is seen there is the picture flipped about it.
Shapes: T steps, P corners, C cameras.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.errors import BadValue
from handiwork.tasks import push_t


def mirrored_points(points: np.ndarray) -> np.ndarray:
    """(..., 2) [px] -> (..., 2) [px]."""
    return push_t.PLANE_PX - points[..., ::-1]


def mirrored_state(state: np.ndarray) -> np.ndarray:
    """Corners and agent (..., 18) [px], corners (..., 16) [px], or the agent (..., 2) [px].

    The corners keep their numbers on the mirrored block; the agent stays last.
    """
    points = mirrored_points(state.reshape(*state.shape[:-1], -1, 2))
    order = range(1) if points.shape[-2] == 1 else [*_mirrored_corners(), 8][: points.shape[-2]]
    return points[..., list(order), :].reshape(state.shape)


def mirrored_pictures(image: np.ndarray) -> np.ndarray:
    """(..., h, h, 3) pictures of the whole plane -> (..., h, h, 3), a view of them."""
    return np.swapaxes(image[..., ::-1, ::-1, :], -2, -3)


MIRRORS = {
    "state": mirrored_state,
    "objects": mirrored_state,
    "action": mirrored_points,
    "image": mirrored_pictures,
}


def with_mirrored(demonstrations: Demonstrations) -> Demonstrations:
    """Every episode as it is and, right after it, in the mirror.

    Raises:
        BadValue: demonstrations of another task.
    """
    if demonstrations.task != "push_t":
        got = demonstrations.task
        raise BadValue("demonstrations", "task", got, "push_t", "Do not mirror it.")
    ends = demonstrations.episode_ends
    return replace(
        demonstrations,
        arrays={
            name: _beside(array, MIRRORS[name], ends)
            for name, array in demonstrations.arrays.items()
        },
        episode_ends=np.repeat(np.diff(ends, prepend=0), 2).cumsum(),
        source={**demonstrations.source, "mirrored": True},
    )


def _beside(
    array: np.ndarray, mirrored: Callable[[np.ndarray], np.ndarray], ends: np.ndarray
) -> np.ndarray:
    """Steps (T, ...) of each episode, then those of its mirror image: (2 T, ...)."""
    both = np.empty((2 * len(array), *array.shape[1:]), array.dtype)
    for start, end in pairwise((0, *ends)):
        both[2 * start : start + end] = array[start:end]
        both[start + end : 2 * end] = mirrored(array[start:end])
    return both


def _mirrored_corners() -> list[int]:
    """Per corner of the mirrored block, which corner of the block it is the mirror image of."""
    goal = push_t.keypoints(push_t.GOAL_PX)  # (P, 2), symmetric as a whole
    apart = np.linalg.norm(goal[:, None] - mirrored_points(goal)[None], axis=-1)
    return apart.argmin(axis=1).tolist()
