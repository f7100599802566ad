"""Which codes are used: dead ones get a new meaning, and the use of the rest is told in one number.

A code that nothing chooses learns nothing, so it stays dead; it is moved to where data is.

Source: random restarts: Dhariwal et al., Jukebox, arXiv:2005.00341.
Shapes: A actions, V codes, N vectors to be said, d code size.
"""

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

MEMORY = 0.98  # of the moving average of use


class CodeUsage(nn.Module):
    """Counts how each code is used; all codes are dead until the first chunks are seen."""

    def __init__(self, actions: int, codes: int, patience: int) -> None:
        super().__init__()
        self.patience = patience
        self.idle: Tensor  # steps since a code was last used
        self.share: Tensor  # of all choices of an action, averaged over the last steps
        self.register_buffer("idle", torch.full((actions, codes), patience + 1))
        self.register_buffer("share", torch.full((actions, codes), 1.0 / codes))

    @property
    def perplexity(self) -> Tensor:
        """How many codes seem to be in use, (A,) from 1 to V."""
        return torch.special.entr(self.share).sum(-1).exp()

    @property
    def alive(self) -> Tensor:
        """Share of the codes that were used of late, (A,)."""
        return (self.idle <= self.patience).float().mean(-1)

    @torch.no_grad()
    def count(self, ids: Tensor) -> None:
        """Take note of the choices (A, N) of one step of training."""
        codes = self.idle.shape[-1]
        hits = F.one_hot(ids, codes).sum(1).float()  # (A, V)
        if dist.is_available() and dist.is_initialized():
            dist.all_reduce(hits)
        self.idle.copy_(torch.where(hits > 0, 0, self.idle + 1))
        self.share.mul_(MEMORY).add_((1 - MEMORY) * hits / hits.sum(-1, keepdim=True))

    @torch.no_grad()
    def revive(self, codes: nn.Parameter, vectors: Tensor, generator: torch.Generator) -> None:
        """Move the dead among the codes (A, V, d) to vectors (A, N, d) that had to be said."""
        dead = self.idle > self.patience
        if not dead.any():
            return
        vectors = of_all_processes(vectors)
        pick = torch.randint(vectors.shape[1], dead.shape, generator=generator).to(vectors.device)
        fresh = vectors.gather(1, pick[..., None].expand(-1, -1, vectors.shape[-1]))
        codes.data.copy_(torch.where(dead[..., None], fresh, codes.data))
        self.idle[dead] = 0


def of_all_processes(vectors: Tensor) -> Tensor:
    """(A, N, d) of this process -> (A, N times processes, d), in the order of the batch."""
    if not (dist.is_available() and dist.is_initialized()):
        return vectors
    parts = [torch.empty_like(vectors) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, vectors.contiguous())
    return torch.cat(parts, dim=1)
