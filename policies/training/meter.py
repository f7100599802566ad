"""Losses and times since the last report; no step waits for the device because of them."""

import math
import time

import torch
from torch import Tensor

from handiwork.errors import BadValue


class Meter:
    """Counts from when it is made, or from the last `restart`."""

    def __init__(self) -> None:
        self._losses: list[Tensor] = []
        self._waited, self._began = 0.0, time.perf_counter()

    def add(self, loss: Tensor) -> None:
        """Take note of the loss of one step."""
        self._losses.append(loss)

    @property
    def loss(self) -> Tensor:
        """Mean of the losses."""
        return torch.stack(self._losses).mean()

    def check(self, step: int) -> None:
        """Stop a training whose numbers ran away, before its state is saved.

        Raises:
            BadValue: the loss is not finite.
        """
        mean = self.loss.item()
        if not math.isfinite(mean):
            raise BadValue(
                "training",
                f"loss before step {step}",
                mean,
                "a finite number",
                "Lower training.learning_rate, or look for extremes in the data.",
            )

    def rates(self, waited: float) -> tuple[float, float]:
        """Steps per second, and the share of the time waited for data, of `waited` [s] in all."""
        seconds = time.perf_counter() - self._began
        return len(self._losses) / seconds, (waited - self._waited) / seconds

    def restart(self, waited: float) -> None:
        """Begin anew."""
        self._losses.clear()
        self._waited, self._began = waited, time.perf_counter()
