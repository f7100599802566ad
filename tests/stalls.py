"""When this machine stood still: what fails meanwhile in real time has shown nothing.

A small process has a thread on every core that sleeps and looks at the clock. That it wakes up late
is the machine's doing (a host with other things to do, a quota that is used up), not that of the
code under test: a core that is merely busy lets it run.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

LATE = 0.05  # [s] far more than a busy machine makes a process wait that mostly sleeps
PERIOD = 0.02  # [s]
TRIES = 3

Made = TypeVar("Made")


class Stalls:
    """What the watching process has seen: a line for each stall, with its end and length [s]."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile("r", suffix=".stalls")  # noqa: SIM115
        self._process = subprocess.Popen([sys.executable, __file__, self._file.name])

    def since(self, begin: float) -> list[float]:
        """Lengths [s] of the stalls that ended after `begin` on the monotonic clock [s]."""
        time.sleep(2 * PERIOD)  # those who watch may be the last ones to wake up
        lines = Path(self._file.name).read_text().splitlines()
        ends_and_lengths = [map(float, line.split()) for line in lines]
        return [length for end, length in ends_and_lengths if end > begin]

    def undisturbed(self, make: Callable[[], Made]) -> Made:
        """What `make` makes while the machine does not stall; its last try, if it always does."""
        for _ in range(TRIES - 1):
            begin = time.monotonic()
            try:
                made = make()
            except Exception:
                if not self.since(begin):
                    raise
            else:
                if not self.since(begin):
                    return made
        return make()

    def close(self) -> None:
        """Nobody watches any more."""
        self._process.kill()
        self._process.wait()
        self._file.close()


def watch(path: Path, core: int) -> None:
    """Write each stall of one core to the file, for as long as somebody reads it."""
    os.sched_setaffinity(0, [core])  # of this thread
    with path.open("a", buffering=1) as file:
        parent, last = os.getppid(), time.monotonic()
        while os.getppid() == parent:
            time.sleep(PERIOD)
            now = time.monotonic()
            if now - last > PERIOD + LATE:
                file.write(f"{now:.3f} {now - last:.3f}\n")
            last = now


if __name__ == "__main__":
    for core in os.sched_getaffinity(0):
        threading.Thread(target=watch, args=[Path(sys.argv[1]), core]).start()
