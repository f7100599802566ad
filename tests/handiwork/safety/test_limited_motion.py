import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.sampling import sample
from handiwork.safety import audit
from handiwork.safety.braking import advanced, bounds_of
from handiwork.safety.limited_motion import LimitedMotion
from handiwork.safety.pursuit import Motion
from tests.handiwork.safety.arm import HOME, LIMITS, as_motion, stopped, wandering

BOUNDS = bounds_of(LIMITS)
seeds = st.integers(0, 2**32 - 1)


def audited(times, positions):
    """Counted over the log, which begins at rest."""
    tick = times[1] - times[0]
    times = np.concatenate([times[0] - tick * np.arange(3, 0, -1), times])
    return audit(times, np.vstack([[positions[0]] * 3, positions]), LIMITS)


@settings(max_examples=12, deadline=None)
@given(seeds, st.sampled_from([0.001, 0.002, 0.005]))
def test_a_motion_inside_the_limits_passes_bit_by_bit(seed, period):
    """Also where it stops at a position limit, and with ticks of uneven length."""
    draws = np.random.default_rng(seed)
    trajectory = wandering(draws)
    motion, now = LimitedMotion(LIMITS, trajectory.positions[0]), 0.0
    while now < trajectory.end + 0.05:
        tick = period * draws.uniform(0.5, 2.0)
        now += tick
        wanted = as_motion(sample(trajectory, now))
        assert motion.follow(wanted, tick) is None
        assert motion.sent == wanted


@settings(max_examples=12, deadline=None)
@given(seeds, st.sampled_from([0.001, 0.002, 0.005]))
def test_whatever_is_asked_what_is_sent_keeps_every_limit(seed, period):
    draws = np.random.default_rng(seed)
    motion, now, share = LimitedMotion(LIMITS, HOME), 0.0, 1.0
    times, positions = [now], [HOME.tolist()]
    place, speed, force = HOME, np.zeros(3), np.zeros(3)
    for _ in range(300):
        if draws.random() < 0.03:
            place = draws.uniform(LIMITS.lower - 1, LIMITS.upper + 1)
        if draws.random() < 0.03:
            speed = draws.uniform(-2, 2, 3) * LIMITS.velocity
        if draws.random() < 0.1:
            force = draws.uniform(-2, 2, 3) * LIMITS.acceleration
        if draws.random() < 0.02:
            share = draws.choice([0.1, 0.5, 1.0])
        tick = period * draws.uniform(0.8, 1.2) * (8 if draws.random() < 0.03 else 1)
        now, place = now + tick, place + tick * speed
        before = np.array(motion.sent.position)
        why = motion.follow(as_motion(JointSample(place, speed, force)), tick, share)
        same = motion.sent == as_motion(JointSample(place, speed, force))
        assert same == (why is None)
        assert (np.abs(motion.sent.position - before) <= LIMITS.velocity * tick * 1.001).all()
        times.append(now)
        positions.append(motion.sent.position)
    positions += (rest := stopped(motion, period))
    times += [now + period * (k + 1) for k in range(len(rest))]
    found = audited(np.array(times), np.array(positions))
    assert (found.violations, found.steps) == (0, 0)


def test_without_limits_kept_the_same_log_would_be_full_of_violations():
    """The audit that the tests above rest on can tell."""
    positions = np.array([HOME, HOME, HOME + 0.3, HOME + 0.3, HOME])
    assert audited(np.arange(5) * 0.002, positions).violations > 0


@given(st.floats(0.1, 0.35), st.sampled_from([0.001, 0.005]))
@settings(max_examples=6, deadline=None)
def test_it_catches_up_with_a_lawful_motion_and_then_passes_it_unchanged(amplitude, tick):
    """A swing that it joins 1 rad late: it locks on within a second and never lets go."""

    def wanted(now):
        swing, rate = np.array([amplitude, amplitude, 0.1]), 3.0
        return JointSample(
            HOME + np.array([1.0, 0.3, 0.0]) + swing * np.sin(rate * now),
            swing * rate * np.cos(rate * now),
            -swing * rate**2 * np.sin(rate * now),
        )

    motion, late = LimitedMotion(LIMITS, HOME), []
    for step in range(1, round(1.4 / tick)):
        why = motion.follow(as_motion(wanted(step * tick)), tick)
        late.append(why is not None)
    assert late[0]
    assert not any(late[round(1.2 / tick) :])


def test_what_is_outside_the_limits_is_approached_as_far_as_they_go_and_named():
    motion = LimitedMotion(LIMITS, HOME)
    for _ in range(500):
        why = motion.follow(as_motion(JointSample.at_rest(HOME + np.array([0.0, 0.0, 1.0]))), 0.004)
    assert abs(motion.sent.position[2] - 0.4) < 1e-6
    assert "wrist" in why and "position" in why and "0.4 rad" in why


def test_a_joint_that_begins_outside_may_come_back_and_goes_no_further_out():
    outside = HOME + np.array([0.0, 0.0, 0.5])
    motion = LimitedMotion(LIMITS, outside)
    for _ in range(300):
        motion.follow(as_motion(JointSample.at_rest(HOME + np.array([0.0, 0.0, 0.8]))), 0.004)
        assert motion.sent.position[2] <= 0.5 + 1e-6
    for _ in range(300):
        motion.follow(as_motion(JointSample.at_rest(HOME)), 0.004)
    assert motion.sent.position == HOME.tolist()


@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9))
@settings(max_examples=6, deadline=None)
def test_a_smaller_share_of_the_speed_never_goes_further(first, second):
    slow, fast = sorted((first, second))
    reached = []
    for share in (slow, fast):
        motion = LimitedMotion(LIMITS, HOME)
        for _ in range(100):
            motion.follow(
                as_motion(JointSample.at_rest(HOME + np.array([2.0, 0, 0]))), 0.002, share
            )
        reached.append(motion.sent.position[0])
        assert abs(motion.sent.velocity[0]) <= share * LIMITS.velocity[0] * (1 + 1e-9)
    assert reached[0] <= reached[1] + 1e-9


def test_an_acceleration_that_exceeds_its_limit_only_between_ticks_does_not_pass():
    """At every tick it is at the limit exactly; half way between it is 6 % above."""
    tick, turn = 0.005, BOUNDS[0]
    motion = LimitedMotion(LIMITS, HOME)
    now = (0.0, 0.0, 0.0)
    passed = []
    for jerks in [(1.0, 1.0)] * 4 + [(1.0, -1.0)] * 6:
        for jerk in jerks:
            now = advanced(*now, jerk * turn.jerk, tick / 2)
        wanted = [(now[0], 1.0, 0.0), (now[1], 0.0, 0.0), (now[2], 0.0, 0.0)]
        passed.append(motion.follow(Motion(*(list(part) for part in wanted)), tick) is None)
    assert passed[:4] == [True] * 4
    assert not all(passed[4:])


@settings(max_examples=12, deadline=None)
@given(seeds, st.floats(-4, 0), st.sampled_from([0.001, 0.002, 0.005]))
def test_positions_velocities_and_accelerations_that_do_not_belong_together_break_no_limit(
    seed, exponent, period
):
    """A lawful motion with noise in each, as large as a tick's jerk at most; then a stop."""
    draws = np.random.default_rng(seed)
    trajectory = wandering(draws)
    motion, now = LimitedMotion(LIMITS, trajectory.positions[0]), 0.0
    times, positions = [now], [motion.sent.position]
    for _ in range(int(draws.integers(20, 150))):
        tick = period * draws.uniform(0.8, 1.2) * (8 if draws.random() < 0.05 else 1)
        now += tick
        lawful, noise = sample(trajectory, now), draws.uniform(-1, 1, (3, 3)) * 10**exponent
        scale = LIMITS.jerk * tick
        motion.follow(
            as_motion(
                JointSample(
                    lawful.position + noise[0] * scale * tick**2 / 6,
                    lawful.velocity + noise[1] * scale * tick / 2,
                    lawful.acceleration + noise[2] * scale,
                )
            ),
            tick,
        )
        times.append(now)
        positions.append(motion.sent.position)
    positions += (rest := stopped(motion, period))
    times += [now + period * (k + 1) for k in range(len(rest))]
    found = audited(np.array(times), np.array(positions))
    assert (found.violations, found.steps) == (0, 0)
