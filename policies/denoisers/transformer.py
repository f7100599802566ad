"""Transformer denoiser: every action a token that sees earlier actions and what was observed.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137, section 3.1 and appendix (decoder with
causal attention over actions, cross-attention to the noise level and the observation).
Shapes: B batch, H predicted steps, A action size, F features, W width, M condition tokens.
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from policies.denoisers.level_code import LevelCode
from policies.denoisers.sizes import ChunkSizes


@dataclass(frozen=True, kw_only=True)
class TransformerConfig:
    """Sizes of the network; the published ones are 8 layers, 4 heads, width 256."""

    width: int = 128
    layers: int = 4
    heads: int = 4
    condition_tokens: int = 4  # M, into which the observation features are spread
    dropout: float = 0.01
    kind: Literal["transformer"] = "transformer"

    def __post_init__(self) -> None:
        if self.width % self.heads or self.width % 2 or self.condition_tokens < 1:
            raise ValueError(f"width must be even and divide by heads, got {self}")


class TransformerDenoiser(nn.Module):
    """Says how to clean a noisy chunk, from its noise level and the observation features."""

    def __init__(self, config: TransformerConfig, sizes: ChunkSizes) -> None:
        super().__init__()
        width, steps = config.width, sizes.predicted_steps
        self.level_code = LevelCode(width, sizes.levels)
        self.inlet = nn.Linear(sizes.action_size, width)
        self.observed = nn.Linear(sizes.features, config.condition_tokens * width)
        self.places = nn.Parameter(torch.zeros(steps, width))
        self.condition_places = nn.Parameter(torch.zeros(1 + config.condition_tokens, width))
        self.condition = nn.Sequential(
            nn.Linear(width, 4 * width), nn.Mish(), nn.Linear(4 * width, width)
        )
        self.layers = nn.ModuleList(
            nn.TransformerDecoderLayer(
                width,
                config.heads,
                4 * width,
                config.dropout,
                activation="gelu",
                batch_first=True,
                norm_first=True,
            )
            for _ in range(config.layers)
        )
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, sizes.action_size))
        self.causal: Tensor
        later = torch.ones(steps, steps, dtype=torch.bool).triu(1)
        self.register_buffer("causal", later, persistent=False)
        self.apply(_small)

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        """Noisy (B, H, A), level (B,) or (B, H) int, features (B, F) -> prediction (B, H, A)."""
        seen = self.observed(features).unflatten(-1, (-1, self.places.shape[-1]))  # (B, M, W)
        tokens = torch.cat([self.level_code(level)[:, None], seen], dim=1) + self.condition_places
        memory = self.condition(tokens)
        x = self.inlet(noisy) + self.places
        for layer in self.layers:
            x = layer(x, memory, tgt_mask=self.causal)
        return self.head(x)


def _small(module: nn.Module) -> None:
    """Weights begin as N(0, 0.02), so that attention begins even."""
    if isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, std=0.02)
        nn.init.zeros_(module.bias)
