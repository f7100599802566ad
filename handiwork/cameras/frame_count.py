"""How many frames came, how many did not, and how fast: by their numbers and their times."""

from collections import deque

WINDOW = 30  # frames over which the rate is measured


class FrameCount:
    """One stream's; a device that counts anew has lost nothing."""

    def __init__(self) -> None:
        self.received = self.lost = 0
        self._number: int | None = None
        self._times: deque[float] = deque(maxlen=WINDOW)

    def add(self, number: int, time: float) -> None:
        """A frame of this number and device time [s] came."""
        if self._number is not None and number > self._number:
            self.lost += number - self._number - 1
        elif self._number is not None:
            self._times.clear()
        self.received += 1
        self._number = number
        self._times.append(time)

    @property
    def rate(self) -> float:
        """Frames per second of late; 0 while unknown."""
        if len(self._times) < 2 or self._times[-1] <= self._times[0]:
            return 0.0
        return (len(self._times) - 1) / (self._times[-1] - self._times[0])
