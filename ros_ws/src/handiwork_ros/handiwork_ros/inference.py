"""A policy in a thread of its own, so that the node hears its messages while the policy thinks.

One proposal at a time. Whatever else touches the policy waits its turn in the same thread.
Shapes: O observed steps, A action size, H predicted steps, R committed rows.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import numpy as np
from rclpy.node import Node

from policies.windows import Horizon

REMEMBERED = 100  # durations


class Proposer(Protocol):
    """What is needed of a policy."""

    @property
    def horizon(self) -> Horizon:
        """How many steps it observes, predicts and executes."""
        ...

    def reset(self, seed: int = 0) -> None:
        """Begin an episode."""
        ...

    def forget(self, stream: int) -> None:
        """Begin one candidate's stream of chunks anew."""
        ...

    def propose(
        self,
        observation: Mapping[str, np.ndarray],
        count: int = 1,
        committed: np.ndarray | None = None,
    ) -> np.ndarray:
        """(O, ...) by name -> (count, H, A); committed (R, A)."""
        ...


def inference_thread() -> ThreadPoolExecutor:
    """The thread; who makes it shuts it down."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="inference")


class Inference:
    """Asks the policy and calls back in the node's own thread when the answer is there."""

    def __init__(
        self,
        node: Node,
        worker: ThreadPoolExecutor,
        policy: Proposer,
        count: int,
        answered: Callable[[], None],
    ) -> None:
        """count: candidates to propose at a time."""
        self._policy, self._count = policy, count
        self._worker = worker
        self._guard = node.create_guard_condition(answered)
        self._running: Future[np.ndarray] | None = None
        self._durations_ms: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def busy(self) -> bool:
        """Whether an answer is still to be fetched."""
        return self._running is not None

    def reset(self, seed: int) -> None:
        """Begin an episode."""
        self._worker.submit(self._policy.reset, seed)

    def forget(self) -> None:
        """Begin the streams of all candidates anew."""
        for stream in range(self._count):
            self._worker.submit(self._policy.forget, stream)

    def ask(self, observation: Mapping[str, np.ndarray], committed: np.ndarray | None) -> None:
        """Ask for a chunk per candidate; `answered` is called when it can be fetched."""
        self._running = self._worker.submit(self._timed, observation, committed)
        self._running.add_done_callback(lambda _: self._guard.trigger())

    def fetch(self) -> np.ndarray | None:
        """The answer (count, H, A), once; None where there is none yet.

        Raises:
            HandiworkError: the policy refused the observation.
        """
        if self._running is None or not self._running.done():
            return None
        answer, self._running = self._running, None
        return answer.result()

    def milliseconds(self, percentile: float) -> float:
        """How long inferences took; 0 before the first one ended."""
        return float(np.percentile(self._durations_ms, percentile)) if self._durations_ms else 0.0

    def _timed(
        self, observation: Mapping[str, np.ndarray], committed: np.ndarray | None
    ) -> np.ndarray:
        began = time.perf_counter()
        try:
            return self._policy.propose(observation, self._count, committed)
        finally:
            self._durations_ms.append(1e3 * (time.perf_counter() - began))
