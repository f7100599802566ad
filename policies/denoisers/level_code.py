"""Noise level -> features: sine and cosine at geometric frequencies, then a small network.

Source: Ho et al., DDPM, arXiv:2006.11239; a level for every step of a chunk, seen as one code:
Hoeg et al., Streaming Diffusion Policy, arXiv:2406.04806.
"""

import math

import torch
from torch import Tensor, nn


def sinusoid(size: int) -> Tensor:
    """Frequencies (size / 2,) of a code of `size` numbers, `size` even."""
    half = size // 2
    return torch.exp(-math.log(10_000) * torch.arange(half) / max(half - 1, 1))


class LevelCode(nn.Module):
    """The code of S noise levels: one of the whole chunk, or one of each of its steps."""

    def __init__(self, size: int, levels: int = 1) -> None:
        super().__init__()
        self.frequencies: Tensor
        self.register_buffer("frequencies", sinusoid(size), persistent=False)
        self.net = nn.Sequential(
            nn.Linear(levels * size, 4 * size), nn.Mish(), nn.Linear(4 * size, size)
        )

    def forward(self, level: Tensor) -> Tensor:
        """Level (B,) or (B, S) int -> (B, size)."""
        angles = level.reshape(level.shape[0], -1, 1) * self.frequencies  # (B, S, size / 2)
        return self.net(torch.cat([angles.sin(), angles.cos()], dim=-1).flatten(1))
