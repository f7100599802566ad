"""All that is drawn in a training, as a function of its seed and the step.

So a resumed training draws what an unbroken one does, and processes that share a batch draw what
one alone would.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch.overrides import TorchFunctionMode

WINDOWS, NOISE, NETWORK = range(3)  # what numbers are drawn for
SHAPED = (torch.rand, torch.randn)


def window_numbers(seed: int, step: int, windows: int, batch_size: int) -> np.ndarray:
    """Which windows (B,) a step learns from."""
    return np.random.default_rng([seed, step, WINDOWS]).integers(windows, size=batch_size)


def step_generator(seed: int, step: int) -> torch.Generator:
    """For the noise of a step; torch's own generators, of dropout and crops, are set as well."""
    number = _number(seed, step, NETWORK)
    torch.default_generator.manual_seed(number)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed(number)
    return torch.Generator().manual_seed(_number(seed, step, NOISE))


def _number(*key: int) -> int:
    return int(np.random.SeedSequence(key).generate_state(1, np.uint64)[0] >> np.uint64(1))


class OwnRows(TorchFunctionMode):
    """Random numbers of the rows that this process has of a batch.

    Within it, a draw whose first size is that of the part is made for the whole batch, and the
    part's rows are kept. So losses need not know how many processes there are.
    """

    def __init__(self, part: int, parts: int, rows: int) -> None:
        """rows: of this part, equal in all parts."""
        super().__init__()
        self._parts, self._rows = parts, rows
        self._own = slice(part * rows, (part + 1) * rows)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Called by torch in the place of each of its functions."""
        kwargs = dict(kwargs or {})
        if func in SHAPED:
            bounds, shape = (), kwargs.pop("size", args)
        elif func is torch.randint:
            *bounds, shape = (*args, kwargs.pop("size")) if "size" in kwargs else args
        else:
            return func(*args, **kwargs)
        sizes = _flat(shape)
        if sizes[:1] != (self._rows,):
            return func(*bounds, size=sizes, **kwargs)
        return func(*bounds, size=(self._rows * self._parts, *sizes[1:]), **kwargs)[self._own]


def _flat(shape: Any) -> tuple[int, ...]:
    """A shape given as numbers, or as one tuple of them."""
    return tuple(shape[0]) if len(shape) == 1 and not isinstance(shape[0], int) else tuple(shape)
