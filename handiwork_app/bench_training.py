"""`handiwork bench training`: how fast the loop goes, and whether data keeps up with it."""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console

from handiwork.data.demonstrations import Demonstrations, write_demonstrations
from handiwork_app.learning_data import read_data
from handiwork_app.settings import Config
from handiwork_app.simulated import spec_of
from policies.config_tree import from_tree
from policies.training.config import TrainingConfig
from policies.training.loop import Trainer
from policies.training.machine import make_accelerator
from policies.training.meter import Meter
from policies.training.recipes import recipe
from policies.training.schedule import Span
from policies.training.window_data import split

REPORTS = 5  # the first is of the warm-up and does not count
EPISODES, LENGTH = 50, 125  # of made-up data, about the size of an episode of Push-T
PICTURE, POINTS = (84, 84, 3), (512, 3)


@dataclass
class _Rates:
    """Steps per second and the share of waiting, of all reports after the first."""

    steps_per_s: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    reports: int = 0

    def step(self, trainer: Trainer, meter: Meter) -> None:
        """Nothing to do."""

    def report(
        self, trainer: Trainer, span: Span, meter: Meter, loss: float, waited: float
    ) -> None:
        """Of the last stage, which takes most of a training."""
        self.reports += 1
        if self.reports > 1 and span.stage == trainer.policy.stages[-1]:
            rate, wait = meter.rates(waited)
            self.steps_per_s.append(rate)
            self.waits.append(wait)


def bench_training(config: Config, console: Console) -> dict[str, Any]:
    """Train for a while on the data given, or on made-up data of the task's sizes.

    policy.* and training.* are as for `handiwork train`; training.steps is how many are measured.
    """
    given = {"steps": 100, "seed": config.seed, "validation_episodes": 1, **config.training}
    settings = from_tree(TrainingConfig, given, "training")
    settings = replace(settings, report_every=max(settings.steps // REPORTS, 1))
    with tempfile.TemporaryDirectory() as folder, console.status("training for a while"):
        data = read_data(config) if config.data else made_up(config, Path(folder, "data"))
        accelerator = make_accelerator(settings)
        torch.manual_seed(settings.seed)
        policy = recipe(data, config.policy.name, config.policy.settings, 1)
        learned, _ = split(data, 1, policy.interface.horizon, policy.studied)
        rates = _Rates()
        Trainer(settings, policy, Path(folder), accelerator, {}).run(learned, rates)
    return {
        "policy": config.policy.name,
        "task": config.task.name,
        "obs": config.obs,
        "data": config.data or "made up",
        "parameters": sum(item.numel() for item in policy.parameters()),
        "batch_size": settings.batch_size,
        "device": accelerator.device.type,
        "threads": torch.get_num_threads(),
        "steps_per_s": float(np.median(rates.steps_per_s)),
        "loader_wait_fraction": float(np.mean(rates.waits)),
    }


def made_up(config: Config, folder: Path) -> Demonstrations:
    """Noise in the shapes that the task's world gives, memory-mapped as real data is."""
    spec, draws = spec_of(config.task.name, config.obs), np.random.default_rng(0)
    steps = EPISODES * LENGTH
    arrays: dict[str, np.ndarray] = {
        "state": draws.normal(size=(steps, len(spec.state_names))).astype(np.float32),
        "action": draws.normal(size=(steps, len(spec.action_names))).astype(np.float32),
    }
    if config.obs == "image":
        shape = (steps, len(spec.cameras), *PICTURE)
        arrays["image"] = draws.integers(0, 255, shape, dtype=np.uint8)
    if config.obs == "points":
        arrays["points"] = draws.normal(size=(steps, *POINTS)).astype(np.float32)
    return write_demonstrations(
        folder,
        Demonstrations(
            task=spec.task,
            obs=spec.obs,
            state_names=spec.state_names,
            state_units=spec.state_units,
            action_names=spec.action_names,
            action_units=spec.action_units,
            frame=spec.frame,
            period=spec.period,
            cameras=spec.cameras,
            arrays=arrays,
            episode_ends=np.arange(1, EPISODES + 1) * LENGTH,
            digest="",
        ),
    )
