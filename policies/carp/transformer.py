"""Next-scale prediction: all words of one scale at once, from all words of the coarser scales.

Tokens are ordered by scale, then time, then action. Within a scale all see each other.

Source: Gong et al., CARP, arXiv:2412.06782; Tian et al., VAR, arXiv:2404.02905.
What departs: codes enter and leave by matrices of their action, since each action has a codebook of
its own; and a residual network reads the observation once per chunk, where width costs least.
Shapes: B batch, F features, W condition width, A actions, d code size, s code steps of a scale, L
tokens of all scales, C width, V codes.
"""

import torch
from einops import rearrange
from torch import Tensor, nn

from policies.carp.attention import Block, Cache
from policies.carp.config import TokenizerConfig, TransformerConfig

START_HEAD = 0.02  # at first all codes are about as likely


class NextScaleTransformer(nn.Module):
    """Says how likely every code is for every token."""

    def __init__(
        self, config: TransformerConfig, words: TokenizerConfig, actions: int, features: int
    ) -> None:
        super().__init__()
        self.scales, self.actions = words.scales, actions
        width, condition = config.width, config.condition_width
        self.trunk = nn.Sequential(
            nn.Linear(features, condition),
            *(ResidualLayer(condition) for _ in range(config.condition_blocks)),
            nn.LayerNorm(condition),
        )
        self.start = nn.Linear(condition, actions * width)
        self.inlet = nn.Parameter(torch.randn(actions, words.code_size, width) * 0.1)
        self.place = nn.Parameter(0.02 * torch.randn(sum(words.scales), actions, width))
        self.blocks = nn.ModuleList(
            Block(width, config.heads, config.inner_width, condition, config.depth)
            for _ in range(config.depth)
        )
        self.last_modulation = nn.Linear(condition, 2 * width)
        self.norm = nn.LayerNorm(width, elementwise_affine=False, eps=1e-6)
        self.head = nn.Parameter(torch.randn(actions, width, words.codes) * START_HEAD)
        self.bias = nn.Parameter(torch.zeros(sum(words.scales), actions, words.codes))
        self.mask: Tensor
        self.register_buffer("mask", block_causal(words.scales, actions), persistent=False)

    def forward(self, features: Tensor, coarser: list[Tensor]) -> Tensor:
        """Logits (B, L, A, V) of all scales at once, for chunks that are known.

        coarser: for each scale but the first (B, A, d, s), what the scales before it say.
        """
        condition = self.trunk(features)
        tokens = [self.first(condition), *(self.next(said, k) for k, said in enumerate(coarser, 1))]
        x = torch.cat(tokens, dim=1)
        for block, modulation in zip(self.blocks, self.modulations(condition), strict=True):
            x, _ = block(x, modulation, None, self.mask)
        return self.logits(x, condition, slice(None))

    def modulations(self, condition: Tensor) -> list[Tensor]:
        """What the condition (B, W) does to each block."""
        return [block.modulate(condition) for block in self.blocks]  # type: ignore[operator]

    def first(self, condition: Tensor) -> Tensor:
        """Tokens of the first scale, (B, s A, C)."""
        start = rearrange(self.start(condition), "b (a c) -> b 1 a c", a=self.actions)
        return (start + self.place[self.rows(0)]).flatten(1, 2)

    def next(self, said: Tensor, scale: int) -> Tensor:
        """Tokens of scale number `scale`, from what the scales before it say, (B, A, d, s)."""
        x = torch.einsum("bads,adc->bsac", said, self.inlet)
        return (x + self.place[self.rows(scale)]).flatten(1, 2)

    def advance(
        self, x: Tensor, modulations: list[Tensor], caches: list[Cache | None]
    ) -> tuple[Tensor, list[Cache]]:
        """The tokens of one scale through all blocks, with the keys and values to now."""
        grown: list[Cache] = []
        for block, modulation, past in zip(self.blocks, modulations, caches, strict=True):
            x, cache = block(x, modulation, past, None)
            grown.append(cache)
        return x, grown

    def logits(self, x: Tensor, condition: Tensor, rows: slice) -> Tensor:
        """From tokens of some rows (B, rows A, C) -> (B, rows, A, V)."""
        scale, shift = self.last_modulation(condition)[:, None].chunk(2, dim=-1)
        x = rearrange((1 + scale) * self.norm(x) + shift, "b (l a) c -> b l a c", a=self.actions)
        return torch.einsum("blac,acv->blav", x, self.head) + self.bias[rows]

    def rows(self, scale: int) -> slice:
        """Where the code steps of a scale are among those of all scales."""
        first = sum(self.scales[:scale])
        return slice(first, first + self.scales[scale])


class ResidualLayer(nn.Module):
    """Two layers beside a skip."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, width), nn.Mish(), nn.Linear(width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, W) -> (B, W)."""
        return x + self.net(x)


def block_causal(scales: tuple[int, ...], actions: int) -> Tensor:
    """Who may look at whom, (L A, L A): a token at all of its own and of coarser scales.

    0 where it may, minus infinity where not.
    """
    scale = torch.arange(len(scales)).repeat_interleave(torch.tensor(scales) * actions)
    return torch.zeros(len(scale), len(scale)).masked_fill(scale[:, None] < scale, -torch.inf)
