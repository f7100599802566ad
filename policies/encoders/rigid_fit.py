"""The rigid shape that lies closest to points which were found one by one.

Source: Umeyama, IEEE PAMI 13(4), 1991, without scale; in the plane it needs no decomposition.
Shapes: B batch, P points.
"""

import torch
from torch import Tensor

SMALL = 1e-6  # a shape of no size has no direction


def rigid_fit(points: Tensor, shape: Tensor) -> Tensor:
    """The shape (P, 2), turned and moved to the points (B, P, 2) -> (B, P, 2)."""
    shape = shape - shape.mean(0)
    centre = points.mean(1, keepdim=True)  # (B, 1, 2)
    x, y = (points - centre).unbind(-1)  # (B, P)
    across, along = shape.unbind(-1)  # (P,)
    cos = (x * across + y * along).sum(1, keepdim=True)  # (B, 1)
    sin = (y * across - x * along).sum(1, keepdim=True)
    length = (cos.square() + sin.square()).sqrt().clamp(min=SMALL)
    cos, sin = cos / length, sin / length
    turned = torch.stack([cos * across - sin * along, sin * across + cos * along], dim=-1)
    return centre + turned
