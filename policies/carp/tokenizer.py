"""From a normalised chunk to words and back: a small autoencoder per action, all in one pass.

Codes mean something only with the statistics that normalise the chunks, so both live in one
checkpoint.

Source: Gong et al., CARP, arXiv:2412.06782. Its norms over single actions are left
out: they divide the size of a movement away.
Shapes: B batch, H predicted steps, A actions, d code size, P = H / 4 code steps, C channels.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from policies.carp.config import TokenizerConfig
from policies.carp.quantiser import ResidualQuantiser, Words
from policies.carp.usage import CodeUsage


class ActionTokenizer(nn.Module):
    """Chunks <-> words; every action has convolutions and codes of its own."""

    def __init__(self, config: TokenizerConfig, actions: int) -> None:
        super().__init__()
        self.config = config
        self.actions = actions
        c, d, groups = actions * config.channels, actions * config.code_size, actions
        self.encoder = nn.Sequential(
            nn.Conv1d(actions, c, 3, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.Conv1d(c, c, 4, stride=2, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.Conv1d(c, c, 4, stride=2, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.Conv1d(c, d, 3, padding=1, groups=groups),
        )
        self.decoder = nn.Sequential(
            nn.Conv1d(d, c, 3, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.ConvTranspose1d(c, c, 4, stride=2, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.ConvTranspose1d(c, c, 4, stride=2, padding=1, groups=groups),
            ResidualConvolution(c, groups),
            nn.Conv1d(c, actions, 3, padding=1, groups=groups),
        )
        self.quantiser = ResidualQuantiser(config, actions)
        self.usage = CodeUsage(actions, config.codes, config.patience)

    def encode(self, chunk: Tensor) -> Tensor:
        """(B, H, A) -> features (B, A, d, P)."""
        return rearrange(
            self.encoder(chunk.transpose(1, 2)), "b (a d) p -> b a d p", a=self.actions
        )

    def decode(self, features: Tensor) -> Tensor:
        """(B, A, d, P) -> (B, H, A)."""
        return self.decoder(features.flatten(1, 2)).transpose(1, 2)

    def words(self, chunk: Tensor, exchanged: list[Tensor] | None = None) -> Words:
        """The chunk (B, H, A) in words."""
        return self.quantiser.words(self.encode(chunk), exchanged)

    def loss(self, chunk: Tensor, generator: torch.Generator) -> Tensor:
        """What is lost of (B, H, A) in words, and how far words are from what they should say.

        Dead codes are replaced in training, by draws of `generator`.
        """
        features = self.encode(chunk)
        words = self.quantiser.words(features)
        apart = [
            self.config.commitment * F.mse_loss(said.detach(), features)
            + F.mse_loss(said, features.detach())
            for said in words.sums
        ]
        straight = features + (words.sums[-1] - features).detach()  # the gradient passes by
        if self.training:
            self._attend(words, generator)
        return F.mse_loss(self.decode(straight), chunk) + torch.stack(apart).mean()

    def _attend(self, words: Words, generator: torch.Generator) -> None:
        self.usage.count(rearrange(torch.cat(words.ids, dim=-1), "b a n -> a (b n)"))
        vectors = rearrange(torch.cat(words.missing, dim=-1), "b a d n -> a (b n) d")
        self.usage.revive(self.quantiser.codes, vectors, generator)


class ResidualConvolution(nn.Module):
    """Two convolutions in time beside a skip."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(channels, channels, 3, padding=1, groups=groups),
            nn.SiLU(),
            nn.Conv1d(channels, channels, 3, padding=1, groups=groups),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, time) -> the same."""
        return x + self.net(F.silu(x))
