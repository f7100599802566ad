"""Farthest-point sampling is the plain traversal, only quicker."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from handiwork.errors import WrongShape
from handiwork.perception.farthest_points import farthest_points


def surface(count=6000, seed=0):
    """A noisy table with a lump on it (N, 3) [m]."""
    draws = np.random.default_rng(seed)
    points = draws.uniform((0.1, -0.3, 0.0), (0.5, 0.3, 0.002), (count, 3))
    points[: count // 4] = draws.normal((0.3, 0.0, 0.05), 0.02, (count // 4, 3))
    return points.astype(np.float32)


def plainly(points, count, first):
    """Look at every point every time."""
    squared, taken = np.full(len(points), np.inf), [first]
    for _ in range(count - 1):
        off = points - points[taken[-1]]
        squared = np.minimum(squared, (off * off).sum(axis=1))
        taken.append(int(squared.argmax()))
    return taken


@pytest.mark.parametrize("seed", range(3))
def test_the_points_taken_are_those_of_the_plain_traversal(seed):
    points = surface(3000, seed)
    taken = farthest_points(points, 400)
    assert taken.tolist() == plainly(points, 400, int(taken[0]))


def test_they_are_some_of_the_points_each_once():
    points = surface()
    taken = farthest_points(points, 1000)
    assert len(np.unique(taken)) == 1000
    assert taken.min() >= 0 and taken.max() < len(points)


def test_they_are_as_far_apart_as_any_point_is_from_them():
    points = surface()
    kept = points[farthest_points(points, 1000)]
    apart = cKDTree(kept).query(kept, k=2)[0][:, 1].min()
    covered = cKDTree(kept).query(points)[0].max()
    assert apart >= covered - 1e-6


def test_the_order_of_points_does_not_matter():
    points = surface()
    shuffled = points[np.random.default_rng(3).permutation(len(points))]
    first, second = (cloud[farthest_points(cloud, 700)] for cloud in (points, shuffled))
    np.testing.assert_array_equal(first, second)


def test_moving_the_cloud_moves_what_is_taken():
    points = surface().astype(float)
    moved = points + np.array([0.25, -0.5, 0.125])  # kept exactly by float32 at this size
    first, second = farthest_points(points, 50), farthest_points(moved, 50)
    assert len(np.intersect1d(first, second)) >= 45  # rounding may turn a tie


def test_a_cloud_with_no_more_points_is_kept_whole():
    points = surface(100)
    assert farthest_points(points, 100).tolist() == list(range(100))
    assert farthest_points(points[:0], 10).tolist() == []


def test_clouds_on_a_line_and_in_one_place_are_sampled_too():
    line = np.zeros((500, 3))
    line[:, 0] = np.linspace(0, 1, 500)
    kept = np.sort(line[farthest_points(line, 11), 0])
    assert np.diff(kept).min() > 0.04
    assert len(farthest_points(np.ones((50, 3)), 5)) == 5


def test_other_shapes_and_no_points_at_all_are_refused():
    with pytest.raises(WrongShape):
        farthest_points(np.zeros((5, 2)), 2)
    with pytest.raises(ValueError, match="1 or more"):
        farthest_points(surface(10), 0)
