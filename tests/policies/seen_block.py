"""Push-T in small pictures: the block drawn where its corners are, and short demonstrations."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.data.push_t import ACTION_NAMES, FRAME
from handiwork.data.push_t_images import CAMERAS, OBJECT_NAMES, STATE_NAMES
from handiwork.tasks import push_t

SIDE, FINER = 32, 8  # px of a picture, and of what it is drawn as before it is made smaller
EYE = {"channels": [8, 16, 16], "lesson_share": 1.0, "lesson_one_in": 2}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "diffusion": {"encoder": EYE, "denoiser": {"kind": "mlp", "width": 16, "blocks": 1}},
    "streaming": {"encoder": EYE, "denoiser": {"kind": "mlp", "width": 16, "blocks": 1}},
    "carp": {
        "encoder": EYE,
        "tokenizer": {"codes": 4, "code_size": 4, "channels": 4},
        "transformer": {"width": 8, "depth": 1, "heads": 2, "condition_width": 8},
    },
}


def poses(count: int, seed: int) -> np.ndarray:
    """(count, 3) of blocks about the goal [px], [rad]; a narrow range is learned in little time."""
    away = np.array([60.0, 60.0, 0.5])
    draws = np.random.default_rng(seed)
    return draws.uniform(push_t.GOAL_PX - away, push_t.GOAL_PX + away, (count, 3))


def picture(block: np.ndarray) -> np.ndarray:
    """A block's pose (3,) -> (SIDE, SIDE, 3) uint8."""
    large = np.full((SIDE * FINER, SIDE * FINER, 3), 255, np.uint8)
    corners = push_t.keypoints(block) * len(large) / push_t.PLANE_PX - 0.5
    cv2.fillPoly(large, [np.round(corners * 16).astype(np.int32)], (119, 136, 153), shift=4)
    return cv2.resize(large, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def demonstrations(episodes: int = 6, seed: int = 0) -> Demonstrations:
    """An agent that wanders beside blocks which lie still."""
    draws, lengths = np.random.default_rng(seed), 12 + np.arange(episodes)
    blocks = np.repeat(poses(episodes, seed), lengths, axis=0)
    steps = len(blocks)
    return Demonstrations(
        task="push_t",
        obs="image",
        state_names=STATE_NAMES,
        state_units=("px",) * 2,
        action_names=ACTION_NAMES,
        action_units=("px",) * 2,
        frame=FRAME,
        period=push_t.PERIOD,
        cameras=CAMERAS,
        arrays={
            "state": draws.uniform(0, 512, (steps, 2)).astype(np.float32),
            "action": draws.uniform(0, 512, (steps, 2)).astype(np.float32),
            "image": np.array([picture(block) for block in blocks])[:, None],
            "objects": push_t.keypoints(blocks).reshape(steps, 16).astype(np.float32),
        },
        object_names=OBJECT_NAMES,
        episode_ends=np.cumsum(lengths),
        digest="0" * 64,
    )
