"""How long it takes from an observation until what was made of it moves the robot: measured."""

import math
from collections import deque

import numpy as np


class SwitchDelay:
    """A high percentile of the newest delays; each is camera, perception, inference and transport.

    A high one, since a row that was held fixed in vain costs little, and one that was not, a step
    in the plan.
    """

    def __init__(self, remembered: int = 20, percentile: float = 95.0) -> None:
        if remembered < 1 or not 0 < percentile <= 100:
            raise ValueError(
                "remembered must be >= 1 and percentile in (0, 100], got "
                f"{remembered}, {percentile}"
            )
        self._delays: deque[float] = deque(maxlen=remembered)
        self._percentile = percentile

    def add(self, delay: float) -> None:
        """One more measurement [s]; what is not a delay, since clocks disagree, counts as none."""
        self._delays.append(delay if 0 <= delay < math.inf else 0.0)

    @property
    def seconds(self) -> float:
        """What to reckon with [s]; 0 before anything was measured."""
        return float(np.percentile(self._delays, self._percentile)) if self._delays else 0.0

    def rows(self, period: float) -> int:
        """How many rows of a chunk, `period` apart [s], come into force before it is followed.

        A row is in force from when it is due for one period.
        """
        return math.ceil(self.seconds / period - 1e-6)
