"""Laws of blending, for any running trajectory and any references, sane or wild."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handiwork.control.blending import at_rest, depart, join, stop
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample, sample_all, sample_segments
from handiwork.control.spline import KNOT

LIMITS = Limits(
    names=("a", "b", "c"),
    lower=np.array([-3.0, 0.0, -1.5]),
    upper=np.array([3.0, 3.1, 1.5]),
    velocity=np.array([3.4, 3.4, 7.0]),
    acceleration=np.array([20.0, 20.0, 30.0]),
    jerk=np.array([1000.0, 1000.0, 1500.0]),
)
HOME = np.array([0.0, 1.5, -1.2])
LEAD = 0.03
TOWARDS = np.array([0.0, 1.0, 0.0])
WILD = 1e-3  # [s] between samples of what is checked

seeds = st.integers(0, 2**32 - 1)


def keeps_rates(values):
    """Whether velocities, accelerations and jerks of values (4, T, J) are inside the limits."""
    bounds = (LIMITS.velocity, LIMITS.acceleration, LIMITS.jerk)
    return all((np.abs(v) <= limit).all() for v, limit in zip(values[1:], bounds, strict=True))


def references(rng, now, reach):
    """15 rows 0.1 s apart, jumping by about `reach` [rad]: above 1, far outside the limits."""
    return now + 0.1 * np.arange(1, 16), HOME + rng.normal(0, reach, (15, 3))


def joined(running, now, times, positions):
    departure = depart(running, now, now + LEAD)
    result = join(departure, times, positions, LIMITS)
    assert not result.infeasible
    return departure.time, result.trajectory


def running_at(rng, reach, joins):
    """A trajectory some chunks old, and a time in the middle of it."""
    running, now = at_rest(LIMITS.names, HOME, 0.0), 0.0
    for _ in range(joins):
        _, running = joined(running, now, *references(rng, now, reach))
        now += rng.choice([0.04, 0.1, 0.17, 0.4])
    return running, now


@given(seeds, st.sampled_from([0.02, 0.3, 3.0]), st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_every_next_trajectory_continues_the_running_one_keeps_limits_and_ends_at_rest(
    seed, reach, joins
):
    rng = np.random.default_rng(seed)
    running, now = running_at(rng, reach, joins)
    departure, new = joined(running, now, *references(rng, now, reach))

    before = np.arange(now, departure, WILD)
    np.testing.assert_allclose(
        sample_all(new, before)[:3], sample_all(running, before)[:3], atol=1e-6
    )
    at = [
        getattr(sample(new, departure), what) for what in ("position", "velocity", "acceleration")
    ]
    want = sample_all(running, np.array([departure]))[:3, 0]
    np.testing.assert_allclose(at, want, atol=1e-6)

    values = sample_all(new, np.arange(new.start, new.end, WILD))
    assert (values[0] >= LIMITS.lower).all()
    assert (values[0] <= LIMITS.upper).all()
    assert keeps_rates(values)

    assert not new.velocities[-1].any()
    assert not new.accelerations[-1].any()


@pytest.mark.parametrize("towards", [-np.inf, np.inf])
def test_a_chunk_that_comes_just_beside_a_knot_starts_with_no_sliver_of_a_piece(towards):
    rng = np.random.default_rng(3)
    running, _ = running_at(rng, 0.3, 2)
    for knot in running.times[1:-2]:
        now = np.nextafter(knot, towards)
        _, new = joined(running, now, *references(rng, now, 0.3))
        assert keeps_rates(sample_segments(new, 4)[1].reshape(4, -1, 3))
        before = now + np.arange(0, LEAD, WILD)
        np.testing.assert_allclose(
            sample_all(new, before)[:3], sample_all(running, before)[:3], atol=1e-6
        )


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_velocity_and_acceleration_are_continuous_and_jerk_is_constant_between_points(seed):
    rng = np.random.default_rng(seed)
    running, now = running_at(rng, 0.3, 2)
    _, new = joined(running, now, *references(rng, now, 0.3))
    spans = np.diff(new.times)[:, None]
    jerk = np.diff(new.accelerations, axis=0) / spans
    v0, a0 = new.velocities[:-1], new.accelerations[:-1]
    np.testing.assert_allclose(new.velocities[1:], v0 + spans * a0 + spans**2 * jerk / 2, atol=1e-9)
    np.testing.assert_allclose(
        new.positions[1:],
        new.positions[:-1] + spans * v0 + spans**2 * a0 / 2 + spans**3 * jerk / 6,
        atol=1e-9,
    )


@given(st.floats(0.5, 3.0), st.floats(0.02, 0.2), seeds)
@settings(max_examples=20, deadline=None)
def test_a_feasible_reference_is_followed_within_5_mrad(rate, swing, seed):
    """A swing that starts and ends at rest, at half a limit at most, from the second chunk on."""
    phase = np.random.default_rng(seed).uniform(0.5, 1.5, 3)
    running, now = at_rest(LIMITS.names, HOME, 0.0), 0.0

    def wanted(times):
        return HOME + swing * phase * (1 - np.cos(rate * np.maximum(times, 0.0)))[:, None]

    for now in (0.0, 0.1, 0.2):
        times = now + 0.04 * np.arange(1, 40)
        departure, running = joined(running, now, times, wanted(times))
    inside = np.arange(departure, times[-1] - 0.2, 0.01)
    error = np.abs(sample_all(running, inside)[0] - wanted(inside)).max()
    assert error < 0.005


def test_the_new_trajectory_leaves_at_a_knot_soon_after_the_lead():
    running, _ = running_at(np.random.default_rng(1), 0.3, 1)
    departure = depart(running, 0.5, 0.5 + LEAD)
    assert departure.time in running.times
    assert 0.5 + LEAD <= departure.time < 0.5 + LEAD + KNOT


def test_the_head_starts_at_the_last_knot_before_now():
    running, _ = running_at(np.random.default_rng(1), 0.3, 1)
    head = depart(running, 0.5, 0.5 + LEAD).head
    assert head.start == max(running.times[running.times <= 0.5])


def test_an_arm_at_rest_departs_after_the_lead():
    departure = depart(at_rest(LIMITS.names, HOME, 3.0), 7.0, 7.03)
    assert (departure.head.start, departure.time) == (7.0, 7.03)
    np.testing.assert_array_equal(departure.state.position, HOME)


def test_a_joint_that_rests_outside_its_limits_comes_back_and_goes_no_further_out():
    outside = HOME.copy()
    outside[1] = -0.02
    running = at_rest(LIMITS.names, outside, 0.0)
    times = np.arange(1, 16) * 0.1
    _, back = joined(running, 0.0, times, np.tile(HOME, (15, 1)))
    assert back.positions[:, 1].min() >= -0.02 - 1e-6
    assert back.positions[-1, 1] == pytest.approx(HOME[1], abs=0.01)
    _, out = joined(running, 0.0, times, np.tile(HOME - 9.0, (15, 1)))
    assert sample_all(out, np.arange(0, out.end, WILD))[0, :, 1].min() >= -0.02 - 1e-6


def test_a_motion_that_no_path_can_keep_inside_is_stopped_and_the_joint_named():
    """Somebody else's trajectory runs at its limit towards a wall 1 mrad away."""
    wall = 0.001 * TOWARDS
    foreign = JointTrajectory(
        names=LIMITS.names,
        times=np.array([0.0, 0.1]),
        positions=np.stack([wall + 0.1 * TOWARDS, wall - 0.2 * TOWARDS]),
        velocities=np.tile(-3.0 * TOWARDS, (2, 1)),
        accelerations=np.zeros((2, 3)),
    )
    departure = depart(foreign, 0.0, 0.033)
    result = join(departure, np.array([1.0]), HOME[None], LIMITS)
    assert result.infeasible == ("b",)
    assert not result.trajectory.velocities[-1].any()
    # The solver has not kept anything of it: the next problem is solved as before.
    running, now = running_at(np.random.default_rng(2), 3.0, 2)
    joined(running, now, *references(np.random.default_rng(3), now, 3.0))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_a_stop_continues_the_running_trajectory_and_is_short(seed):
    running, now = running_at(np.random.default_rng(seed), 0.3, 2)
    stopped = stop(running, LIMITS, now, LEAD)
    times = np.arange(now, now + LEAD, WILD)
    np.testing.assert_allclose(
        sample_all(stopped, times)[:3], sample_all(running, times)[:3], atol=1e-6
    )
    values = sample_all(stopped, np.arange(now, stopped.end, WILD))
    for derivative, limit in zip(values[2:], (LIMITS.acceleration, LIMITS.jerk), strict=True):
        assert (np.abs(derivative) <= limit * 1.001).all()
    assert not stopped.velocities[-1].any()
    assert stopped.end - now < 0.5
