"""Affine normalisation to about [-1, 1], part of the policy, so that a checkpoint acts alone."""

import numpy as np
import torch
from torch import Tensor, nn

MIN_RANGE = 1e-4  # a number that hardly varies is shifted, never scaled
SPREADS = 2.0  # standard deviations that become 1 in `of_spread`


class Normaliser(nn.Module):
    """Scales and shifts every number of the trailing shape S."""

    scale: Tensor
    offset: Tensor

    def __init__(self, scale: np.ndarray, offset: np.ndarray) -> None:
        """scale, offset: S, so that normalised = scale * value + offset."""
        super().__init__()
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float32))
        self.register_buffer("offset", torch.tensor(offset, dtype=torch.float32))

    @classmethod
    def of_range(cls, data: np.ndarray) -> "Normaliser":
        """The range of data (N, *S) becomes [-1, 1]."""
        low, high = data.min(0).astype(float), data.max(0).astype(float)
        scale = 2.0 / np.where(high - low < MIN_RANGE, 2.0, high - low)
        return cls(scale, -scale * (high + low) / 2)

    @classmethod
    def of_spread(cls, data: np.ndarray) -> "Normaliser":
        """Two standard deviations about the mean of data (N, *S) become [-1, 1].

        For data with rare extremes, whose range would press all the rest towards zero.
        """
        spread = SPREADS * data.std(0, dtype=float)
        scale = 1.0 / np.where(spread < MIN_RANGE, 1.0, spread)
        return cls(scale, -scale * data.mean(0, dtype=float))

    @classmethod
    def blank(cls, *shape: int) -> "Normaliser":
        """A place for the numbers of a checkpoint."""
        return cls(np.ones(shape), np.zeros(shape))

    def normalise(self, values: Tensor) -> Tensor:
        """(..., *S) in the data's units -> (..., *S) in about [-1, 1]."""
        return values * self.scale + self.offset

    def normalise_rows(self, values: Tensor, rows: slice) -> Tensor:
        """As `normalise`, of some rows of (..., rows, A): for scales of the shape (H, A)."""
        return values * self.scale[rows] + self.offset[rows]

    def restore(self, values: Tensor) -> Tensor:
        """(..., *S) in about [-1, 1] -> (..., *S) in the data's units."""
        return (values - self.offset) / self.scale
