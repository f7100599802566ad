"""A sequence as a sum over scales: a coarse word first, then finer words for what is still missing.

Every action has a codebook of its own; all actions run in one pass. The nearest code is the one by
Euclid: it is the code itself that is added, so what is left is least. (A choice by cosine ignores
lengths, and with them how much is left.)

Source: Gong et al., CARP, arXiv:2412.06782; Tian et al., VAR, arXiv:2404.02905,
algorithms 1 and 2. Exchanged words in training (self-correction): Han et al., Infinity,
arXiv:2412.04431.
Shapes: B batch, A actions, d code size, P code steps, K scales, s code steps of one scale, V codes.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from policies.carp.config import TokenizerConfig

START_SPREAD = 1e-2  # of the codes before the first chunks replace them


@dataclass(frozen=True)
class Words:
    """A batch of sequences in words.

    ids: per scale (B, A, s). sums: per scale (B, A, d, P), what the words up to it add up to.
    missing: per scale (B, A, d, s), what the words of that scale had to say.
    """

    ids: list[Tensor]
    sums: list[Tensor]
    missing: list[Tensor]


class ResidualQuantiser(nn.Module):
    """Features <-> words."""

    def __init__(self, config: TokenizerConfig, actions: int) -> None:
        super().__init__()
        self.scales = config.scales
        steps, channels = config.scales[-1], actions * config.code_size
        self.codes = nn.Parameter(
            START_SPREAD * torch.randn(actions, config.codes, config.code_size)
        )
        self.smooth = nn.ModuleList(
            nn.Conv1d(channels, channels, 3, padding=1, groups=actions) for _ in config.scales
        )
        self.first_code: Tensor  # where the codebook of each action begins
        first = torch.arange(actions)[:, None] * config.codes
        self.register_buffer("first_code", first, persistent=False)
        for scale in config.scales:
            self.register_buffer(f"coarsen{scale}", averaging(steps, scale), persistent=False)
            self.register_buffer(f"refine{scale}", cubic(scale, steps), persistent=False)

    def coarsen(self, features: Tensor, scale: int) -> Tensor:
        """Means over stretches: (B, A, d, P) -> (B, A, d, s) of scale number `scale`."""
        return features @ self.get_buffer(f"coarsen{self.scales[scale]}").T

    def say(self, ids: Tensor, scale: int) -> Tensor:
        """What words of scale number `scale` add: (B, A, s) -> (B, A, d, P)."""
        codes = F.embedding(ids + self.first_code, self.codes.flatten(0, 1))  # (B, A, s, d)
        fine = codes.transpose(-1, -2) @ self.get_buffer(f"refine{self.scales[scale]}").T
        flat = fine.flatten(1, 2)  # (B, A d, P)
        smooth = 0.5 * flat + 0.5 * self.smooth[scale](flat)
        return rearrange(smooth, "b (a d) p -> b a d p", a=fine.shape[1])

    def nearest(self, features: Tensor) -> Tensor:
        """The closest codes: (B, A, d, s) -> (B, A, s)."""
        product = torch.einsum("bads,avd->basv", features, self.codes)
        return (product - self.codes.square().sum(-1)[:, None] / 2).argmax(-1)

    def words(self, features: Tensor, exchanged: list[Tensor] | None = None) -> Words:
        """Say features (B, A, d, P), every scale what the ones before left.

        exchanged: per scale (B, A, s), where true the word of the chunk beside it in the batch is
        said in the place of the nearest; `ids` hold the nearest, `sums` what was said.
        """
        ids, sums, missing = [], [], []
        said = torch.zeros_like(features)
        for scale in range(len(self.scales)):
            left = self.coarsen((features - said).detach(), scale)
            with torch.no_grad():
                chosen = self.nearest(left)
            spoken = chosen
            if exchanged is not None:
                spoken = torch.where(exchanged[scale], chosen[beside(len(chosen))], chosen)
            said = said + self.say(spoken, scale)
            ids.append(chosen)
            sums.append(said)
            missing.append(left)
        return Words(ids, sums, missing)


def beside(count: int) -> Tensor:
    """The other of each pair of rows, (count,); so it is the same in any even part of a batch."""
    return (torch.arange(count) ^ 1).clamp(max=count - 1)


def averaging(steps: int, fewer: int) -> Tensor:
    """The matrix (fewer, steps) that takes means over equal stretches."""
    return F.adaptive_avg_pool1d(torch.eye(steps), fewer).T.contiguous()


def cubic(steps: int, more: int) -> Tensor:
    """The matrix (more, steps) that interpolates by cubics."""
    if steps == more:
        return torch.eye(steps)
    rows = torch.eye(steps)[:, None, None]  # (steps, 1, 1, steps) once viewed as pictures
    fine = F.interpolate(rows.view(steps, 1, 1, steps), (1, more), mode="bicubic")
    return fine.reshape(steps, more).T.contiguous()
