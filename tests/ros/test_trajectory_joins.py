"""A step between two trajectories is found with its size; a smooth join has none."""

import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork_ros.trajectory_joins import largest_steps


def line(start, speed=1.0, offset=0.0):
    """One joint at a constant speed [rad/s], so that all of them lie on one line."""
    times = start + np.array([0.0, 1.0])
    return JointTrajectory(
        names=("a",),
        times=times,
        positions=(offset + speed * times)[:, None],
        velocities=np.full((2, 1), speed),
        accelerations=np.zeros((2, 1)),
    )


def test_one_that_goes_on_as_the_one_before_it_has_no_step():
    found = largest_steps([line(0.0), line(0.3), line(0.6)], [0.4, 0.7])
    assert found.count == 2
    assert found.position == pytest.approx(0.0, abs=1e-9)
    assert found.velocity == pytest.approx(0.0, abs=1e-9)


def test_a_jump_and_a_kink_are_seen_with_their_size():
    jump = largest_steps([line(0.0), line(0.3, offset=0.02)], [0.4])
    assert jump.position == pytest.approx(0.02) and jump.velocity == pytest.approx(0.0, abs=1e-9)
    kink = largest_steps([line(0.0), line(0.3, speed=1.5, offset=-0.15)], [0.4])
    assert kink.velocity == pytest.approx(0.5)


def test_one_that_begins_after_the_one_before_it_ended_joins_nothing():
    assert largest_steps([line(0.0), line(1.5)], [1.6]).count == 0
