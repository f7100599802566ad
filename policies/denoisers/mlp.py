"""A residual network over a whole flattened chunk, the smallest denoiser for low-dimensional tasks.

For a chunk of 16 planar targets it needs about a tenth of the arithmetic of a 1-D U-Net of the same
number of parameters, so it trains and acts on a laptop's CPU.

Source: residual blocks with layer normalisation as in Hansen-Estruch et al., IDQL,
arXiv:2304.10573, appendix; modulation by the condition (FiLM): Perez et al., arXiv:1709.07871.
Shapes: B batch, H predicted steps, A action size, F condition size, W width.
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class MlpConfig:
    """Sizes of the residual network."""

    width: int = 256
    blocks: int = 4
    level_features: int = 64  # size of the noise level's code

    def __post_init__(self) -> None:
        if self.width < 1 or self.blocks < 1 or self.level_features % 2:
            raise ValueError(f"width and blocks must be >= 1, level_features even, got {self}")


class MlpDenoiser(nn.Module):
    """Says how to clean a noisy chunk, from its noise level and the observation features."""

    def __init__(
        self, config: MlpConfig, predicted_steps: int, action_size: int, condition_size: int
    ) -> None:
        super().__init__()
        chunk = predicted_steps * action_size
        condition = condition_size + config.level_features
        self.level_code = LevelCode(config.level_features)
        self.inlet = nn.Linear(chunk + condition, config.width)
        self.blocks = nn.ModuleList(
            ResidualBlock(config.width, condition) for _ in range(config.blocks)
        )
        self.head = nn.Sequential(nn.LayerNorm(config.width), nn.Linear(config.width, chunk))

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        """noisy (B, H, A), level (B,) int, features (B, F) -> prediction (B, H, A)."""
        condition = torch.cat([self.level_code(level), features], dim=-1)
        x = self.inlet(torch.cat([noisy.flatten(1), condition], dim=-1))  # (B, W)
        for block in self.blocks:
            x = block(x, condition)
        return rearrange(self.head(x), "b (h a) -> b h a", h=noisy.shape[1])


class ResidualBlock(nn.Module):
    """Two layers beside a skip; the condition scales and shifts what enters them."""

    def __init__(self, width: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width, elementwise_affine=False)
        self.film = nn.Linear(condition, 2 * width)
        self.net = nn.Sequential(nn.Linear(width, width), nn.Mish(), nn.Linear(width, width))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        """x (B, W), condition (B, F) -> (B, W)."""
        scale, shift = self.film(condition).chunk(2, dim=-1)  # (B, W)
        return x + self.net((1 + scale) * self.norm(x) + shift)


class LevelCode(nn.Module):
    """Noise level -> features: sine and cosine at geometric frequencies, then a small network."""

    def __init__(self, size: int) -> None:
        super().__init__()
        half = size // 2
        frequencies = torch.exp(-math.log(10_000) * torch.arange(half) / max(half - 1, 1))
        self.frequencies: Tensor
        self.register_buffer("frequencies", frequencies, persistent=False)
        self.net = nn.Sequential(nn.Linear(size, 4 * size), nn.Mish(), nn.Linear(4 * size, size))

    def forward(self, level: Tensor) -> Tensor:
        """level (B,) int -> (B, size)."""
        angles = level[:, None] * self.frequencies  # (B, size / 2)
        return self.net(torch.cat([angles.sin(), angles.cos()], dim=-1))
