"""A gliding target keeps its speed and acceleration, arrives, and does not overshoot."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from handiwork.sim.demonstrators.gliding import glide

PERIOD = 0.1
points = st.tuples(*[st.floats(-0.5, 0.5)] * 3).map(np.array)
speeds, accelerations = st.floats(0.1, 0.6), st.floats(0.8, 3.0)


@given(goal=points, speed=speeds, acceleration=accelerations)
def test_a_target_arrives_within_its_limits_and_stays(
    goal: np.ndarray, speed: float, acceleration: float
):
    position, velocity = np.zeros(3), np.zeros(3)
    for _ in range(300):
        before = velocity
        position, velocity = glide(position, velocity, goal, speed, acceleration, PERIOD, False)
        assert np.linalg.norm(velocity) <= speed + 1e-9
        assert np.linalg.norm(velocity - before) <= acceleration * PERIOD + 1e-9
        past = np.dot(position - goal, goal) / max(float(np.linalg.norm(goal)), 1e-9)
        assert past < 0.25 * acceleration * PERIOD**2  # no overshoot to speak of
    np.testing.assert_allclose(position, goal, atol=1e-6)


@given(speed=speeds, acceleration=accelerations)
def test_a_goal_that_is_passed_is_passed_at_speed(speed: float, acceleration: float):
    goal, position, velocity = np.array([0.5]), np.zeros(1), np.zeros(1)
    while goal[0] - position[0] > speed * PERIOD:
        position, velocity = glide(position, velocity, goal, speed, acceleration, PERIOD, True)
    reached = min(speed, np.sqrt(2 * acceleration * 0.4))
    assert velocity[0] > 0.9 * reached
