"""What a generator is told of a state: all its numbers, and those differences that matter, finely.

Source: sines and cosines of coordinates: Tancik et al., Fourier Features, arXiv:2006.10739.
Shapes: B batch, O observed steps, D state size, P pairs, W waves, F features.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from policies.normaliser import Normaliser


@dataclass(frozen=True, kw_only=True)
class StateConfig:
    """Which numbers belong together.

    pairs: numbers (of the last step) whose difference, first minus second, matters.
    scales: per pair, the difference that counts as 1, in the data's unit.
    waves: each difference is also seen by sine and cosine at these multiples of 1 / scale.
    """

    state_size: int
    pairs: tuple[tuple[int, int], ...] = ()
    scales: tuple[float, ...] = ()
    waves: tuple[float, ...] = ()
    kind: Literal["state"] = "state"

    def __post_init__(self) -> None:
        if len(self.scales) != len(self.pairs) or any(scale <= 0 for scale in self.scales):
            raise ValueError(f"scales must be one positive number per pair, got {self.scales}")
        if not all(0 <= index < self.state_size for pair in self.pairs for index in pair):
            raise ValueError(f"pairs must index {self.state_size} numbers, got {self.pairs}")


class StateEncoder(nn.Module):
    """Observed steps -> features for the generator."""

    inputs = ("state",)
    lesson = None

    def __init__(self, config: StateConfig, observed_steps: int, state: Normaliser) -> None:
        super().__init__()
        self.config = config
        self.state = state
        self._shape = (observed_steps, config.state_size)
        pairs, waves = len(config.pairs), len(config.waves)
        self.size = observed_steps * config.state_size + pairs * (1 + 2 * waves)
        self.first: Tensor
        self.second: Tensor
        self.scales: Tensor
        self.waves: Tensor
        first, second = zip(*config.pairs, strict=True) if pairs else ((), ())
        self.register_buffer("first", torch.tensor(first, dtype=torch.long), persistent=False)
        self.register_buffer("second", torch.tensor(second, dtype=torch.long), persistent=False)
        self.register_buffer("scales", torch.tensor(config.scales), persistent=False)
        self.register_buffer("waves", torch.tensor(config.waves), persistent=False)

    def example(self, batch: int) -> tuple[Tensor, ...]:
        """Inputs of the right shapes."""
        return (torch.zeros(batch, *self._shape),)

    def forward(self, state: Tensor) -> Tensor:
        """(B, O, D) -> (B, F)."""
        now = state[:, -1]
        apart = (now[:, self.first] - now[:, self.second]) / self.scales  # (B, P)
        waves = (apart[:, :, None] * self.waves).flatten(1)  # (B, P W)
        normal = self.state.normalise(state).flatten(1)
        return torch.cat([normal, apart, waves.sin(), waves.cos()], dim=1)
