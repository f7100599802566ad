"""What a policy sees, as tensors by name: always a state, and pictures or points where it has eyes.

Shapes: B batch, O observed steps, D state size, C cameras, N points.
`state` (B, O, D) float, in the data's units; `image` (B, O, C, h, w, 3) uint8; `points`
(B, O, N, 3) float [m]. In a training there may be `found` (B, O, ...) in the place of pictures.
"""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

FOUND = "found"  # in a training, the place of pictures that were looked at before

Observed: TypeAlias = Mapping[str, Tensor]


def as_tensors(arrays: Mapping[str, np.ndarray], device: torch.device) -> Observed:
    """Arrays of one batch as tensors: pictures stay uint8, all other numbers become float32."""
    return {
        name: torch.as_tensor(
            array, dtype=torch.uint8 if array.dtype == np.uint8 else torch.float32, device=device
        )
        for name, array in arrays.items()
    }
