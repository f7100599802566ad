"""Small demonstrations and generators that learn in no time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from handiwork.data.demonstrations import Demonstrations
from policies.generator import ActionGenerator
from policies.training.config import TrainingConfig
from policies.training.loop import Trainer
from policies.training.machine import make_accelerator
from policies.training.recipes import recipe
from policies.training.window_data import WindowData, split

CONFIG = TrainingConfig(
    steps=12, batch_size=16, warm_up_steps=3, report_every=4, validation_episodes=2, device="cpu"
)
STATE_NAMES = ("tool_x", "tool_y", "opening", "cube_x", "cube_y")
HORIZON = {"observed_steps": 2, "predicted_steps": 8, "executed_steps": 4}
MLP = {"kind": "mlp", "width": 16, "blocks": 1, "level_features": 8}
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "diffusion": {"horizon": HORIZON, "denoiser": MLP},
    "streaming": {
        "horizon": HORIZON | {"predicted_steps": 9},
        "denoiser": MLP,
        "sampling_levels": 4,
    },
    "carp": {
        "horizon": HORIZON,
        "tokenizer": {"scales": [1, 2], "codes": 4, "code_size": 4, "channels": 4},
        "transformer": {"width": 8, "depth": 1, "heads": 2, "condition_width": 8},
    },
}


def demonstrations(obs: str = "state", episodes: int = 8, seed: int = 0) -> Demonstrations:
    """A tool that goes to a cube and closes; lengths differ, so that no window fits twice."""
    draws = np.random.default_rng(seed)
    lengths = 20 + np.arange(episodes)
    parts = [_episode(length, draws) for length in lengths]
    state = np.concatenate([states for states, _ in parts]).astype(np.float32)
    arrays = {"state": state, "action": np.concatenate([actions for _, actions in parts])}
    arrays["action"] = arrays["action"].astype(np.float32)
    if obs == "image":
        arrays["image"] = draws.integers(0, 255, (len(state), 2, 20, 24, 3), dtype=np.uint8)
    if obs == "points":
        arrays["points"] = draws.normal(size=(len(state), 16, 3)).astype(np.float32)
    return Demonstrations(
        task="tiny",
        obs=obs,
        state_names=STATE_NAMES,
        state_units=("m",) * 5,
        action_names=("tool_x_target", "tool_y_target", "opening_target"),
        action_units=("m",) * 3,
        frame="base",
        period=0.1,
        cameras=("left", "right") if obs == "image" else (),
        arrays=arrays,
        episode_ends=np.cumsum(lengths),
        digest="0" * 64,
    )


def _episode(length: int, draws: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    cube, start = draws.uniform(-0.1, 0.1, (2, 2))
    share = np.linspace(0, 1, length + 1)[:, None]
    path = np.hstack([start + share * (cube - start), 0.08 * (1 - share)])
    return np.hstack([path[:-1], np.tile(cube, (length, 1))]), path[1:]


def generator(kind: str, data: Demonstrations, **settings: Any) -> ActionGenerator:
    """The same weights every time."""
    torch.manual_seed(0)
    return recipe(data, kind, SETTINGS[kind] | settings, CONFIG.validation_episodes)


def trainer(folder: Path, policy: ActionGenerator, config: TrainingConfig = CONFIG) -> Trainer:
    """A training in a folder, from its state if there is one."""
    return Trainer(config, policy, folder, make_accelerator(config), {})


def windows_for(policy: ActionGenerator, data: Demonstrations) -> tuple[WindowData, WindowData]:
    """To learn from, and held out."""
    horizon, inputs = policy.interface.horizon, policy.encoder.inputs
    return split(data, CONFIG.validation_episodes, horizon, inputs)


def weights(policy: ActionGenerator) -> torch.Tensor:
    """All that a policy has learned, in one row."""
    return torch.cat([item.double().flatten() for item in policy.state_dict().values()])
