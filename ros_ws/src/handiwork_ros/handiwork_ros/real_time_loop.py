"""A loop that keeps wall time: absolute deadlines, bounded catching up, honest figures.

A tick that comes late is made up for by ticks at once, so that simulated time stays with wall
time; but never by more than `catch_up`: after a longer stall the schedule moves and simulated time
has slowed down. Running ahead would cram motion into less wall time than anyone planned for.
"""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class LoopStatistics:
    """Of the last window: rate [Hz] and 99th percentile of |actual - due| [ms].

    ticks: since the start. stalls: how often the schedule had to move.
    """

    rate_hz: float
    jitter_p99_ms: float
    ticks: int
    stalls: int


class RealTimeLoop:
    """Calls `tick` every `period` in a thread of its own, between any `start` and `stop`.

    Whoever wants to touch what `tick` touches holds `lock` meanwhile. priority: of its thread among
    real-time ones; 0 for an ordinary thread.
    """

    def __init__(
        self,
        tick: Callable[[], None],
        period: float,
        catch_up: float,
        priority: int = 0,
        window: float = 1.0,
    ) -> None:
        self.lock = threading.Lock()
        self._tick, self._period, self._catch_up = tick, period, catch_up
        self._priority = priority
        self._began = np.zeros(max(round(window / period), 2))  # [s] when the last ticks began
        self._late = np.zeros_like(self._began)  # [s] by how much
        self._ticks = 0
        self._stalls = 0
        self._excused = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to tick."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="real_time_loop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Return when the last tick is over."""
        self._stop.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    @property
    def alive(self) -> bool:
        """False before the start, and once a tick has raised."""
        return self._thread is not None and self._thread.is_alive()

    def excuse(self) -> None:
        """Move the schedule to now: a pause that was asked for is not lateness."""
        self._excused = True

    def statistics(self) -> LoopStatistics:
        """Figures of the last window."""
        filled = min(self._ticks, len(self._began))
        if filled < 2:
            return LoopStatistics(rate_hz=0.0, jitter_p99_ms=0.0, ticks=self._ticks, stalls=0)
        began = np.sort(self._began[:filled])
        return LoopStatistics(
            rate_hz=(filled - 1) / (began[-1] - began[0]),
            jitter_p99_ms=1e3 * float(np.percentile(self._late[:filled], 99)),
            ticks=self._ticks,
            stalls=self._stalls,
        )

    def _run(self) -> None:
        if self._priority:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(self._priority))
        due = time.monotonic()
        while not self._stop.is_set():
            wait = due - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            with self.lock:
                now = time.monotonic()
                if self._excused:
                    self._excused = False
                    due = now
                self._tick()
            slot = self._ticks % len(self._began)
            self._began[slot], self._late[slot] = now, now - due
            self._ticks += 1
            if now - due > self._catch_up:
                due = now
                self._stalls += 1
            due += self._period
