"""All that acts after the encoder, as one network: four passes, coarse to fine, then the decoder.

A pure function of the features and of draws made outside, so a runtime can compile it as a whole.

Shapes: B batch, F features, K scales, H predicted steps, A actions, d code size, P code steps.
"""

import torch
from torch import Tensor, nn

from policies.carp.attention import Cache
from policies.carp.choice import drawn, likeliest
from policies.carp.tokenizer import ActionTokenizer
from policies.carp.transformer import NextScaleTransformer


class Planner(nn.Module):
    """Features -> normalised chunk, with keys and values kept from scale to scale."""

    def __init__(
        self, tokenizer: ActionTokenizer, transformer: NextScaleTransformer, top_k: int
    ) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.transformer = transformer
        self.top_k = top_k

    def forward(self, features: Tensor, uniforms: Tensor | None = None) -> Tensor:
        """Features (B, F), uniforms (B, K) in [0, 1) where it draws -> (B, H, A)."""
        return self.tokenizer.decode(self.plan(features, uniforms)[0])

    def plan(self, features: Tensor, uniforms: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """What all words together say (B, A, d, P), the words (B, L, A), their logits (+ V)."""
        transformer, quantiser = self.transformer, self.tokenizer.quantiser
        condition = transformer.trunk(features)
        modulations = transformer.modulations(condition)
        caches: list[Cache] | list[None] = [None] * len(modulations)
        x, said = transformer.first(condition), torch.zeros(())
        words, all_logits = [], []
        for scale in range(len(transformer.scales)):
            if scale:
                x = transformer.next(quantiser.coarsen(said, scale), scale)
            x, caches = transformer.advance(x, modulations, list(caches))
            logits = transformer.logits(x, condition, transformer.rows(scale))  # (B, s, A, V)
            if uniforms is None:
                ids = likeliest(logits)
            else:
                ids = drawn(logits, self.top_k, uniforms[:, scale])
            said = said + quantiser.say(ids.transpose(1, 2), scale)
            words.append(ids)
            all_logits.append(logits)
        return said, torch.cat(words, dim=1), torch.cat(all_logits, dim=1)
