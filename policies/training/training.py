"""A whole training: checks when it is made, then the loop, and checkpoints in a folder."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from handiwork.data.demonstrations import Demonstrations
from policies.spec import spec_of_data
from policies.training.config import TrainingConfig
from policies.training.journal import Journal, Progress
from policies.training.keeping import Keeper, Trial
from policies.training.loop import Trainer
from policies.training.machine import make_accelerator
from policies.training.recipes import recipe
from policies.training.resuming import check_folder, identity
from policies.training.window_data import split


class Training:
    """Of one policy, from demonstrations to checkpoints."""

    def __init__(
        self,
        data: Demonstrations,
        kind: str,
        settings: Mapping[str, Any],
        config: TrainingConfig,
        folder: Path,
        trial: Trial | None = None,
    ) -> None:
        """Check everything, so that nothing is refused after hours.

        settings: of the policy, a tree. trial: tries it every `config.rollout_every` steps.

        Raises:
            BadValue, BadConfig: data, settings or the folder do not fit each other.
        """
        self._accelerator = make_accelerator(config)
        torch.manual_seed(config.seed)
        policy = recipe(data, kind, settings, config.validation_episodes)
        spec = spec_of_data(data)
        name = identity(policy, spec, config, data.digest)
        check_folder(folder, name)
        self._learned, self._held_out = split(
            data, config.validation_episodes, policy.interface.horizon, policy.studied
        )
        self._facts = {
            **dataclasses.asdict(config),
            "data_sha256": data.digest,
            "data_steps": data.steps,
            "windows": len(self._learned),
            "parameters": sum(item.numel() for item in policy.parameters()),
        }
        self._keeper = Keeper(folder, spec, self._facts)
        self._trainer = Trainer(config, policy, folder, self._accelerator, name)
        self._config, self._folder, self._trial = config, folder, trial

    def run(
        self,
        on_step: Callable[[int], None],
        on_report: Callable[[Progress, float | None], None],
    ) -> dict[str, Any]:
        """Train to the end; returns figures.

        on_report: told the progress, and the score where the policy was tried.

        Raises:
            BadValue: the loss is not finite, or the memory does not suffice.
        """

        def report(progress: Progress) -> None:
            on_report(progress, self._keep(progress))

        if self._accelerator.is_main_process:
            journal = Journal(self._folder, self._held_out, on_step, report)
            self._trainer.run(self._learned, journal)
            journal.close()
        else:
            self._trainer.run(self._learned, None)
        best = self._keeper.best
        return self._facts | dict(self._trainer.last) | ({"best": best} if best else {})

    def _keep(self, progress: Progress) -> float | None:
        """Write what can act already, and try it at the first report after every so many steps."""
        if not progress.acts:
            return None
        policy = self._trainer.average.module
        figures = dataclasses.asdict(progress) | dict(policy.figures())
        self._keeper.keep(policy, figures)
        every, before = self._config.rollout_every, progress.step - self._config.report_every
        if self._trial is None or not every or progress.step // every == before // every:
            return None
        return self._keeper.try_out(policy, self._trial, figures)
