"""A residual network over a whole flattened chunk, the smallest denoiser for low-dimensional tasks.

For a chunk of 16 planar targets it needs about a tenth of the arithmetic of a 1-D U-Net of the same
number of parameters, so it trains and acts on a laptop's CPU.

Source: residual blocks with layer normalisation as in Hansen-Estruch et al., IDQL,
arXiv:2304.10573, appendix; modulation by the condition (FiLM): Perez et al., arXiv:1709.07871.
Shapes: B batch, H predicted steps, A action size, F condition size, W width.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from einops import rearrange
from torch import Tensor, nn

from policies.denoisers.level_code import LevelCode
from policies.denoisers.sizes import ChunkSizes


@dataclass(frozen=True, kw_only=True)
class MlpConfig:
    """Sizes of the residual network."""

    width: int = 256
    blocks: int = 4
    level_features: int = 64  # size of the noise level's code
    kind: Literal["mlp"] = "mlp"

    def __post_init__(self) -> None:
        if self.width < 1 or self.blocks < 1 or self.level_features % 2:
            raise ValueError(f"width and blocks must be >= 1, level_features even, got {self}")


class MlpDenoiser(nn.Module):
    """Says how to clean a noisy chunk, from its noise level and the observation features."""

    def __init__(self, config: MlpConfig, sizes: ChunkSizes) -> None:
        super().__init__()
        chunk = sizes.predicted_steps * sizes.action_size
        condition = sizes.features + config.level_features
        self.level_code = LevelCode(config.level_features, sizes.levels)
        self.inlet = nn.Linear(chunk + condition, config.width)
        self.blocks = nn.ModuleList(
            ResidualBlock(config.width, condition) for _ in range(config.blocks)
        )
        self.head = nn.Sequential(nn.LayerNorm(config.width), nn.Linear(config.width, chunk))

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        """Noisy (B, H, A), level (B,) or (B, H) int, features (B, F) -> prediction (B, H, A)."""
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
        """From x (B, W), condition (B, F) -> (B, W)."""
        scale, shift = self.film(condition).chunk(2, dim=-1)  # (B, W)
        return x + self.net((1 + scale) * self.norm(x) + shift)
