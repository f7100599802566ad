"""Which of several things are due at their own rates, asked at every tick of a faster loop."""

from collections.abc import Mapping


class Rates:
    """Things by name, each with a rate [Hz]."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._periods = {name: 1 / rate for name, rate in rates.items()}
        self._due = dict.fromkeys(rates, 0.0)

    def due(self, name: str, now: float) -> bool:
        """Whether its time has come; then the next one is a period later."""
        if now < self._due[name] - 1e-6:
            return False
        self._due[name] = max(self._due[name] + self._periods[name], now)
        return True
