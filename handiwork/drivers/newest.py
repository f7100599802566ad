"""The newest of what a slow call returns, kept by a thread of its own; a loop never waits."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Newest(Generic[Value]):
    """Calls `read` again and again, `pause` [s] apart, until it raises or is stopped."""

    def __init__(self, read: Callable[[], Value], pause: float) -> None:
        self._read, self._pause = read, pause
        self._value = read()
        self._error: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="newest", daemon=True)
        self._thread.start()

    def get(self) -> Value:
        """What came last; raises what `read` raised."""
        if self._error is not None:
            raise self._error
        return self._value

    def stop(self) -> None:
        """Return when the last call is over, or after a second."""
        self._stop.set()
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._value = self._read()
                time.sleep(self._pause)
        except Exception as error:  # handed to whoever asks next
            self._error = error
