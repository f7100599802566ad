import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from handiwork.safety.braking import advanced
from handiwork.safety.one_tick import fits_acceleration, fits_jerk

JERK = 1000.0
PIECES = 60
share = st.floats(-1.0, 1.0)
start = st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-20, 20))
ticks = st.floats(0.0005, 0.02)


@settings(deadline=None)
@given(start, ticks, st.lists(st.tuples(st.floats(0.01, 1), share), min_size=1, max_size=6))
def test_whatever_a_lawful_jerk_leads_to_fits(state, tick, pieces):
    whole, end = sum(length for length, _ in pieces), state
    for length, jerk in pieces:
        end = advanced(*end, jerk * JERK, length / whole * tick)
    assert fits_jerk(state, end, tick, JERK * (1 + 1e-3))


@settings(deadline=None)
@given(start, ticks, st.sampled_from([-1.01, 1.01]))
def test_a_constant_jerk_a_little_above_the_limit_is_not(state, tick, jerk):
    assert not fits_jerk(state, advanced(*state, jerk * JERK, tick), tick, JERK)


@settings(max_examples=40, deadline=None)
@given(share, share, share)
def test_a_linear_program_over_many_pieces_of_jerk_agrees(whole, first, second):
    """The oracle, in units of tick and limit; near the border pieces are too coarse to tell."""
    edges = np.linspace(0.0, 1.0, PIECES + 1)
    left = 1 - edges
    moments = np.stack(
        [
            np.diff(edges),
            -np.diff(left**2) / 2,
            -np.diff(left**3) / 6,
        ]
    )
    wanted = np.array([whole, first / 2, second / 6])

    def feasible(limit):
        bounds = [(-limit, limit)] * PIECES
        return linprog(np.zeros(PIECES), A_eq=moments, b_eq=wanted, bounds=bounds).success

    said = fits_jerk((0.0, 0.0, 0.0), (wanted[2], wanted[1], wanted[0]), 1.0, 1.0)
    if feasible(0.98):
        assert said
    if not feasible(1.02):
        assert not said


@settings(deadline=None)
@given(start, ticks, st.lists(st.tuples(st.floats(0.01, 1), share), min_size=1, max_size=6))
def test_whatever_a_lawful_acceleration_leads_to_fits(state, tick, pieces):
    """Whatever its jerk: constant accelerations one after the other."""
    whole, (p, v, _) = sum(length for length, _ in pieces), state
    for length, force in pieces:
        p, v, _ = advanced(p, v, force * 20.0, 0.0, length / whole * tick)
    assert fits_acceleration(state, (p, v, 0.0), tick, 20.0 * (1 + 1e-3))


@settings(deadline=None)
@given(start, ticks, st.floats(0.05, 0.95))
def test_what_only_a_stronger_acceleration_does_in_time_does_not_fit(state, tick, turn):
    """All of the push first, all of it backwards then: 1 % too strong, no other way is as far."""
    p, v, _ = state
    for duration, force in ((turn * tick, 20.2), (tick - turn * tick, -20.2)):
        p, v, _ = advanced(p, v, force, 0.0, duration)
    assert not fits_acceleration(state, (p, v, 0.0), tick, 20.0)
