"""The human demonstrations of Push-T as published: 206 episodes at 10 Hz, low-dimensional.

Shapes: T steps; observations are the T's 8 corners and the agent, 18 numbers [px]; actions are the
agent's target, 2 numbers [px].
"""

import hashlib
from pathlib import Path

import numpy as np

from handiwork.data.demonstrations import Demonstrations
from handiwork.errors import BadValue
from handiwork.tasks import push_t

OBSERVATION_NAMES = (
    *(f"block_corner_{index}_{axis}" for index in range(8) for axis in "xy"),
    "agent_x",
    "agent_y",
)
ACTION_NAMES = ("agent_target_x", "agent_target_y")
FRAME = "push_t_plane"


def observation(agent: np.ndarray, block: np.ndarray) -> np.ndarray:
    """What a policy sees: agent (..., 2) [px], block (..., 3) [px, px, rad] -> (..., 18) [px]."""
    corners = push_t.keypoints(block)
    return np.concatenate([corners.reshape(*corners.shape[:-2], 16), agent], axis=-1)


def read_demonstrations(path: Path) -> Demonstrations:
    """Read `pusht_lowdim.npz`: `state` (T, 5), `action` (T, 2), `episode_ends`.

    Raises:
        BadValue: a file that is not there, lacks an array, or has one that does not fit.
    """
    if not path.is_file():
        raise BadValue(
            str(path), "file", "missing", "the Push-T demonstrations (npz)", "Give data=PATH."
        )
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in ("state", "action", "episode_ends")}
    except (KeyError, OSError, ValueError) as error:
        raise BadValue(
            str(path),
            "content",
            str(error),
            "arrays state, action and episode_ends",
            "Fetch the file again.",
        ) from error
    check_steps(str(path), **arrays)
    state = arrays["state"].astype(np.float64)
    observed = observation(state[:, :2], state[:, 2:]).astype(np.float32)
    return Demonstrations(
        task="push_t",
        obs="state",
        state_names=OBSERVATION_NAMES,
        state_units=("px",) * len(OBSERVATION_NAMES),
        action_names=ACTION_NAMES,
        action_units=("px",) * len(ACTION_NAMES),
        frame=FRAME,
        period=push_t.PERIOD,
        cameras=(),
        arrays={"state": observed, "action": arrays["action"].astype(np.float32)},
        episode_ends=arrays["episode_ends"],
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        source={"file": path.name},
        place=str(path),
    )


def check_steps(path: str, state: np.ndarray, action: np.ndarray, episode_ends: np.ndarray) -> None:
    """Refuse published arrays that do not fit each other: (T, 5), (T, 2), (E,)."""
    fix = "Fetch the file again."
    steps = len(state)
    if state.shape != (steps, 5):
        raise BadValue(path, "state", state.shape, "(T, 5)", fix)
    if action.shape != (steps, 2):
        raise BadValue(path, "action", action.shape, f"({steps}, 2)", fix)
    if not (np.diff(episode_ends, prepend=0) > 0).all() or episode_ends[-1] != steps:
        raise BadValue(path, "episode_ends", episode_ends[-3:], f"rising to {steps}", fix)
    for name, values in (("state", state), ("action", action)):
        if not np.isfinite(values).all():
            raise BadValue(path, name, "not finite", "finite numbers", fix)
