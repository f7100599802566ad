"""How often a policy's networks are called: counted where the calls are made, not assumed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from torch import Tensor

from policies.generator import Compute, Kernel

ENCODER = "encode"


@dataclass
class Count:
    """Chunks and passes through networks so far, those through the encoder apart."""

    chunks: int = 0
    passes: int = 0
    encoder_passes: int = 0
    compute: Compute = field(default_factory=dict)


def counted(compute: Compute, kernels: Iterable[Kernel]) -> Count:
    """A count with the same networks as `compute`, which adds to it."""
    count = Count()
    count.compute = {
        kernel.name: _counting(compute[kernel.name], kernel, count) for kernel in kernels
    }
    return count


def _counting(
    network: Callable[..., Tensor], kernel: Kernel, count: Count
) -> Callable[..., Tensor]:
    def call(*inputs: Tensor) -> Tensor:
        if kernel.name == ENCODER:
            count.encoder_passes += kernel.passes
        else:
            count.passes += kernel.passes
        return network(*inputs)

    return call
