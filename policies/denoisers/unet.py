"""Conditional 1-D U-Net: says which noise is in a chunk of actions, seen along time.

Every residual block is modulated (FiLM) by the noise level and the observation features.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137, section 3 and appendix; FiLM: Perez et al.,
arXiv:1709.07871.
Shapes: B batch, H predicted steps, A action size, C channels, F condition size.
"""

import math
from dataclasses import dataclass

import torch
from einops import rearrange
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class UnetConfig:
    channels: tuple[int, ...] = (64, 128, 256)  # per level; H must divide by 2 ** (levels - 1)
    kernel: int = 5
    groups: int = 8
    level_features: int = 128  # size of the noise level's code

    def __post_init__(self) -> None:
        if any(width % self.groups for width in self.channels):
            raise ValueError(f"channels {self.channels} must divide by groups={self.groups}")


class ConditionalUnet(nn.Module):
    """Predicts noise from a noisy chunk, its noise level and the observation features."""

    def __init__(self, config: UnetConfig, action_size: int, condition_size: int) -> None:
        super().__init__()
        self.level_code = LevelCode(config.level_features)
        size = config.level_features + condition_size
        widths = config.channels

        def block(inner: int, outer: int) -> FilmBlock:
            return FilmBlock(inner, outer, size, config.kernel, config.groups)

        pairs = list(zip((action_size, *widths[:-1]), widths, strict=True))
        self.down = nn.ModuleList(
            nn.ModuleList([block(inner, outer), block(outer, outer)]) for inner, outer in pairs
        )
        self.shrink = nn.ModuleList(
            nn.Conv1d(width, width, 3, stride=2, padding=1) for width in widths[:-1]
        )
        self.middle = nn.ModuleList(block(widths[-1], widths[-1]) for _ in range(2))
        self.grow = nn.ModuleList(
            nn.ConvTranspose1d(width, width, 4, stride=2, padding=1) for width in widths[:0:-1]
        )
        self.up = nn.ModuleList(
            nn.ModuleList([block(outer + inner, inner), block(inner, inner)])
            for inner, outer in reversed(list(zip(widths[:-1], widths[1:], strict=True)))
        )
        self.head = nn.Sequential(
            ConvBlock(widths[0], widths[0], config.kernel, config.groups),
            nn.Conv1d(widths[0], action_size, 1),
        )

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        """noisy (B, H, A), level (B,) int, features (B, F) -> predicted noise (B, H, A)."""
        condition = torch.cat([self.level_code(level), features], dim=-1)
        x = rearrange(noisy, "b h a -> b a h")
        skips = []
        for index, (first, second) in enumerate(self.down):
            x = second(first(x, condition), condition)
            if index < len(self.shrink):
                skips.append(x)
                x = self.shrink[index](x)  # (B, C, H / 2)
        for block in self.middle:
            x = block(x, condition)
        for grow, (first, second) in zip(self.grow, self.up, strict=True):
            x = torch.cat([grow(x), skips.pop()], dim=1)
            x = second(first(x, condition), condition)
        return rearrange(self.head(x), "b a h -> b h a")


class FilmBlock(nn.Module):
    """Two convolutions with a skip; the condition scales and shifts between them."""

    def __init__(self, inner: int, outer: int, condition: int, kernel: int, groups: int) -> None:
        super().__init__()
        self.first = ConvBlock(inner, outer, kernel, groups)
        self.second = ConvBlock(outer, outer, kernel, groups)
        self.film = nn.Sequential(nn.Mish(), nn.Linear(condition, 2 * outer))
        self.skip = nn.Conv1d(inner, outer, 1) if inner != outer else nn.Identity()

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.film(condition)[..., None].chunk(2, dim=1)  # (B, C, 1)
        return self.second(scale * self.first(x) + shift) + self.skip(x)


class ConvBlock(nn.Sequential):
    """Convolution along time, group normalisation, Mish."""

    def __init__(self, inner: int, outer: int, kernel: int, groups: int) -> None:
        super().__init__(
            nn.Conv1d(inner, outer, kernel, padding=kernel // 2),
            nn.GroupNorm(groups, outer),
            nn.Mish(),
        )


class LevelCode(nn.Module):
    """Noise level -> features: sine and cosine at geometric frequencies, then a small network."""

    def __init__(self, size: int) -> None:
        super().__init__()
        half = size // 2
        frequencies = torch.exp(-math.log(10_000) * torch.arange(half) / (half - 1))
        self.register_buffer("frequencies", frequencies, persistent=False)
        self.net = nn.Sequential(nn.Linear(size, 4 * size), nn.Mish(), nn.Linear(4 * size, size))

    def forward(self, level: Tensor) -> Tensor:
        angles = level[:, None] * self.frequencies  # (B, size / 2)
        return self.net(torch.cat([angles.sin(), angles.cos()], dim=-1))
