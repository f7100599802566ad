"""The human demonstrations of Push-T as published: 206 episodes at 10 Hz, low-dimensional.

Shapes: T steps; observations are the T's 8 corners and the agent, 18 numbers [px]; actions are the
agent's target, 2 numbers [px].
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handiwork.errors import BadValue
from handiwork.tasks import push_t

OBSERVATION_NAMES = (
    *(f"block_corner_{index}_{axis}" for index in range(8) for axis in "xy"),
    "agent_x",
    "agent_y",
)
ACTION_NAMES = ("agent_target_x", "agent_target_y")


@dataclass(frozen=True, kw_only=True)
class Demonstrations:
    """Episodes laid end to end.

    observations: (T, 18) [px]. actions: (T, 2) [px]. episode_ends: (episodes,) exclusive.
    digest: SHA-256 of the file they came from.
    """

    observations: np.ndarray
    actions: np.ndarray
    episode_ends: np.ndarray
    digest: str


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
    _check(str(path), **arrays)
    state = arrays["state"].astype(np.float64)
    return Demonstrations(
        observations=observation(state[:, :2], state[:, 2:]).astype(np.float32),
        actions=arrays["action"].astype(np.float32),
        episode_ends=arrays["episode_ends"],
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )


def _check(path: str, state: np.ndarray, action: np.ndarray, episode_ends: np.ndarray) -> None:
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
