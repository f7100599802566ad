"""Joint positions at a picture's stamp."""

import numpy as np
import pytest

from handiwork.errors import NotObserved
from handiwork.perception.joint_history import JointHistory

NAMES = ("shoulder", "elbow")


def history(times, speed=1.0):
    """A joint that turns steadily and one that stands."""
    made = JointHistory(NAMES)
    for time in times:
        made.add(time, {"elbow": 0.5, "other": 9.0, "shoulder": speed * time})
    return made


def test_positions_between_two_states_are_interpolated():
    made = history(np.arange(10.0, 10.5, 0.1))
    np.testing.assert_allclose(made.at(10.234), (10.234, 0.5))
    np.testing.assert_allclose(made.at(10.0), (10.0, 0.5))


def test_the_newest_state_stands_for_a_moment_more():
    made = history([1.0, 1.1])
    np.testing.assert_allclose(made.at(1.14), (1.1, 0.5))
    with pytest.raises(NotObserved, match="one clock"):
        made.at(1.3)


def test_what_was_not_heard_is_said():
    with pytest.raises(NotObserved, match="no joint state was heard"):
        JointHistory(NAMES).at(1.0)
    with pytest.raises(NotObserved, match="outside of the joint states"):
        history([5.0, 5.1]).at(4.0)
    with pytest.raises(NotObserved, match="rate of joint_states"):
        history([5.0, 5.4]).at(5.2)


def test_states_of_other_joints_and_late_ones_are_passed_over():
    made = history([1.0, 1.1])
    made.add(1.2, {"shoulder": 7.0})
    made.add(1.05, {"shoulder": 7.0, "elbow": 7.0})
    np.testing.assert_allclose(made.at(1.1), (1.1, 0.5))


def test_a_clock_that_begins_anew_is_followed():
    made = history([50.0, 50.1])
    for time in (0.0, 0.1):
        made.add(time, {"shoulder": time, "elbow": 0.0})
    np.testing.assert_allclose(made.at(0.05), (0.05, 0.0))


def test_old_states_are_forgotten():
    made = history(np.arange(0.0, 10.0, 0.1))
    with pytest.raises(NotObserved):
        made.at(5.0)
