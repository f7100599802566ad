import numpy as np
import pytest

from handiwork.control.spring import Spring
from handiwork.tasks.push_t import DAMPING, STIFFNESS, SUBSTEP, follow

AGENT = Spring(stiffness=STIFFNESS, damping=DAMPING, substep=SUBSTEP)


def test_the_path_is_that_of_the_demonstrations_agent():
    rng = np.random.default_rng(0)
    targets = rng.uniform(0, 512, (16, 2))
    position, velocity = rng.uniform(0, 512, 2), rng.normal(0, 200, 2)
    want, _ = follow(targets, position, velocity)
    got = AGENT.path(np.repeat(targets, 10, axis=0), position, velocity)
    np.testing.assert_allclose(got, want, atol=1e-9)


def test_a_bound_that_is_never_reached_changes_nothing():
    targets = np.tile([0.01, 0.02], (50, 1))
    bound = Spring(stiffness=100.0, damping=20.0, substep=0.01, strongest=10.0)
    zero = np.zeros(2)
    np.testing.assert_allclose(bound.path(targets, zero, zero), AGENT.path(targets, zero, zero))


def test_a_far_target_pulls_no_harder_than_the_bound_and_is_still_reached():
    bound = Spring(stiffness=100.0, damping=20.0, substep=0.01, strongest=4.0)
    path = bound.path(np.tile([0.3, 0.0], (300, 1)), np.zeros(2), np.zeros(2))
    whole = np.vstack([np.zeros((2, 2)), path])
    assert np.abs(np.diff(whole, 2, axis=0) / 0.01**2).max() == pytest.approx(4.0)
    np.testing.assert_allclose(path[-1], [0.3, 0.0], atol=1e-3)


def test_a_spring_without_stiffness_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        Spring(stiffness=0.0, damping=20.0, substep=0.01)
