"""The training loop of all generators: batches of windows in, averaged weights out.

It is repeatable, and a training that was stopped goes on bit for bit. Processes that
`accelerate launch` started share each batch and learn what one alone would.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from policies.ema import MovingAverage
from policies.generator import ActionGenerator
from policies.observed import Observed, as_tensors
from policies.training import state
from policies.training.config import TrainingConfig
from policies.training.lessons import stage_data
from policies.training.meter import Meter
from policies.training.optimiser import make_optimiser
from policies.training.out_of_memory import explained
from policies.training.prefetch import Prefetcher
from policies.training.randomness import OwnRows, step_generator, window_numbers
from policies.training.schedule import Span, learning_rate, spans
from policies.training.window_data import WindowData


class Observer(Protocol):
    """What is told of a training."""

    def step(self, trainer: "Trainer", meter: Meter) -> None:
        """After every step."""
        ...

    def report(
        self, trainer: "Trainer", span: Span, meter: Meter, loss: float, waited: float
    ) -> None:
        """Every so many steps, and at the end of a stage. waited: for data so far [s]."""
        ...


class Trainer:
    """Trains one policy; goes on from the state in `folder` where there is one."""

    def __init__(
        self,
        config: TrainingConfig,
        policy: ActionGenerator,
        folder: Path,
        accelerator: Accelerator,
        identity: Mapping[str, Any],
    ) -> None:
        """identity: what makes this training this one, kept with its state."""
        self.config = config
        self.policy = policy.to(accelerator.device)
        self.average: MovingAverage[ActionGenerator] = MovingAverage(policy)
        self.step = 0
        self.last: Mapping[str, Any] = {}  # figures of the last report
        self._accelerator = accelerator
        self._identity = identity
        self._file = folder / state.STATE
        folder.mkdir(parents=True, exist_ok=True)
        if self._file.is_file():
            _, self.step, self.last = state.read_words(self._file)
            state.read_networks(self._file, self.policy, self.average)

    def run(self, data: WindowData, observer: Observer | None) -> None:
        """Train to the end; the averaged policy is `self.average.module` afterwards.

        observer: of the main process; None in the others.

        Raises:
            BadValue: the loss is not finite, or the memory does not suffice.
        """
        with explained(self.config.batch_size):
            for span in spans(self.policy.stages, self.config.steps):
                if self.step < span.end:
                    self._enter(span)
                    self._learn(span, stage_data(self.policy, span.stage, data), observer)

    def save(self) -> None:
        """Write everything that the next step depends on."""
        content = state.TrainingState(
            self.policy, self.average, self._optimiser, self._identity, self.step, self.last
        )
        state.write_state(self._file, content)

    def _enter(self, span: Span) -> None:
        """Let the modules of a stage learn, and no others."""
        if self.step == span.start:
            self.policy.begin_stage(span.stage.name, self.average.module)
            self.average = MovingAverage(self.policy)
        self.policy.eval().requires_grad_(False)
        modules = [self.policy.get_submodule(name) for name in span.stage.modules]
        for module in modules:
            module.train().requires_grad_(True)
        for name in span.stage.fixed:
            self.policy.get_submodule(name).eval().requires_grad_(False)
        self._optimiser = make_optimiser(modules, self.config)
        if self.step > span.start:
            state.read_optimiser(self._file, self._optimiser)

    def _learn(self, span: Span, data: WindowData, observer: Observer | None) -> None:
        loss = self._accelerator.prepare_model(_Loss(self.policy, span.stage.name))
        self.average.follow(self.policy)  # accelerate may have replaced its buffers
        batches = Prefetcher(lambda step: self._batch(span, data, step), self.step, span.end)
        meter = Meter()
        try:
            while self.step < span.end:
                meter.add(self._update(loss, span, *batches.take()))
                if observer is not None:
                    observer.step(self, meter)
                if self.step % self.config.report_every == 0 or self.step == span.end:
                    mean = cast(Tensor, self._accelerator.reduce(meter.loss, "mean"))
                    if observer is not None:
                        observer.report(self, span, meter, mean.item(), batches.waited)
                    meter.restart(batches.waited)
        finally:
            batches.close()

    def _batch(self, span: Span, data: WindowData, step: int) -> tuple[Observed, Tensor]:
        """The rows of this process, as tensors on the CPU; called in a thread of its own."""
        rows, part = self._rows(span), self._accelerator.process_index
        whole = rows * self._accelerator.num_processes
        numbers = window_numbers(self.config.seed, step, len(data), whole)
        batch = data.batch(numbers[part * rows : (part + 1) * rows])
        tensors = as_tensors({**batch.observed, "action": batch.actions}, torch.device("cpu"))
        if self._accelerator.device.type == "cuda":
            tensors = {name: tensor.pin_memory() for name, tensor in tensors.items()}
        return {name: tensors[name] for name in batch.observed}, tensors["action"]

    def _update(
        self, loss_of: nn.Module, span: Span, observed: Observed, actions: Tensor
    ) -> Tensor:
        config, device = self.config, self._accelerator.device
        rate = learning_rate(
            self.step - span.start,
            span.end - span.start,
            config.learning_rate,
            config.warm_up_steps,
        )
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        observed = {name: item.to(device, non_blocking=True) for name, item in observed.items()}
        actions = actions.to(device, non_blocking=True)
        with self._own_rows(span):
            loss = loss_of(observed, actions, step_generator(config.seed, self.step))
        self._optimiser.zero_grad()
        self._accelerator.backward(loss)
        self._optimiser.step()
        self.average.update()
        self.step += 1
        return loss.detach()

    def _rows(self, span: Span) -> int:
        """Of this process in a batch."""
        return max(
            self.config.batch_size // self._accelerator.num_processes // span.stage.one_in, 1
        )

    def _own_rows(self, span: Span) -> AbstractContextManager[object]:
        parts = self._accelerator.num_processes
        if parts == 1:
            return nullcontext()
        return OwnRows(self._accelerator.process_index, parts, self._rows(span))


class _Loss(nn.Module):
    """A policy's loss as a module's forward, which is what accelerate wraps."""

    def __init__(self, policy: ActionGenerator, stage: str) -> None:
        super().__init__()
        self.policy = policy
        self._stage = stage

    def forward(self, observed: Observed, actions: Tensor, generator: torch.Generator) -> Tensor:
        """One number, of a batch."""
        return self.policy.stage_loss(observed, actions, generator, self._stage)
