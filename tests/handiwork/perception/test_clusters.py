"""Things apart from each other."""

import numpy as np

from handiwork.perception.clusters import cluster


def heap(middle, count, seed):
    return np.random.default_rng(seed).uniform(-0.02, 0.02, (count, 3)) + middle


def test_things_apart_get_numbers_by_size():
    points = np.vstack([heap((0.3, 0, 0.05), 200, 0), heap((0.5, 0.1, 0.05), 600, 1)])
    labels = cluster(points, cell=0.005)
    assert set(labels[:200]) == {1} and set(labels[200:]) == {0}


def test_the_order_of_points_does_not_matter():
    points = np.vstack([heap((0.3, 0, 0.05), 200, 0), heap((0.5, 0.1, 0.05), 600, 1)])
    order = np.random.default_rng(2).permutation(len(points))
    np.testing.assert_array_equal(cluster(points, 0.005)[order], cluster(points[order], 0.005))


def test_a_few_stray_points_are_no_thing():
    points = np.vstack([heap((0.3, 0, 0.05), 200, 0), heap((0.5, 0.1, 0.05), 3, 1)])
    assert set(cluster(points, cell=0.005)[200:]) == {-1}
    assert cluster(points[:0], cell=0.005).shape == (0,)
