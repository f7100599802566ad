"""Every position that was commanded, with its time: kept in memory, written as one npz.

Shapes: J joints, N commands, K resets.
"""

from pathlib import Path

import numpy as np

from handiwork_ros.episode_log import save

BLOCK = 30_000  # commands per block of memory: a minute at 500 Hz


class CommandLog:
    """Grows by whole blocks, so that adding a row never copies the ones before it."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._blocks: list[np.ndarray] = []  # each (BLOCK, 1 + J): time, positions
        self._filled = BLOCK
        self._resets: list[float] = []

    def add(self, time: float, positions: np.ndarray) -> None:
        """What was commanded at `time` [s]: positions (J,) [rad]."""
        if self._filled == BLOCK:
            self._blocks.append(np.empty((BLOCK, 1 + len(self._names))))
            self._filled = 0
        row = self._blocks[-1][self._filled]
        row[0] = time
        row[1:] = positions
        self._filled += 1

    def cut(self, time: float) -> None:
        """The arm was put elsewhere after its command at `time`; the next one is elsewhere too."""
        self._resets.append(time)

    def write(self, path: Path) -> None:
        """names (J,), times (N,) [s], positions (N, J) [rad], resets (K,) [s]."""
        blocks = list(self._blocks) or [np.empty((0, 1 + len(self._names)))]
        rows = np.concatenate([*blocks[:-1], blocks[-1][: self._filled]])
        arrays = {
            "names": np.array(self._names, np.str_),
            "times": rows[:, 0],
            "positions": rows[:, 1:],
            "resets": np.array(self._resets, float),
        }
        save(path, arrays)
