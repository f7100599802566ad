"""Batches made in a thread while the trainer computes; the wait for them is measured."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

AHEAD = 4  # batches made before they are wanted

T = TypeVar("T")


class Prefetcher(Generic[T]):
    """What `make` gives for the steps from `first` up to `end`, one after the other."""

    def __init__(self, make: Callable[[int], T], first: int, end: int) -> None:
        self.waited = 0.0  # [s] in all
        self._make = make
        self._steps = iter(range(first, end))
        self._pool = ThreadPoolExecutor(1, "batches")
        self._coming: deque[Future[T]] = deque()
        for _ in range(AHEAD):
            self._ask()

    def take(self) -> T:
        """The next one, as soon as it is there."""
        before = time.perf_counter()
        made = self._coming.popleft().result()
        self.waited += time.perf_counter() - before
        self._ask()
        return made

    def close(self) -> None:
        """Make no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _ask(self) -> None:
        step = next(self._steps, None)
        if step is not None:
            self._coming.append(self._pool.submit(self._make, step))
