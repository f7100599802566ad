"""When to ask a policy for the next chunk, what is already decided by then, and what to send.

Chunks follow each other every E steps. Each begins with the rows of the one before that the robot
follows until the new one can take over, as long as was measured.

Shapes: D state size, H predicted rows, A action size, R committed rows, S sent rows.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.streaming.committed_plan import CommittedPlan, Plan
from handiwork.streaming.stream_guard import StreamGuard, StreamRules
from handiwork.streaming.switch_delay import SwitchDelay


@dataclass(frozen=True, kw_only=True)
class StreamConfig:
    """How chunks follow each other.

    now: predicted row that is due at the observation. executed_steps: from one chunk to the next.
    sent_steps: rows of a chunk that are sent, from row `now` on.
    real_time: chunks begin with what is followed meanwhile.
    early: by how much an observation may come before it is due [s], as stamps have a jitter.
    """

    period: float  # [s]
    now: int
    executed_steps: int
    sent_steps: int
    rules: StreamRules
    real_time: bool = True
    early: float = 0.005


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """What to ask the policy.

    start: when row `now` of the answer will be due [s].
    observed: the time to observe, never in the future [s].
    committed: (R, A) rows that will be executed whatever the answer; None where all is open.
    """

    start: float
    observed: float
    committed: np.ndarray | None


class ChunkStream:
    """One policy's chunks for one executor."""

    def __init__(self, config: StreamConfig) -> None:
        self._config = config
        self._plan = CommittedPlan()
        self._delay = SwitchDelay()
        self._guard = StreamGuard(config.rules)
        self._asked: float | None = None  # start of the newest question [s]
        self._sequence = 0

    @property
    def delay(self) -> float:
        """From an observation until a chunk made of it is followed, as measured [s]."""
        return self._delay.seconds

    def begin(self, reason: str) -> None:
        """A run begins or ends: nothing that was planned before counts any more."""
        self._guard.interrupt(reason)
        self._plan.clear()
        self._asked = None

    def observe(self, stamp: float, state: np.ndarray) -> None:
        """Every observed state (D,) is looked at, also those that nothing is asked about."""
        self._guard.observe(stamp, state)

    def question(self, newest: float) -> Question | None:
        """What to ask, now that there is an observation of time `newest` [s]; None: not yet."""
        config = self._config
        start = self._plan.due(newest, config.early) if config.real_time else newest
        pause = config.executed_steps * config.period
        if self._asked is not None and start - self._asked < pause - config.early:
            return None
        rows = self._delay.rows(config.period) if config.real_time else 0
        committed = self._plan.committed(start, min(rows, config.sent_steps - 1))
        return Question(start=start, observed=min(start, newest), committed=committed)

    def ask(self, question: Question) -> str | None:
        """The question is asked; why the policy must forget its last plan first, or None."""
        self._asked = question.start
        return self._guard.take()

    def answer(self, question: Question, predicted: np.ndarray) -> list[Plan]:
        """What to send of (count, H, A); the committed rows stand in each to the last bit."""
        config = self._config
        plans = []
        for chunk in predicted[:, config.now : config.now + config.sent_steps]:
            self._sequence += 1
            rows = chunk.copy()
            if question.committed is not None:
                rows[: len(question.committed)] = question.committed
            plan = Plan(
                rows=rows, start=question.start, period=config.period, sequence=self._sequence
            )
            self._plan.send(plan)
            plans.append(plan)
        return plans

    def accepted(self, sequence: int, delay: float) -> None:
        """The executor follows this chunk from `delay` after its observation on [s]."""
        self._plan.take(sequence)
        self._delay.add(delay)

    def refused(self, sequence: int, stopped: bool) -> None:
        """The executor follows the chunk before, or has stopped; either was not planned so."""
        self._plan.refuse(sequence, stopped)
        self._guard.interrupt(f"chunk {sequence} was refused")
