import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handiwork.streaming.switch_delay import SwitchDelay


def measured(*delays, **more):
    delay = SwitchDelay(**more)
    for seconds in delays:
        delay.add(seconds)
    return delay


def test_before_anything_was_measured_nothing_is_reckoned_with():
    assert SwitchDelay().seconds == 0
    assert SwitchDelay().rows(0.1) == 0


@pytest.mark.parametrize(
    ("delay", "rows"), [(0.0, 0), (0.001, 1), (0.1, 1), (0.1001, 2), (0.25, 3), (1.0, 10)]
)
def test_every_row_that_comes_into_force_before_the_switch_counts(delay, rows):
    assert measured(delay).rows(0.1) == rows


@given(st.floats(0, 3), st.floats(0.01, 1))
def test_the_switch_comes_while_the_last_counted_row_is_in_force(delay, period):
    rows = measured(delay).rows(period)
    assert (rows - 1) * period < delay + 1e-9 or rows == 0
    assert delay <= rows * period + 1e-5 * period


def test_a_high_percentile_is_taken_so_that_one_slow_chunk_in_twenty_is_not_forgotten():
    assert measured(*[0.1] * 18, 0.3, 0.3).seconds == pytest.approx(0.3, abs=0.01)
    assert measured(*[0.1] * 19, 0.3).seconds < 0.12


def test_only_the_newest_delays_count():
    assert measured(*[0.5] * 20, *[0.1] * 20).seconds == pytest.approx(0.1)


@pytest.mark.parametrize("nonsense", [-0.2, math.nan, math.inf])
def test_what_clocks_that_disagree_say_counts_as_no_delay(nonsense):
    assert measured(nonsense).rows(0.1) == 0


@pytest.mark.parametrize("bad", [{"remembered": 0}, {"percentile": 0.0}, {"percentile": 101.0}])
def test_settings_that_measure_nothing_are_refused(bad):
    with pytest.raises(ValueError, match="percentile"):
        SwitchDelay(**bad)
