"""Exponential moving average of a policy's weights; the average is what acts.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137: decay after n updates is
clip(1 - (1 + n)^(-3/4), 0, 0.9999).
"""

import copy
from collections.abc import Iterable
from typing import Generic, TypeVar

import torch
from torch import Tensor, nn

POWER, MAX_DECAY = 0.75, 0.9999


M = TypeVar("M", bound=nn.Module)


class MovingAverage(Generic[M]):
    """Keeps a copy of a module whose weights lag behind."""

    def __init__(self, module: M) -> None:
        self.module: M = copy.deepcopy(module).eval().requires_grad_(False)
        self.updates = 0
        self.follow(module)

    def follow(self, module: nn.Module) -> None:
        """Move towards this module from now on; to be said again where its tensors were replaced.

        They are listed once: to look for them at each step takes longer than to average a small
        network.
        """
        self._weights = _lists(self.module.parameters(), module.parameters())
        self._buffers = _lists(self.module.buffers(), module.buffers())

    @torch.no_grad()
    def update(self) -> None:
        """Move the copy towards the module as it is now; buffers are copied."""
        decay = min(max(1 - (1 + self.updates) ** -POWER, 0.0), MAX_DECAY)
        self.updates += 1
        torch._foreach_lerp_(*self._weights, 1 - decay)
        if self._buffers[0]:
            torch._foreach_copy_(*self._buffers)


def _lists(mine: Iterable[Tensor], theirs: Iterable[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    return list(mine), list(theirs)
