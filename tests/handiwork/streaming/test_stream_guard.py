import dataclasses

import numpy as np
import pytest

from handiwork.streaming.stream_guard import StreamGuard, StreamRules

RULES = StreamRules(longest_gap=1.6, largest_jump=100.0, period=0.1, unit="px")


def after(*observations):
    """The reason after observations (stamp, first of three numbers of the state)."""
    guard = StreamGuard(RULES)
    for stamp, number in observations:
        guard.observe(stamp, np.array([number, 5.0, -5.0]))
    return guard.take()


def test_a_state_that_moves_as_a_robot_moves_it_goes_on():
    assert after(*[(0.1 * k, 60.0 * k) for k in range(50)]) is None


def test_a_jump_is_named_with_its_size_unit_and_bound():
    assert after((0.0, 0.0), (0.1, 101.0)) == (
        "the state jumped by 101 px in 0.10 s, more than 100 px"
    )


def test_a_jump_back_counts_too():
    assert "jumped" in after((0.0, 0.0), (0.1, -101.0))


def test_after_lost_images_more_change_is_allowed_in_proportion():
    assert after((0.0, 0.0), (0.5, 499.0)) is None
    assert "jumped by 501 px" in after((0.0, 0.0), (0.5, 501.0))


def test_two_images_within_a_period_may_differ_by_no_less():
    assert after((0.0, 0.0), (0.03, 99.0)) is None


def test_a_gap_is_named_and_hides_the_jump_in_it():
    assert after((0.0, 0.0), (1.6, 0.0)) is None
    assert after((0.0, 0.0), (1.7, 9999.0)) == "nothing was observed for 1.70 s, more than 1.60 s"


def test_the_first_thing_that_went_wrong_is_told():
    assert "nothing was observed" in after((0.0, 0.0), (5.0, 0.0), (5.1, 500.0))


def test_an_observation_that_is_not_newer_tells_nothing():
    assert after((1.0, 0.0), (1.0, 500.0), (0.5, 500.0), (1.1, 0.0)) is None


def test_a_reason_is_told_once():
    guard = StreamGuard(RULES)
    guard.interrupt("run 1 began")
    assert guard.take() == "run 1 began"
    assert guard.take() is None


def test_what_was_seen_before_an_interruption_is_not_compared_with_what_comes_after():
    guard = StreamGuard(RULES)
    guard.observe(0.0, np.zeros(3))
    guard.interrupt("the world was reset")
    guard.observe(0.1, np.full(3, 400.0))
    assert guard.take() == "the world was reset"


@pytest.mark.parametrize("field", ["longest_gap", "largest_jump", "period"])
def test_rules_that_nothing_could_keep_are_refused(field):
    with pytest.raises(ValueError, match=field):
        dataclasses.replace(RULES, **{field: 0.0})
