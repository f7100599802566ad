"""A shape is found again wherever it lies, and points that are said badly are made better."""

import numpy as np
import torch

from handiwork.tasks import push_t
from policies.encoders.rigid_fit import rigid_fit

SHAPE = torch.tensor(push_t.OUTLINE_PX, dtype=torch.float64)
POSES = np.random.default_rng(0).uniform((-300, -300, -4), (300, 300, 4), (64, 3))
PLACED = torch.from_numpy(push_t.keypoints(POSES))


def test_a_shape_that_was_turned_and_moved_is_its_own_fit():
    torch.testing.assert_close(rigid_fit(PLACED, SHAPE), PLACED)


def test_where_the_shape_itself_lies_does_not_matter():
    goal = torch.from_numpy(push_t.keypoints(push_t.GOAL_PX))
    torch.testing.assert_close(rigid_fit(PLACED, goal), PLACED)


def test_no_turn_or_move_of_the_shape_is_closer():
    """The oracle: least squares over a fine grid of turns and moves about the answer."""
    noisy = PLACED[:1] + torch.from_numpy(np.random.default_rng(1).normal(0, 8, (1, 8, 2)))
    best = (rigid_fit(noisy, SHAPE) - noisy).square().sum()
    turns, moves = np.linspace(-np.pi, np.pi, 721), np.linspace(-3, 3, 7)
    centred = push_t.OUTLINE_PX - push_t.OUTLINE_PX.mean(0)
    x, y = noisy[0].mean(0).tolist()
    grid = np.array([(x + dx, y + dy, turn) for dx in moves for dy in moves for turn in turns])
    others = push_t.transform(centred, grid) - noisy.numpy()
    assert best <= np.square(others).sum((1, 2)).min() + 1e-9


def test_errors_of_single_points_are_averaged():
    """Three numbers are estimated from sixteen, so sqrt(3 / 16) of the error should stay."""
    noise = torch.from_numpy(np.random.default_rng(2).normal(0, 2, PLACED.shape))
    left = (rigid_fit(PLACED + noise, SHAPE) - PLACED).square().mean().sqrt()
    assert abs(left / noise.square().mean().sqrt() - (3 / 16) ** 0.5) < 0.05
