"""Finds points of a thing in a picture: every cell votes for where a point lies, some votes count.

A map per point says whose votes count, so that places between cells can be said exactly.

Source: spatial softmax: Levine et al., arXiv:1504.00702; votes beside the map: Papandreou et al.,
arXiv:1701.01779.
Shapes: B pictures, s their side [px], c = s / 4 cells along each side, P points.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

CELL = 4  # px of the picture along a cell
REACH = 2.0  # cells that a vote of 1 is away
GROUP = 8  # channels that are normalised together


class KeypointEye(nn.Module):
    """A small network that looks coarsely for what is where, and finely for its corners."""

    def __init__(self, side: int, channels: tuple[int, int, int], points: int) -> None:
        """side: of the pictures [px]. channels: at a half, a quarter and an eighth of it."""
        super().__init__()
        half, quarter, eighth = channels
        self.fine = nn.Sequential(
            _layer(3, half, 5, 2), _layer(half, quarter, 3, 2), _layer(quarter, quarter, 3, 1)
        )
        self.coarse = nn.Sequential(
            _layer(quarter, eighth, 3, 2),
            _layer(eighth, eighth, 3, 1),
            _layer(eighth, eighth, 3, 1),
            nn.Conv2d(eighth, quarter, 1),
        )
        self.head = nn.Sequential(_layer(quarter, quarter, 3, 1), nn.Conv2d(quarter, 3 * points, 1))
        cells = side // CELL
        middles = (torch.arange(cells) + 0.5) * 2 / cells - 1
        self.middles: Tensor
        self.register_buffer(
            "middles",
            torch.stack([middles.repeat(cells), middles.repeat_interleave(cells)]),
            persistent=False,
        )  # (2, c c), x and y in [-1, 1]
        self._points, self._reach = points, REACH * 2 / cells

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(B, s, s, 3) uint8 -> maps (B, P, c c) before softmax, places (B, P, 2) in [-1, 1]."""
        fine = self.fine(rearrange(pictures, "b h w rgb -> b rgb h w").float() / 127.5 - 1.0)
        seen = fine + F.interpolate(self.coarse(fine), scale_factor=2.0)
        maps, votes = self.head(seen).flatten(2).split([self._points, 2 * self._points], dim=1)
        places = self.middles + self._reach * votes.unflatten(1, (self._points, 2))
        return maps, (places * maps.softmax(-1)[:, :, None]).sum(-1)

    def loss(self, maps: Tensor, places: Tensor) -> Tensor:
        """How far the maps are from ones that are bright about the places (B, P, 2)."""
        apart = (self.middles - places[..., None]).square().sum(2)  # (B, P, c c)
        cell = self._reach / REACH
        wanted = (-apart / (2 * cell**2)).softmax(-1)
        return -(wanted * maps.log_softmax(-1)).sum(-1).mean()


def _layer(inner: int, outer: int, size: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inner, outer, size, stride, size // 2, bias=False),
        nn.GroupNorm(outer // GROUP, outer),
        nn.ReLU(),
    )
