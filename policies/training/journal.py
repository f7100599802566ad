"""What is told and kept of a training while it runs: curves, validation, its state on disk."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.tensorboard import SummaryWriter

from policies.generator import ActionGenerator
from policies.observed import as_tensors
from policies.training.lessons import stage_data
from policies.training.loop import Trainer
from policies.training.meter import Meter
from policies.training.schedule import Span
from policies.training.window_data import WindowData

VALIDATION_WINDOWS, VALIDATION_DRAWS = 512, 4


@dataclass(frozen=True, kw_only=True)
class Progress:
    """A report. acts: whether the policy can act yet; before the last stage it cannot.

    loss: mean since the last report. validation_loss: of the averaged weights, held-out episodes.
    loader_wait_fraction: share of the time spent waiting for data.
    """

    step: int
    stage: str
    acts: bool
    loss: float
    validation_loss: float
    steps_per_s: float
    loader_wait_fraction: float


class Journal:
    """Of the main process; the others keep none."""

    def __init__(
        self,
        folder: Path,
        held_out: WindowData,
        on_step: Callable[[int], None],
        on_report: Callable[[Progress], None],
    ) -> None:
        self._folder = folder
        self._held_out = held_out
        self._on_step, self._on_report = on_step, on_report
        self._curves: SummaryWriter | None = None
        self._shown: tuple[Span, WindowData] | None = None  # held-out data of a stage
        self._saved = time.monotonic()

    def step(self, trainer: Trainer, meter: Meter) -> None:
        """After every step."""
        self._on_step(trainer.step)
        if time.monotonic() - self._saved >= trainer.config.save_every:
            self._save(trainer, meter)

    def report(
        self, trainer: Trainer, span: Span, meter: Meter, loss: float, waited: float
    ) -> None:
        """Every so many steps, and at the end of a stage. waited: for data so far [s]."""
        steps_per_s, wait = meter.rates(waited)
        meter.check(trainer.step)
        progress = Progress(
            step=trainer.step,
            stage=span.stage.name,
            acts=span.stage == trainer.policy.stages[-1],
            loss=loss,
            validation_loss=validation_loss(
                trainer.average.module, self._data(trainer, span), span
            ),
            steps_per_s=steps_per_s,
            loader_wait_fraction=wait,
        )
        trainer.last = asdict(progress)
        self._draw(progress, trainer.policy.figures())
        self._save(trainer, meter)
        self._on_report(progress)

    def _data(self, trainer: Trainer, span: Span) -> WindowData:
        if self._shown is None or self._shown[0] != span:
            self._shown = span, stage_data(trainer.policy, span.stage, self._held_out)
        return self._shown[1]

    def close(self) -> None:
        """Finish the curves."""
        if self._curves is not None:
            self._curves.close()

    def _save(self, trainer: Trainer, meter: Meter) -> None:
        meter.check(trainer.step)
        trainer.save()
        self._saved = time.monotonic()

    def _draw(self, progress: Progress, figures: Mapping[str, float]) -> None:
        if self._curves is None:  # points that a killed training drew and lost are drawn anew
            self._curves = SummaryWriter(str(self._folder / "curves"), purge_step=progress.step)
        for name in ("loss", "validation_loss", "steps_per_s", "loader_wait_fraction"):
            tag = f"{progress.stage}/{name}"
            self._curves.add_scalar(tag, getattr(progress, name), progress.step)
        for name, value in figures.items():
            self._curves.add_scalar(name, value, progress.step)
        self._curves.flush()


@torch.no_grad()
def validation_loss(policy: ActionGenerator, held_out: WindowData, span: Span) -> float:
    """On the same windows and draws every time, so that curves compare."""
    count = min(len(held_out), VALIDATION_WINDOWS)
    batch = held_out.batch(np.linspace(0, len(held_out) - 1, count).round().astype(int))
    device = next(policy.parameters()).device
    observed = as_tensors(batch.observed, device)
    actions = torch.as_tensor(batch.actions, dtype=torch.float32, device=device)
    generator = torch.Generator().manual_seed(0)
    losses = [
        policy.stage_loss(
            {name: item[part : part + 128] for name, item in observed.items()},
            actions[part : part + 128],
            generator,
            span.stage.name,
        )
        * len(actions[part : part + 128])
        for _ in range(VALIDATION_DRAWS)
        for part in range(0, count, 128)
    ]
    return torch.stack(losses).sum().item() / (count * VALIDATION_DRAWS)
