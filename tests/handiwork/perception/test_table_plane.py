"""The table among other things."""

import numpy as np
import pytest

from handiwork.errors import ObjectNotFound
from handiwork.perception.table_plane import find_table


def table(draws, height=0.01, slope=(0.02, -0.01), noise=0.002, count=4000):
    points = draws.uniform((0.1, -0.3, 0), (0.6, 0.3, 0), (count, 3))
    points[:, 2] = height + points[:, :2] @ slope + draws.normal(0, noise, count)
    return points


def test_height_and_tilt_are_found_to_a_fraction_of_the_noise():
    off = []
    for seed in range(20):
        found = find_table(table(np.random.default_rng(seed)))
        off.append((found.parameters - (0.01, 0.02, -0.01)) / np.sqrt(np.diag(found.covariance)))
        assert found.rms == pytest.approx(0.002, rel=0.1)
    assert np.abs(np.mean(off)) < 0.5
    assert 0.5 < np.std(off) < 2.0  # the covariance says what happens


def test_things_on_the_table_and_an_arm_above_it_do_not_lift_it():
    draws = np.random.default_rng(0)
    things = draws.uniform((0.2, -0.1, 0.0), (0.4, 0.1, 0.2), (1500, 3))
    found = find_table(np.vstack([table(draws), things]))
    np.testing.assert_allclose(found.parameters, (0.01, 0.02, -0.01), atol=0.002)


def test_its_frame_stands_on_it():
    found = find_table(table(np.random.default_rng(1), noise=1e-6))
    frame = found.base_from_table
    np.testing.assert_allclose(frame[:3, :3] @ frame[:3, :3].T, np.eye(3), atol=1e-12)
    raised = frame @ np.array([0.3, -0.2, 0.05, 1.0])
    assert found.heights(raised[None, :3])[0] == pytest.approx(0.05, abs=1e-5)


def test_no_table_and_a_wall_are_refused():
    draws = np.random.default_rng(0)
    with pytest.raises(ObjectNotFound, match="Bring the table into view"):
        find_table(draws.uniform(0, 1, (50, 3)))
    wall = table(draws, slope=(0.9, 0.0), noise=0.001)
    with pytest.raises(ObjectNotFound):
        find_table(wall)
