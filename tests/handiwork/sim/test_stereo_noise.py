"""Each way in which a stereo camera errs has the size that is declared for it."""

from dataclasses import replace

import numpy as np
import pytest

from handiwork.sim.stereo_noise import FOCAL_BASELINE, NoisyDepth, StereoNoise

CLEAN = StereoNoise(
    axial_noise=0.0, disparity_step=0.0, edge_dropout=0.0, lateral_noise=0, hole_rate=0.0
)
SIZE = (120, 160)


def spoiled(depth, config, seed=0):
    return NoisyDepth(config, *SIZE, np.random.default_rng(seed)).spoil(depth.astype(np.float32))


def step(near=0.5, far=0.8):
    """Two walls side by side."""
    depth = np.full(SIZE, near)
    depth[:, 80:] = far
    return depth


def test_with_all_noise_off_depth_is_rounded_to_millimetres():
    depth = np.random.default_rng(0).uniform(0.3, 1.9, SIZE)
    np.testing.assert_allclose(spoiled(depth, CLEAN) * 1e-3, depth, atol=0.6e-3)


@pytest.mark.parametrize("distance", [0.4, 0.8, 1.6])
def test_depth_comes_in_steps_that_grow_with_its_square(distance):
    depth = np.linspace(distance, 1.1 * distance, SIZE[0] * SIZE[1]).reshape(SIZE)
    seen = np.unique(spoiled(depth, replace(CLEAN, disparity_step=1 / 4)))
    wanted = (1.05 * distance) ** 2 / FOCAL_BASELINE / 4
    assert np.diff(seen).mean() * 1e-3 == pytest.approx(wanted, rel=0.2)


@pytest.mark.parametrize("distance", [0.5, 1.0, 1.5])
def test_axial_noise_grows_with_the_square_of_depth(distance):
    config = replace(CLEAN, axial_noise=0.0042, disparity_step=1 / 32)
    seen = spoiled(np.full(SIZE, distance), config) * 1e-3
    assert seen.std() == pytest.approx(0.0042 * distance**2, rel=0.05)


def test_edges_lose_their_share_of_pixels_and_nothing_else_does():
    seen = spoiled(step(), replace(CLEAN, edge_dropout=0.5))
    assert (seen[:, 79:81] == 0).mean() == pytest.approx(0.5, abs=0.1)
    assert np.all(seen[:, :79] > 0) and np.all(seen[:, 81:] > 0)


def test_edges_are_frayed_by_a_pixel():
    seen = spoiled(step(), replace(CLEAN, lateral_noise=1))
    edge = seen[:, 79:81]
    assert set(np.unique(edge)) == {500, 800}
    assert 0.2 < (edge != (500, 800)).mean() < 0.5  # one of three neighbours is across
    assert np.all(seen[:, :79] == 500) and np.all(seen[:, 81:] == 800)


def test_holes_open_as_often_as_is_declared():
    config = replace(CLEAN, hole_rate=0.002, hole_radius=1)
    lost = [(spoiled(step(), config, seed) == 0).mean() for seed in range(20)]
    assert np.mean(lost) == pytest.approx(9 * 0.002, rel=0.15)


def test_depth_out_of_range_is_unknown():
    depth = step(near=0.1, far=2.5)
    assert not spoiled(depth, CLEAN).any()


def test_settings_that_cannot_be_are_refused():
    for bad in ({"edge_dropout": 1.5}, {"axial_noise": -1.0}, {"nearest": 3.0}):
        with pytest.raises(ValueError):
            replace(CLEAN, **bad)
