"""Exponential moving average of a policy's weights; the average is what acts.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137: decay after n updates is
clip(1 - (1 + n)^(-3/4), 0, 0.9999).
"""

import copy
from typing import Generic, TypeVar

import torch
from torch import nn

POWER, MAX_DECAY = 0.75, 0.9999


M = TypeVar("M", bound=nn.Module)


class MovingAverage(Generic[M]):
    """Keeps a copy of a module whose weights lag behind."""

    def __init__(self, module: M) -> None:
        self.module: M = copy.deepcopy(module).eval().requires_grad_(False)
        self.updates = 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Move the copy towards `module`; buffers are copied."""
        decay = min(max(1 - (1 + self.updates) ** -POWER, 0.0), MAX_DECAY)
        self.updates += 1
        torch._foreach_lerp_(list(self.module.parameters()), list(module.parameters()), 1 - decay)
        for mine, theirs in zip(self.module.buffers(), module.buffers(), strict=True):
            mine.copy_(theirs)
