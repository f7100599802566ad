"""Push-T seen in a mirror: twice the demonstrations for nothing.

The T, its goal mark and the square table are symmetric about one line, the diagonal x + y = 512 px:
what was right to do is right in the mirror.
Shapes: T steps, P corners.
"""

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
    """Corners and agent (..., 18) [px]; the corners keep their numbers on the mirrored block."""
    points = mirrored_points(state.reshape(*state.shape[:-1], 9, 2))
    order = [*_mirrored_corners(), 8]  # the agent stays last
    return points[..., order, :].reshape(state.shape)


def with_mirrored(demonstrations: Demonstrations) -> Demonstrations:
    """Every episode as it is and, right after it, in the mirror.

    Raises:
        BadValue: demonstrations of another task, or with pictures.
    """
    if (demonstrations.task, demonstrations.obs) != ("push_t", "state"):
        got = f"{demonstrations.task} with obs={demonstrations.obs}"
        raise BadValue("demonstrations", "task", got, "push_t with obs=state", "Do not mirror it.")
    arrays, ends = demonstrations.arrays, demonstrations.episode_ends
    parts: dict[str, list[np.ndarray]] = {"state": [], "action": []}
    for start, end in pairwise((0, *ends)):
        parts["state"] += [arrays["state"][start:end], mirrored_state(arrays["state"][start:end])]
        parts["action"] += [
            arrays["action"][start:end],
            mirrored_points(arrays["action"][start:end]),
        ]
    return replace(
        demonstrations,
        arrays={name: np.concatenate(pieces) for name, pieces in parts.items()},
        episode_ends=np.repeat(np.diff(ends, prepend=0), 2).cumsum(),
        source={**demonstrations.source, "mirrored": True},
    )


def _mirrored_corners() -> list[int]:
    """Per corner of the mirrored block, which corner of the block it is the mirror image of."""
    goal = push_t.keypoints(push_t.GOAL_PX)  # (P, 2), symmetric as a whole
    apart = np.linalg.norm(goal[:, None] - mirrored_points(goal)[None], axis=-1)
    return apart.argmin(axis=1).tolist()
