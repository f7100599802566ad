"""Noise on what is executed is as strong as it says, lasts, and spares careful stages."""

import numpy as np

from handiwork.sim.demonstrators.disturbance import Disturbance, DisturbanceConfig

INTENDED = np.array([0.4, 0.1, 0.2, 0.5, 0.04])


def noise(config: DisturbanceConfig, care: float, count: int = 20_000) -> np.ndarray:
    disturbance = Disturbance(config, np.random.default_rng(0))
    return np.array([disturbance.executed(INTENDED, care) - INTENDED for _ in range(count)])


def test_no_care_for_noise_means_none():
    np.testing.assert_array_equal(noise(DisturbanceConfig(), 0.0, 50), np.zeros((50, 5)))


def test_noise_has_the_spread_and_the_memory_that_it_says():
    config = DisturbanceConfig(push_rate=0.0)
    drawn = noise(config, 0.5)
    np.testing.assert_allclose(drawn.std(axis=0), 0.5 * np.array(config.spread), rtol=0.1)
    memory = [np.corrcoef(column[1:], column[:-1])[0, 1] for column in drawn.T]
    np.testing.assert_allclose(memory, config.memory, atol=0.03)


def test_pushes_come_as_often_and_last_as_long_as_they_say():
    config = DisturbanceConfig(spread=(0.0,) * 5)
    pushed = noise(config, 1.0)[:, 0] != 0
    begun = np.count_nonzero(np.diff(pushed.astype(int)) == 1)
    assert np.isclose(pushed.sum() / begun, config.push_periods, rtol=0.15)
    quiet = len(pushed) - pushed.sum()
    assert np.isclose(begun / quiet, config.push_rate, rtol=0.3)
