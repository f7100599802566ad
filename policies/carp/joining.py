"""A chunk that continues rows which are on their way: moved to join the last, then let go.

Shapes: B batch, H predicted steps, R committed rows, A actions.
"""

import math

import torch
from torch import Tensor

from handiwork.errors import WrongShape


def join(chunk: Tensor, committed: Tensor, now: int, steps: int) -> Tensor:
    """Put committed rows (B, R, A) at row `now` of a chunk (B, H, A) of the same units.

    The rows after them are moved by what the last committed row is off, fading to nothing within
    `steps` rows, along half a cosine so that it begins and ends without a step in velocity.

    Raises:
        WrongShape: more rows are committed than the chunk has from now on.
    """
    count, end = committed.shape[1], now + committed.shape[1]
    if count == 0:
        return chunk
    if end > chunk.shape[1]:
        raise WrongShape(
            "committed", tuple(committed.shape), f"at most {chunk.shape[1] - now} rows"
        )
    off = committed[:, -1:] - chunk[:, end - 1 : end]  # (B, 1, A)
    row = torch.arange(1, chunk.shape[1] - end + 1, device=chunk.device)
    share = 0.5 + 0.5 * torch.cos(math.pi * (row / steps).clamp(max=1))  # of the offset left
    return torch.cat([chunk[:, :now], committed, chunk[:, end:] + off * share[:, None]], dim=1)
