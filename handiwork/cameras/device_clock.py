"""A device's own time to the stack's, by a measured offset that does not jitter.

A frame cannot arrive before it was taken, and the promptest ones arrive after a steady delay. So
the offset is the least (arrival - device time) so far: it falls at once, and rises, as the clocks
drift apart, no faster than `DRIFT`. How late a single frame came never shows in its stamp.
"""

DRIFT = 1e-4  # [s/s] twice what crystals of 50 ppm against each other do
WINDOW = 5.0  # [s] of the device in which at least one frame comes without delay
LONGEST_GAP = 2.0  # [s] without frames, after which the device may count anew
CLOCK_STEP = 1.0  # [s] more or less delay than that comes from a clock that was set


class DeviceClock:
    """Maps increasing device times; one that jumps begins anew."""

    def __init__(self) -> None:
        self._device = float("-inf")  # [s] of the newest frame
        self._offset = self._stamp = 0.0  # [s]
        self._least = self._target = 0.0  # [s] of this window so far, and of the one before
        self._window_end = 0.0  # [s] of the device

    def stamp(self, device: float, arrival: float) -> float:
        """When the frame of this device time [s] was taken, on the clock of `arrival` [s]."""
        delay, passed = arrival - device, device - self._device
        self._device = device
        if not 0 <= passed <= LONGEST_GAP or abs(delay - self._offset) > CLOCK_STEP:
            return self._begin(device, delay)
        self._watch(device, delay)
        rise = min(max(self._target - self._offset, 0.0), DRIFT * passed)
        self._offset = min(self._offset + rise, delay)
        self._stamp = max(device + self._offset, self._stamp + 1e-6)  # never back
        return self._stamp

    def _begin(self, device: float, delay: float) -> float:
        self._offset = self._least = self._target = delay
        self._window_end = device + WINDOW
        self._stamp = device + delay
        return self._stamp

    def _watch(self, device: float, delay: float) -> None:
        self._least = min(self._least, delay)
        if device >= self._window_end:
            self._target, self._least = self._least, float("inf")
            self._window_end = device + WINDOW
