"""Says when a stream of chunks must be begun anew, and why.

A policy that remembers its last plan assumes that the robot followed it and that the world went on
from there. Where that may not be so, its memory is worse than none.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class StreamRules:
    """What a stream of chunks outlives.

    longest_gap: between two observations [s].
    largest_jump: of any number of the state within one period, in `unit`.
    """

    longest_gap: float
    largest_jump: float
    period: float
    unit: str

    def __post_init__(self) -> None:
        if min(self.longest_gap, self.largest_jump, self.period) <= 0:
            raise ValueError(
                "longest_gap, largest_jump and period must be > 0, got "
                f"{self.longest_gap}, {self.largest_jump}, {self.period}"
            )


class StreamGuard:
    """Watches every observation, and is told what no observation shows."""

    def __init__(self, rules: StreamRules) -> None:
        self._rules = rules
        self._reason: str | None = None
        self._newest: tuple[float, np.ndarray] | None = None  # stamp [s], state (D,)

    def interrupt(self, reason: str) -> None:
        """Something else ends the stream: an episode begins, the robot was stopped.

        What was observed before says nothing about what is observed after.
        """
        self._reason = reason
        self._newest = None

    def observe(self, stamp: float, state: np.ndarray) -> None:
        """The state (D,) at `stamp` [s]; one that is not newer tells nothing."""
        if self._newest is not None:
            before, old = self._newest
            if stamp <= before:
                return
            self._compare(stamp - before, np.abs(state - old).max())
        self._newest = stamp, np.array(state)

    def take(self) -> str | None:
        """Why the stream must be begun anew, once; None where it may go on."""
        reason, self._reason = self._reason, None
        return reason

    def _compare(self, elapsed: float, change: float) -> None:
        rules = self._rules
        allowed = rules.largest_jump * max(elapsed / rules.period, 1.0)
        if elapsed > rules.longest_gap:
            reason = (
                f"nothing was observed for {elapsed:.2f} s, more than {rules.longest_gap:.2f} s"
            )
        elif change > allowed:
            reason = (
                f"the state jumped by {change:.0f} {rules.unit} in {elapsed:.2f} s, "
                f"more than {allowed:.0f} {rules.unit}"
            )
        else:
            return
        self._reason = self._reason or reason
