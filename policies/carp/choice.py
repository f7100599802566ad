"""Which code to take, from how likely each is.

Shapes: B batch, L code steps of a scale, A actions, V codes, k codes to draw from.
"""

from torch import Tensor


def likeliest(logits: Tensor) -> Tensor:
    """(B, L, A, V) -> (B, L, A)."""
    return logits.argmax(-1)


def drawn(logits: Tensor, top_k: int, uniform: Tensor) -> Tensor:
    """One of the k likeliest codes, each as often as it is likely: (B, L, A, V) -> (B, L, A).

    uniform: (B,) in [0, 1), one for all tokens of a scale. So each token follows its own law, and
    alternatives of the same rank go together: a way to the left in x is not mixed with a way to the
    right in y, as independent draws would.
    """
    best, codes = logits.topk(top_k, dim=-1)  # (B, L, A, k), likeliest first
    reached = best.softmax(-1).cumsum(-1)[..., :-1]
    rank = (reached <= uniform[:, None, None, None]).sum(-1, keepdim=True)
    return codes.gather(-1, rank).squeeze(-1)
