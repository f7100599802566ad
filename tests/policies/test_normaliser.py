"""Normalisation: the range, or the spread, becomes [-1, 1], and back without loss."""

import numpy as np
import torch

from policies.normaliser import Normaliser

DATA = np.array([[-3.0, 10.0, 5.0], [0.0, 40.0, 5.0], [1.0, 500.0, 5.0]])


def test_the_range_of_the_data_becomes_minus_one_to_one():
    values = Normaliser.of_range(DATA).normalise(torch.tensor(DATA, dtype=torch.float32))
    torch.testing.assert_close(values[[0, 2], :2], torch.tensor([[-1.0, -1.0], [1.0, 1.0]]))


def test_two_standard_deviations_become_one():
    data = np.random.default_rng(0).normal(3.0, 7.0, (100_000, 2))
    values = Normaliser.of_spread(data).normalise(torch.tensor(data))
    np.testing.assert_allclose(values.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(values.std(0), 0.5, atol=1e-4)


def test_a_number_that_does_not_vary_is_only_shifted():
    values = torch.tensor([[0.0, 100.0, 5.0], [0.0, 100.0, 6.0]])
    for normaliser in (Normaliser.of_range(DATA), Normaliser.of_spread(DATA)):
        torch.testing.assert_close(normaliser.normalise(values)[:, 2], torch.tensor([0.0, 1.0]))


def test_restore_undoes_normalise():
    values = torch.randn(50, 3, generator=torch.Generator().manual_seed(0)) * 100
    for normaliser in (Normaliser.of_range(DATA), Normaliser.of_spread(DATA)):
        back = normaliser.restore(normaliser.normalise(values))
        torch.testing.assert_close(back, values, atol=1e-3, rtol=1e-5)
