"""The training loop: batches of windows in, averaged weights out; resumable and repeatable.

Shapes: N windows, O observed, H predicted steps, D observation size, A action size.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.tensorboard import SummaryWriter

from policies.diffusion import DiffusionPolicy
from policies.ema import MovingAverage
from policies.training.state import read_state, write_state


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How to train; the defaults made the shipped Push-T checkpoint on one CPU core."""

    steps: int = 15_000
    batch_size: int = 256
    learning_rate: float = 1e-3
    weight_decay: float = 1e-6
    betas: tuple[float, float] = (0.95, 0.999)
    warm_up_steps: int = 300
    report_every: int = 500  # steps between validations and saved states
    seed: int = 0

    def __post_init__(self) -> None:
        if min(self.steps, self.batch_size, self.report_every) < 1:
            raise ValueError(f"steps, batch_size and report_every must be >= 1, got {self}")


@dataclass(frozen=True, kw_only=True)
class Windows:
    """Training or validation data: observed (N, O, D) and actions (N, H, A)."""

    observed: Tensor
    actions: Tensor


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What the loop tells while it runs."""

    step: int
    loss: float  # mean since the last report
    validation_loss: float  # of the averaged weights
    seconds_per_step: float


class Trainer:
    """Trains one policy; `run` goes on from the state in `folder` where there is one."""

    def __init__(self, config: TrainingConfig, policy: DiffusionPolicy, folder: Path) -> None:
        self.config = config
        self.policy = policy
        self.average = MovingAverage(policy)
        self.step = 0
        self._generator = torch.Generator().manual_seed(config.seed)
        self._optimiser = torch.optim.AdamW(
            policy.parameters(),
            lr=config.learning_rate,
            betas=config.betas,
            weight_decay=config.weight_decay,
        )
        self._state = folder / "training_state.safetensors"
        folder.mkdir(parents=True, exist_ok=True)
        self._curves = SummaryWriter(str(folder / "curves"))

    def run(
        self,
        training: Windows,
        validation: Windows,
        on_step: Callable[[int], None],
        on_report: Callable[[Progress], None],
    ) -> Progress:
        """Train to the end; the averaged policy is `self.average.module` afterwards."""
        if self._state.is_file():
            self.step = read_state(
                self._state, self.policy, self.average, self._optimiser, self._generator
            )
        progress = Progress(
            step=self.step, loss=math.nan, validation_loss=math.nan, seconds_per_step=math.nan
        )
        total, count, began = 0.0, 0, time.monotonic()
        while self.step < self.config.steps:
            total += self._update(training)
            count += 1
            on_step(self.step)
            if self.step % self.config.report_every == 0 or self.step == self.config.steps:
                progress = Progress(
                    step=self.step,
                    loss=total / count,
                    validation_loss=self._validate(validation),
                    seconds_per_step=(time.monotonic() - began) / count,
                )
                self._report(progress)
                on_report(progress)
                total, count, began = 0.0, 0, time.monotonic()
        self._curves.close()
        return progress

    def _update(self, data: Windows) -> float:
        batch = torch.randint(
            len(data.observed), (self.config.batch_size,), generator=self._generator
        )
        for group in self._optimiser.param_groups:
            group["lr"] = learning_rate(self.step, self.config)
        loss = self.policy.loss(data.observed[batch], data.actions[batch], self._generator)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        self.average.update(self.policy)
        self.step += 1
        return loss.item()

    @torch.no_grad()
    def _validate(self, data: Windows) -> float:
        """Loss of the averaged weights, on the same draws every time so that curves compare."""
        generator = torch.Generator().manual_seed(0)
        draws = [self.average.module.loss(data.observed, data.actions, generator) for _ in range(4)]
        return torch.stack(draws).mean().item()

    def _report(self, progress: Progress) -> None:
        self._curves.add_scalar("loss/training", progress.loss, progress.step)
        self._curves.add_scalar("loss/validation", progress.validation_loss, progress.step)
        rate = learning_rate(progress.step, self.config)
        self._curves.add_scalar("learning_rate", rate, progress.step)
        write_state(
            self._state, self.policy, self.average, self._optimiser, self._generator, self.step
        )


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Linear warm-up, then half a cosine down to zero."""
    warm = min(1.0, (step + 1) / config.warm_up_steps)
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / config.steps)))
    return config.learning_rate * warm * cosine
