"""Stages fill the training; each warms up and dies away for itself."""

import pytest

from policies.generator import Stage
from policies.training.schedule import learning_rate, spans


@pytest.mark.parametrize("steps", [1, 2, 7, 10, 15_000])
def test_the_stages_follow_each_other_and_fill_all_steps(steps: int):
    stages = (Stage("words", (), 0.25), Stage("speech", (), 0.75), Stage("song", (), 1.0))
    parts = spans(stages, steps)
    assert [part.stage for part in parts] == list(stages)
    assert parts[0].start == 0 and parts[-1].end == steps
    assert [part.end for part in parts[:-1]] == [part.start for part in parts[1:]]
    for part, share in zip(parts, (0.125, 0.375, 0.5), strict=True):
        assert abs((part.end - part.start) - share * steps) <= 1


def test_the_rate_rises_evenly_then_falls_to_nothing():
    rates = [learning_rate(step, 1000, 2.0, 10) for step in range(1001)]
    assert rates[:3] == pytest.approx([0.2, 0.4, 0.6], rel=1e-4)
    assert max(rates) <= 2.0 and rates.index(max(rates)) == 9
    assert rates[500] == pytest.approx(1.0) and rates[1000] == pytest.approx(0.0)


def test_a_training_may_do_without_a_warm_up():
    assert learning_rate(0, 10, 1.0, 0) == 1.0
