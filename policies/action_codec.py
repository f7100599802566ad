"""How actions are written for a network: relative to where the tool is, each on its own scale.

Source: relative chunks: Chi et al., UMI, arXiv:2402.10329.
Shapes: B batch, O observed steps, D state size, H predicted steps, A action size.
"""

import torch
from torch import Tensor, nn

from policies.normaliser import Normaliser

ABSOLUTE = -1


class ActionCodec(nn.Module):
    """Actions in the data's units <-> numbers of about [-1, 1]."""

    def __init__(self, relative_to: tuple[int, ...], scale: Normaliser) -> None:
        """relative_to: per action a number of the state, or ABSOLUTE. scale: of (H, A) numbers."""
        super().__init__()
        self.scale = scale
        index = torch.tensor(relative_to)
        self.index: Tensor
        self.moves: Tensor
        self.register_buffer("index", index.clamp(min=0), persistent=False)
        self.register_buffer("moves", (index != ABSOLUTE).float(), persistent=False)

    def origin(self, state: Tensor) -> Tensor:
        """What the actions are relative to: (B, O, D) -> (B, 1, A), from the last observed step."""
        return state[:, -1:, self.index] * self.moves

    def encode(self, actions: Tensor, origin: Tensor) -> Tensor:
        """(B, H, A) in the data's units, origin (B, 1, A) -> (B, H, A)."""
        return self.scale.normalise(actions - origin)

    def decode(self, numbers: Tensor, origin: Tensor) -> Tensor:
        """(B, H, A), origin (B, 1, A) -> (B, H, A) in the data's units."""
        return self.scale.restore(numbers) + origin
