import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample_segments
from handiwork.control.stopping import stopping

LIMITS = Limits(
    names=("a", "b"),
    lower=np.full(2, -3.0),
    upper=np.full(2, 3.0),
    velocity=np.array([3.0, 6.0]),
    acceleration=np.array([20.0, 30.0]),
    jerk=np.array([1000.0, 1500.0]),
)
shares = st.lists(st.floats(-0.9, 0.9), min_size=4, max_size=4)


@given(shares)
@example([0.5, -0.015625, -0.9, 0.35546875])  # instants that are nearly one, at full acceleration
@settings(max_examples=50, deadline=None)
def test_any_motion_inside_the_limits_is_stopped_inside_them(share):
    velocity = LIMITS.velocity * share[:2]
    state = JointSample(np.array([0.5, -0.5]), velocity, LIMITS.acceleration * share[2:])
    times, states = stopping(state, LIMITS)
    path = JointTrajectory(
        names=LIMITS.names,
        times=times,
        positions=states[0],
        velocities=states[1],
        accelerations=states[2],
    )
    np.testing.assert_allclose(states[:2, 0], [state.position, state.velocity], atol=1e-5)
    assert not states[1:, -1].any()
    if len(times) > 1:
        _, values = sample_segments(path, 5)
        assert (np.abs(values[2]) <= LIMITS.acceleration * 1.001).all()
        assert (np.abs(values[3]) <= LIMITS.jerk * 1.001).all()


def test_an_arm_at_rest_needs_no_time_to_stop():
    times, states = stopping(JointSample.at_rest(np.array([0.1, 0.2])), LIMITS)
    assert times.tolist() == [0.0]
    np.testing.assert_array_equal(states[:, 0], [[0.1, 0.2], [0.0, 0.0], [0.0, 0.0]])
