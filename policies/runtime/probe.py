"""Inputs that tell whether two forms of a network are the same one."""

import numpy as np
import torch
from torch import Tensor

from policies.generator import Kernel

SEED, BATCH = 20_240_611, 3
TOLERANCE = 1e-4  # absolute, and relative to the size of an answer


def probe(kernel: Kernel) -> tuple[Tensor, ...]:
    """The same inputs for a network every time, of a batch that is not its example's."""
    generator = torch.Generator().manual_seed(SEED)
    return tuple(_draw(example, generator) for example in kernel.example)


@torch.inference_mode()
def answer(kernel: Kernel, inputs: tuple[Tensor, ...]) -> np.ndarray:
    """What the module itself says to the inputs."""
    return kernel.module(*inputs).numpy()


def agree(ours: np.ndarray, theirs: np.ndarray) -> bool:
    """Whether two answers are the same but for rounding."""
    return ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=TOLERANCE, atol=TOLERANCE)


def _draw(example: Tensor, generator: torch.Generator) -> Tensor:
    """Numbers in [0, 1), any bytes, or 0 and 1, which are levels of every network."""
    shape = (BATCH, *example.shape[1:])
    if example.dtype.is_floating_point:
        return torch.rand(shape, generator=generator, dtype=example.dtype)
    high = 256 if example.dtype == torch.uint8 else 2
    return torch.randint(high, shape, generator=generator, dtype=example.dtype)
