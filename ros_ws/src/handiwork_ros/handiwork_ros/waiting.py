"""Waiting in a node's coroutine: for answers, for work in a thread, for things to come true."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.task import Future

from handiwork.errors import HandiworkError

TICK = 0.02  # [s] of wall time between looks at what is waited for


class Waiting:
    """One thing at a time; the node spins meanwhile."""

    def __init__(
        self, node: Node, patience: float, silence: type[HandiworkError], answerers: str
    ) -> None:
        """patience: for an answer [s] of wall time; silence: what is raised where none comes;
        answerers: who is to be checked then.
        """
        self._patience, self._silence, self._answerers = patience, silence, answerers
        self._waiting: tuple[Callable[[], bool], float, Future] | None = None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
        wall = Clock(clock_type=ClockType.STEADY_TIME)
        node.create_timer(TICK, self._on_watch, clock=wall)

    async def until(self, condition: Callable[[], bool], patience: float) -> bool:
        """Wait until the condition holds, at most `patience` [s] of wall time; says if it does."""
        self._waiting = (condition, time.monotonic() + patience, Future())
        return bool(await self._waiting[2])

    async def answer(self, future: Future) -> Any:
        """What a service or an action answers.

        Raises:
            HandiworkError: of the kind `silence`: nothing, for too long.
        """
        if not await self.until(future.done, self._patience):
            raise self._silence(
                f"no answer within {self._patience:.0f} s. Check {self._answerers}."
            )
        return future.result()

    async def off_thread(self, work: Callable[[], Any]) -> Any:
        """What the work returns or raises, done in a thread of its own."""
        done = self._worker.submit(work)
        await self.until(done.done, float("inf"))
        return done.result()

    def _on_watch(self) -> None:
        if self._waiting is None:
            return
        condition, deadline, future = self._waiting
        holds = condition()
        if holds or time.monotonic() > deadline:
            self._waiting = None
            future.set_result(holds)
