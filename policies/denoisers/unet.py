"""Conditional 1-D U-Net: cleans a noisy chunk, seen along time at several resolutions.

Every residual block is modulated (FiLM) by the noise level and the observation features.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137, section 3 and appendix; FiLM: Perez et al.,
arXiv:1709.07871.
Shapes: B batch, H predicted steps, A action size, C channels, F features.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from einops import rearrange
from torch import Tensor, nn

from policies.denoisers.level_code import LevelCode
from policies.denoisers.sizes import ChunkSizes


@dataclass(frozen=True, kw_only=True)
class UnetConfig:
    """Sizes of the network; the published ones are (256, 512, 1024) and a code of 256."""

    channels: tuple[int, ...] = (64, 128, 256)  # per resolution
    kernel: int = 5
    groups: int = 8
    level_features: int = 128  # size of the noise level's code
    kind: Literal["unet"] = "unet"

    def __post_init__(self) -> None:
        if not self.channels or any(width % self.groups for width in self.channels):
            raise ValueError(f"channels {self.channels} must divide by groups={self.groups}")
        if self.kernel % 2 == 0 or self.level_features % 2:
            raise ValueError(f"kernel must be odd and level_features even, got {self}")


class ConditionalUnet(nn.Module):
    """Says how to clean a noisy chunk, from its noise level and the observation features."""

    def __init__(self, config: UnetConfig, sizes: ChunkSizes) -> None:
        super().__init__()
        widths = config.channels
        shrinks = 2 ** (len(widths) - 1)
        if sizes.predicted_steps % shrinks:
            raise ValueError(
                f"predicted_steps must divide by {shrinks} for {len(widths)} resolutions, "
                f"got {sizes.predicted_steps}"
            )
        self.level_code = LevelCode(config.level_features, sizes.levels)
        condition = config.level_features + sizes.features

        def two(inner: int, outer: int) -> nn.ModuleList:
            ends = ((inner, outer), (outer, outer))
            return nn.ModuleList(FilmBlock(*end, config.kernel, config.groups) for end in ends)

        self.down = nn.ModuleList(two(*ends) for ends in pairwise((sizes.action_size, *widths)))
        self.shrink = nn.ModuleList(
            nn.Conv1d(width, width, 3, stride=2, padding=1) for width in widths[:-1]
        )
        self.middle = two(widths[-1], widths[-1])
        self.grow = nn.ModuleList(
            nn.ConvTranspose1d(width, width, 4, stride=2, padding=1) for width in widths[-2::-1]
        )
        self.up = nn.ModuleList(
            two(2 * coarse, fine) for coarse, fine in pairwise(reversed(widths))
        )
        blocks = [block for block in self.modules() if isinstance(block, FilmBlock)]
        self.modulations = tuple(2 * block.outer for block in blocks)
        # One product for all blocks: with one for each, calls would take longer than the numbers.
        self.film = nn.Sequential(nn.Mish(), nn.Linear(condition, sum(self.modulations)))
        self.head = nn.Sequential(
            *conv_block(widths[0], widths[0], config.kernel, config.groups),
            nn.Conv1d(widths[0], sizes.action_size, 1),
        )

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        """Noisy (B, H, A), level (B,) or (B, H) int, features (B, F) -> prediction (B, H, A)."""
        condition = torch.cat([self.level_code(level), features], dim=-1)
        films = iter(self.film(condition)[..., None].split(self.modulations, dim=1))
        x = rearrange(noisy, "b h a -> b a h")
        skips = []
        for blocks, shrink in zip(self.down, (*self.shrink, nn.Identity()), strict=True):
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, next(films))
            skips.append(x)
            x = shrink(x)
        for block in self.middle:
            x = block(x, next(films))
        for grow, blocks in zip(self.grow, self.up, strict=True):
            x = torch.cat([x, skips.pop()], dim=1)
            for block in blocks:  # type: ignore[attr-defined]
                x = block(x, next(films))
            x = grow(x)
        return rearrange(self.head(x), "b a h -> b h a")


class FilmBlock(nn.Module):
    """Two convolutions beside a skip; the condition scales and shifts between them."""

    def __init__(self, inner: int, outer: int, kernel: int, groups: int) -> None:
        super().__init__()
        self.outer = outer
        self.first = nn.Sequential(*conv_block(inner, outer, kernel, groups))
        self.second = nn.Sequential(*conv_block(outer, outer, kernel, groups))
        self.skip = nn.Conv1d(inner, outer, 1) if inner != outer else nn.Identity()

    def forward(self, x: Tensor, film: Tensor) -> Tensor:
        """From x (B, C, H), film (B, 2 C', 1) -> (B, C', H)."""
        scale, shift = film.chunk(2, dim=1)
        return self.second((1 + scale) * self.first(x) + shift) + self.skip(x)


def conv_block(inner: int, outer: int, kernel: int, groups: int) -> tuple[nn.Module, ...]:
    """Convolution along time, group normalisation, Mish."""
    conv = nn.Conv1d(inner, outer, kernel, padding=kernel // 2)
    return conv, nn.GroupNorm(groups, outer), nn.Mish()
