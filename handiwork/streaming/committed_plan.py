"""What the robot follows now, so that the next plan can begin with what is no longer open.

Between an observation and the moment at which a chunk made of it moves the robot, the robot goes on
with the chunk before it. A policy that is told these rows answers with a plan that continues them,
instead of one that would have been as good from the same place but goes another way round.

Source: Black et al., Real-Time Chunking, arXiv:2506.07339 (the frozen prefix).
Shapes: H rows, A action size, R committed rows.
"""

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """A chunk as the policy wrote it and as it was sent.

    rows: (H, A) in the data's units. start: when row 0 is due [s]. period: between rows [s].
    sequence: number of the chunk.
    """

    rows: np.ndarray
    start: float
    period: float
    sequence: int

    def row_at(self, time: float) -> int:
        """Number of the row nearest to being due at a time [s]; it may lie outside the plan."""
        return round((time - self.start) / self.period)


class CommittedPlan:
    """Knows which of the sent plans is followed: the newest that the executor took."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Nothing is followed: no skill runs, or the robot was stopped."""
        self._sent: dict[int, Plan] = {}
        self._running: Plan | None = None

    def send(self, plan: Plan) -> None:
        """A plan is on its way; it counts once it was taken."""
        self._sent[plan.sequence] = plan

    def take(self, sequence: int) -> None:
        """The executor follows this plan from now on; older ones will never be followed again."""
        self._running = self._sent.get(sequence)
        self._sent = {number: plan for number, plan in self._sent.items() if number > sequence}

    def refuse(self, sequence: int, stopped: bool) -> None:
        """The executor will not follow this plan; it goes on with the one before, or stopped."""
        self._sent.pop(sequence, None)
        if stopped:
            self._running = None

    def due(self, time: float, tolerance: float) -> float:
        """The newest time up to `time` (or just after, by `tolerance`) with a row of the plan due.

        A plan that starts there has its rows due when those of the running plan are. `time` itself
        where nothing runs any more [s].
        """
        plan = self._running
        if plan is None:
            return time
        steps = math.floor((time + tolerance - plan.start) / plan.period)
        return plan.start + steps * plan.period if 0 <= steps < len(plan.rows) else time

    def committed(self, start: float, count: int) -> np.ndarray | None:
        """(R, A) rows of the running plan that are due from `start` [s] on, R <= `count`.

        None where nothing runs any more, or nothing comes into force meanwhile: then all is open.
        """
        plan = self._running
        first = plan.row_at(start) if plan is not None else -1
        if plan is None or count < 1 or not 0 <= first < len(plan.rows):
            return None
        return plan.rows[first : first + count].copy()
