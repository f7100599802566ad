"""A memory that does not suffice, told in one sentence with what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from handiwork.errors import BadValue

ON_CPU = "DefaultCPUAllocator"  # how torch's message begins when the machine's own memory is full


@contextmanager
def explained(batch_size: int) -> Iterator[None]:
    """Within it, running out of memory is a `BadValue` that proposes a smaller batch."""
    try:
        yield
    except RuntimeError as error:
        if not (isinstance(error, torch.OutOfMemoryError) or ON_CPU in str(error)):
            raise
        raise BadValue(
            "training",
            "batch_size",
            batch_size,
            "a batch that fits into the memory of the device, which is full",
            f"Say training.batch_size={max(batch_size // 2, 1)}, or choose a smaller network.",
        ) from error
