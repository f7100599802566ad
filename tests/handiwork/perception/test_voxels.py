"""One point per cell: means, no sorting, and the same from a picture as from its points."""

import numpy as np
import pytest

from handiwork.errors import WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.voxels import Voxels

BOX = CloudBox(low=(-0.1, -0.1, 0.0), high=(0.1, 0.1, 0.2), cell=0.01)


def some_points(count=5000, seed=0):
    return np.random.default_rng(seed).uniform(-0.12, 0.22, (count, 3)).astype(np.float32)


def in_order(points):
    return points[np.lexsort(points.T)]


def grouped(points):
    """Plain means of cells, by sorting."""
    scaled = (points - np.array(BOX.low)) / BOX.cell
    inside = ((scaled >= 0) & (scaled < BOX.counts)).all(axis=1)
    cells, number = np.unique(np.floor(scaled[inside]), axis=0, return_inverse=True)
    sums = np.zeros((len(cells), 3))
    np.add.at(sums, number.ravel(), points[inside])
    return sums / np.bincount(number.ravel())[:, None]


def looking_down():
    """A camera half a metre above, that looks down."""
    pose = np.diag([1.0, -1.0, -1.0, 1.0])
    pose[2, 3] = 0.5
    k = np.array([[300.0, 0.0, 79.5], [0.0, 300.0, 59.5], [0.0, 0.0, 1.0]])
    return Camera(k=k, width=160, height=120, base_from_optical=pose)


def test_each_point_is_the_mean_of_its_cell():
    points = some_points()
    cloud = Voxels(BOX).of_points(points)
    np.testing.assert_allclose(in_order(cloud.points), in_order(grouped(points)), atol=1e-6)
    assert len(np.unique(cloud.cells)) == len(cloud.cells)


def test_reducing_twice_changes_nothing():
    voxels = Voxels(BOX)
    once = voxels.of_points(some_points())
    twice = voxels.of_points(once.points)
    np.testing.assert_allclose(twice.points, once.points, atol=1e-6)
    np.testing.assert_array_equal(twice.cells, once.cells)
    assert np.all(twice.counts == 1)


def test_the_order_of_points_does_not_matter():
    points, voxels = some_points(), Voxels(BOX)
    shuffled = np.random.default_rng(1).permutation(points)
    first, second = voxels.of_points(points), voxels.of_points(shuffled)
    np.testing.assert_allclose(in_order(first.points), in_order(second.points), atol=1e-6)


def test_points_outside_of_the_box_and_not_a_number_are_left_out():
    points = np.array([[0, 0, 0.1], [0, 0, 0.21], [np.nan, 0, 0.1], [np.inf, 0, 0.1], [-1, 0, 0.1]])
    cloud = Voxels(BOX).of_points(points)
    assert cloud.counts.tolist() == [1]


def test_a_picture_gives_the_cells_of_its_points():
    camera = looking_down()
    depth = np.random.default_rng(2).integers(0, 500, (120, 160)).astype(np.uint16)
    row, column = np.nonzero(depth)
    points = camera.deproject(np.column_stack([column, row]), depth[row, column] * 1e-3)
    voxels = Voxels(BOX)
    seen, told = voxels.of_depth(depth, camera), voxels.of_points(points)
    assert seen.counts.sum() == pytest.approx(told.counts.sum(), abs=5)  # rounding at the walls
    common, ours, theirs = np.intersect1d(seen.cells, told.cells, return_indices=True)
    assert len(common) > 0.99 * len(told.cells)
    same = seen.counts[ours] == told.counts[theirs]
    np.testing.assert_allclose(seen.points[ours][same], told.points[theirs][same], atol=2e-6)


def test_every_pixel_has_the_label_of_its_cell():
    camera, voxels = looking_down(), Voxels(BOX)
    depth = np.full((120, 160), 400, np.uint16)
    depth[:, :80] = 450
    depth[:10] = 0
    cloud = voxels.of_depth(depth, camera)
    high = cloud.points[:, 2] > 0.08
    picture = voxels.labels_of_depth(depth, camera, cloud.cells[high], np.full(high.sum(), 7))
    inside = np.zeros(depth.shape, bool)
    points = camera.deproject(
        np.stack(np.meshgrid(np.arange(160), np.arange(120)), -1), depth / 1e3
    )
    inside = np.all((points >= BOX.low) & (points < BOX.high), axis=-1) & (depth == 400)
    assert np.mean((picture == 7) == inside) > 0.995
    assert set(np.unique(picture)) == {-1, 7}
    np.testing.assert_array_equal(voxels.of_depth(depth, camera).cells, cloud.cells)  # clean again


def test_points_of_another_shape_and_boxes_that_cannot_be_are_refused():
    with pytest.raises(WrongShape):
        Voxels(BOX).of_points(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="low must be below high"):
        CloudBox(low=(0.0, 0.0, 0.0), high=(0.1, 0.1, 0.0))
    with pytest.raises(ValueError, match="too fine"):
        CloudBox(low=(0.0, 0.0, 0.0), high=(9.0, 9.0, 9.0), cell=0.001)
    with pytest.raises(ValueError, match="numbers"):
        CloudBox(low=(0.0, float("nan"), 0.0))
