"""Which stage a step belongs to, and how fast it learns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from policies.generator import Stage


@dataclass(frozen=True)
class Span:
    """The steps [start, end) of a stage."""

    stage: Stage
    start: int
    end: int


def spans(stages: Sequence[Stage], steps: int) -> tuple[Span, ...]:
    """Every stage's part of the steps, by its share; the last one takes what rounding leaves."""
    whole = sum(stage.share for stage in stages)
    cuts, done = [0], 0.0
    for stage in stages:
        done += stage.share
        cuts.append(round(steps * done / whole))
    return tuple(Span(stage, *cuts[i : i + 2]) for i, stage in enumerate(stages))


def learning_rate(step: int, steps: int, peak: float, warm_up_steps: int) -> float:
    """Of a step of a stage of `steps`: linear warm-up, then half a cosine down to zero."""
    warm = min(1.0, (step + 1) / max(warm_up_steps, 1))
    return peak * warm * 0.5 * (1 + math.cos(math.pi * step / steps))
