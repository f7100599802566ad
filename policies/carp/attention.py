"""A transformer block that a condition modulates, with queries and keys of length one.

Source: AdaLN-zero: Peebles & Xie, arXiv:2212.09748; normalised queries and keys with a learned
sharpness per head: Liu et al., Swin v2, arXiv:2111.09883, as VAR and CARP use them.
Shapes: B batch, L tokens, M tokens so far, C width, h heads, W condition width.
"""

import math
from typing import TypeAlias

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

Cache: TypeAlias = tuple[Tensor, Tensor]  # keys, values of the tokens so far, (B, h, M, C / h)
START_SHARPNESS, MAX_SHARPNESS = 4.0, 100.0
EPSILON = 1e-12  # of squared lengths
START_GATE = 1e-3  # blocks add little at first


class Block(nn.Module):
    """Attention, then a network for each token; each scaled, shifted and gated by the condition."""

    def __init__(self, width: int, heads: int, inner: int, condition: int, depth: int) -> None:
        """inner: width within the network. depth: blocks of the stack, that add up to one size."""
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.modulation = nn.Linear(condition, 6 * width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.sharpness = nn.Parameter(torch.full((heads, 1, 1), math.log(START_SHARPNESS)))
        self.mix = nn.Linear(width, width)
        last = nn.Linear(inner, width)
        self.net = nn.Sequential(nn.Linear(width, inner), nn.GELU(), last)
        with torch.no_grad():
            self.modulation.weight[: 2 * width] *= START_GATE
            self.mix.weight /= math.sqrt(2 * depth)
            last.weight /= math.sqrt(2 * depth)

    def modulate(self, condition: Tensor) -> Tensor:
        """Gates, scales and shifts of both halves: (B, W) -> (B, 1, 6 C)."""
        return self.modulation(condition)[:, None]

    def forward(
        self, x: Tensor, modulation: Tensor, past: Cache | None, mask: Tensor | None
    ) -> tuple[Tensor, Cache]:
        """From x (B, L, C), by what came before -> (B, L, C), keys and values to now.

        mask: (L, M) 0 where a token may look, else minus infinity; None where it may look at all.
        """
        gate1, gate2, scale1, scale2, shift1, shift2 = modulation.chunk(6, dim=-1)
        added, cache = self._attend((1 + scale1) * self.norm(x) + shift1, past, mask)
        x = x + gate1 * added
        return x + gate2 * self.net((1 + scale2) * self.norm(x) + shift2), cache

    def _attend(self, x: Tensor, past: Cache | None, mask: Tensor | None) -> tuple[Tensor, Cache]:
        query, key, value = rearrange(
            self.query_key_value(x), "b l (three h c) -> three b h l c", three=3, h=self.heads
        )
        sharp = self.sharpness.clamp(max=math.log(MAX_SHARPNESS)).exp()
        query, key = unit(query) * sharp, unit(key)
        if past is not None:
            key, value = torch.cat([past[0], key], dim=2), torch.cat([past[1], value], dim=2)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=1.0)
        return self.mix(rearrange(seen, "b h l c -> b l (h c)")), (key, value)


def unit(x: Tensor) -> Tensor:
    """Vectors (..., C) of length one."""
    return x * (x.square().sum(-1, keepdim=True) + EPSILON).rsqrt()
