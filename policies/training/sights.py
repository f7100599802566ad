"""What a policy is told of each task's observations, and what its actions are relative to."""

import dataclasses
from itertools import combinations
from typing import Any

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.tasks import push_t
from policies.action_codec import ABSOLUTE
from policies.encoders import (
    EncoderConfig,
    ImageConfig,
    KeypointConfig,
    KeypointsFromImageConfig,
    PointsConfig,
    StateConfig,
)

# The state that each action moves; others, such as a gripper's opening, are said absolutely.
MOVES = {
    "agent_target_x": "agent_x",
    "agent_target_y": "agent_y",
    **{f"tool_{part}_target": f"tool_{part}" for part in ("x", "y", "z", "yaw")},
}
KEYPOINTS = KeypointConfig(
    goal=tuple(push_t.keypoints(push_t.GOAL_PX).ravel().tolist()),
    reach=2 * push_t.UNIT_PX,
    motion=10.0,  # [px] of a fast step of 0.1 s
    error=push_t.UNIT_PX,
    wave=20.0,  # [px]
)
SCALES = {"x": 0.05, "y": 0.05, "z": 0.05, "yaw": 0.3}  # [m], [rad] that matter
# A yaw's first wave turns four times in a full turn, as square things look alike four times.
WAVES = (4 * SCALES["yaw"], 4.0)
CROPPED = 7 / 8  # of a picture's shorter side
SMALL = (16, 32, 64, 128)  # channels that a CPU can train


def relative_to(data: Demonstrations) -> tuple[int, ...]:
    """Per action the number of the state that it moves, or ABSOLUTE."""
    return tuple(
        data.state_names.index(MOVES[name]) if name in MOVES else ABSOLUTE
        for name in data.action_names
    )


def encoder_settings(data: Demonstrations, kind: str | None = None) -> dict[str, Any]:
    """The encoder for what the data shows. kind: another one than ours, where there are several."""
    return dataclasses.asdict(_encoder(data, kind))


def _encoder(data: Demonstrations, kind: str | None) -> EncoderConfig:
    size = len(data.state_names)
    match data.obs:
        case "image" if data.task == "push_t" and data.object_names and kind != "image":
            return KeypointsFromImageConfig(
                keypoints=KEYPOINTS, plane=push_t.PLANE_PX, side=data.arrays["image"].shape[2]
            )
        case "image":
            return _image(size, data.arrays["image"].shape)
        case "points":
            return _points(size, data.arrays["points"])
        case _ if data.task == "push_t":
            return KEYPOINTS
        case _:
            return _relations(data.state_names)


def _image(state_size: int, shape: tuple[int, ...]) -> ImageConfig:
    """For pictures (T, C, h, w, 3)."""
    _, cameras, height, width, _ = shape
    return ImageConfig(
        state_size=state_size,
        cameras=cameras,
        height=height,
        width=width,
        crop=round(CROPPED * min(height, width)),
        channels=SMALL,
    )


def _points(state_size: int, points: np.ndarray) -> PointsConfig:
    """Placed and scaled by some of the clouds (T, N, 3) [m]."""
    some = np.asarray(points[:: max(len(points) // 256, 1)], dtype=float).reshape(-1, 3)
    low, high = some.min(0), some.max(0)
    x, y, z = ((low + high) / 2).round(3).tolist()
    return PointsConfig(
        state_size=state_size,
        count=points.shape[1],
        centre=(x, y, z),
        extent=round(float((high - low).max() / 2), 3),
    )


def _relations(names: tuple[str, ...]) -> StateConfig:
    """How the tool and the things lie to each other: all pairs, along each coordinate."""
    places: dict[str, dict[str, int]] = {}
    for index, name in enumerate(names):
        thing, _, part = name.rpartition("_")
        if thing and part in SCALES:
            places.setdefault(thing, {})[part] = index
    related = [
        ((there[part], here[part]), SCALES[part])
        for here, there in combinations(places.values(), 2)
        for part in SCALES
        if part in here and part in there
    ]
    return StateConfig(
        state_size=len(names),
        pairs=tuple(pair for pair, _ in related),
        scales=tuple(scale for _, scale in related),
        waves=WAVES,
    )
