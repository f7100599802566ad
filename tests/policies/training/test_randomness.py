"""What is drawn follows from the seed and the step, however many processes share a batch."""

import numpy as np
import pytest
import torch

from policies.training.randomness import OwnRows, step_generator, window_numbers


def test_a_step_draws_the_same_windows_whatever_was_drawn_before():
    first = window_numbers(3, 40, 1000, 64)
    window_numbers(3, 41, 1000, 64)
    np.testing.assert_array_equal(window_numbers(3, 40, 1000, 64), first)
    assert not np.array_equal(window_numbers(3, 41, 1000, 64), first)
    assert not np.array_equal(window_numbers(4, 40, 1000, 64), first)
    assert first.min() >= 0 and first.max() < 1000


def test_a_step_draws_the_same_noise_also_inside_the_network():
    draws = []
    for _ in range(2):
        generator = step_generator(0, 7)
        draws.append((torch.randn(4, generator=generator), torch.rand(4)))
        torch.rand(9)
    for one, other in zip(*draws, strict=True):
        assert torch.equal(one, other)
    assert not torch.equal(*draws[0]), "noise and dropout do not draw the same"


@pytest.mark.parametrize(
    "draw",
    [
        lambda rows, generator: torch.randn((rows, 3), generator=generator),
        lambda rows, generator: torch.randn(rows, 3, 2, generator=generator),
        lambda rows, generator: torch.rand(size=(rows,), generator=generator),
        lambda rows, generator: torch.randint(100, (rows, 2), generator=generator),
        lambda rows, generator: torch.randint(5, 90, (rows,), generator=generator),
        lambda rows, generator: torch.randint(high=9, size=(rows,), generator=generator),
    ],
)
def test_the_parts_of_a_draw_are_together_the_whole_draw(draw):
    def generator() -> torch.Generator:
        return torch.Generator().manual_seed(5)

    whole = draw(6, generator())
    parts = []
    for part in range(3):
        with OwnRows(part, 3, 2):
            parts.append(draw(2, generator()))
    assert torch.equal(torch.cat(parts), whole)


def test_draws_that_are_not_of_the_batch_are_alike_in_all_processes():
    plain = torch.randn(5, 2, generator=torch.Generator().manual_seed(1))
    with OwnRows(1, 2, 4):
        assert torch.equal(torch.randn(5, 2, generator=torch.Generator().manual_seed(1)), plain)
