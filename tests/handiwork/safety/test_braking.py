import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handiwork.safety.braking import (
    advanced,
    bounds_of,
    braked,
    hardest_stop,
    resting_point,
    stays_inside,
)
from tests.handiwork.safety.arm import LIMITS

BOUNDS = bounds_of(LIMITS)
share = st.floats(-1.0, 1.0)
joints = st.sampled_from(BOUNDS)


def state(bounds, place, speed, force):
    """A state inside the limits, whose velocity also stays inside while a goes down to 0."""
    a = force * bounds.acceleration
    room = bounds.velocity - a * a / (2 * bounds.jerk)
    assume(room > 0)
    middle, half = (bounds.upper + bounds.lower) / 2, (bounds.upper - bounds.lower) / 2
    v = speed * bounds.velocity
    assume(abs(v + a * abs(a) / (2 * bounds.jerk)) <= bounds.velocity)
    return middle + place * half, v, a


@settings(deadline=None)
@given(joints, share, share)
def test_the_hardest_stop_ends_at_rest_and_keeps_acceleration(bounds, speed, force):
    p, v, a = state(bounds, 0.0, speed, force)
    stop, end = hardest_stop(v, a, bounds), resting_point(p, v, a, bounds)
    now = (p, v, a)
    jerks = (-stop.side * bounds.jerk, 0.0, stop.side * bounds.jerk)
    for duration, jerk in zip(stop[1:], jerks, strict=True):
        assert duration >= 0
        now = advanced(*now, jerk, duration)
        assert abs(now[2]) <= bounds.acceleration * (1 + 1e-9)
    assert now == pytest.approx((end, 0.0, 0.0), abs=1e-9)


@settings(deadline=None)
@given(joints, share, share, share, st.floats(0.0005, 0.02))
def test_from_wherever_a_stop_fits_braking_stays_inside_and_rests_exactly(
    bounds, place, speed, force, tick
):
    now = state(bounds, place, speed, force)
    assume(stays_inside(*now, bounds))
    for _ in range(round(2.0 / tick)):
        before, now = now, braked(*now, tick, bounds)
        assert bounds.lower - 1e-5 < now[0] < bounds.upper + 1e-5
        assert abs(now[2] - before[2]) <= bounds.jerk * tick * (1 + 1e-9)
        if now[1:] == (0.0, 0.0):
            break
    assert now[1:] == (0.0, 0.0)
    assert braked(*now, tick, bounds) == now


@settings(deadline=None)
@given(joints, share, share, share)
def test_where_no_stop_fits_the_hardest_deceleration_passes_the_limit(bounds, place, speed, force):
    """The oracle: decelerate as hard as allowed, in small steps, and look how far it goes."""
    p, v, a = state(bounds, place, speed, force)
    reached = []
    for side in (1.0, -1.0):
        q, w, b = side * p, side * v, side * a
        furthest, step = q, 1e-3
        for _ in range(2000):
            jerk = max(-bounds.jerk, (-bounds.acceleration - b) / step)
            q, w, b = advanced(q, w, b, jerk, step)
            furthest = max(furthest, q)
            if w < 0 and b <= 0:
                break
        reached.append(side * furthest)
    slack = 2e-3 * (abs(v) + bounds.acceleration * 1e-3)  # of the oracle's steps
    if stays_inside(p, v, a, bounds):
        assert reached[0] <= bounds.upper + slack
        assert reached[1] >= bounds.lower - slack
    else:
        assert reached[0] >= bounds.upper - slack or reached[1] <= bounds.lower + slack


def test_at_a_limit_only_what_leads_away_stays_inside():
    wrist = BOUNDS[2]
    assert stays_inside(wrist.upper, 0.0, 0.0, wrist)
    assert stays_inside(wrist.upper, -1.0, 0.0, wrist)
    assert not stays_inside(wrist.upper, 0.1, 0.0, wrist)


def test_limits_are_taken_joint_by_joint():
    assert [bound.name for bound in BOUNDS] == list(LIMITS.names)
    np.testing.assert_array_equal([bound.jerk for bound in BOUNDS], LIMITS.jerk)
