"""Train a diffusion policy on the human demonstrations of Push-T."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from handiwork.data.push_t import (
    OBSERVATION_NAMES,
    Demonstrations,
    read_demonstrations,
)
from handiwork.tasks import push_t
from policies.checkpoint import save_checkpoint
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.normaliser import Normaliser
from policies.spec import PUSH_T
from policies.training.loop import Progress, Trainer, TrainingConfig, Windows
from policies.windows import Horizon, windows

RELATIVE_TO = tuple(OBSERVATION_NAMES.index(name) for name in ("agent_x", "agent_y"))
ENCODER = KeypointConfig(
    goal=tuple(push_t.keypoints(push_t.GOAL_PX).ravel().tolist()),
    reach=2 * push_t.UNIT_PX,
    motion=10.0,  # [px] of a fast step of 0.1 s
    error=push_t.UNIT_PX,
    wave=20.0,  # [px]
)


def train_push_t(
    data: Path,
    folder: Path,
    config: TrainingConfig,
    validation_episodes: int,
    on_step: Callable[[int], None],
    on_report: Callable[[Progress], None],
) -> dict[str, Any]:
    """Train and write a checkpoint into `folder`; returns the figures of the training.

    validation_episodes: the last episodes of the data, kept out of the training.
    """
    demonstrations = read_demonstrations(data)
    horizon = Horizon()
    training, validation = _split(demonstrations, validation_episodes, horizon)
    torch.manual_seed(config.seed)
    origin = training.observed[:, -1:, RELATIVE_TO]
    policy = DiffusionPolicy(
        DiffusionConfig(
            observation_size=len(OBSERVATION_NAMES),
            relative_to=RELATIVE_TO,
            encoder=ENCODER,
            horizon=horizon,
        ),
        Normaliser.of_range(demonstrations.observations),
        Normaliser.of_spread((training.actions - origin).numpy()),
    )
    trainer = Trainer(config, policy, folder)
    last = trainer.run(training, validation, on_step, on_report)
    figures = {
        **dataclasses.asdict(config),
        "loss": last.loss,
        "validation_loss": last.validation_loss,
        "validation_episodes": validation_episodes,
        "data_sha256": demonstrations.digest,
        "data_steps": len(demonstrations.actions),
        "parameters": sum(item.numel() for item in policy.parameters()),
    }
    save_checkpoint(folder, trainer.average.module, PUSH_T, figures)
    return figures


def _split(data: Demonstrations, held_out: int, horizon: Horizon) -> tuple[Windows, Windows]:
    ends = data.episode_ends
    if not 1 <= held_out < len(ends):
        raise ValueError(f"validation_episodes must be in [1, {len(ends) - 1}], got {held_out}")
    cut = ends[-held_out - 1]
    parts = (
        windows(data.observations[:cut], data.actions[:cut], ends[:-held_out], horizon),
        windows(data.observations[cut:], data.actions[cut:], ends[-held_out:] - cut, horizon),
    )
    training, validation = (
        Windows(observed=torch.from_numpy(observed), actions=torch.from_numpy(actions))
        for observed, actions in parts
    )
    return training, validation
