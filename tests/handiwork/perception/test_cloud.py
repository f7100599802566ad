"""From depth to a cloud in base, and what is refused on the way."""

import numpy as np
import pytest

from handiwork.errors import BadValue, WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.cloud import CloudConfig, CloudMaker
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.depth_picture import check_colour
from handiwork.perception.outliers import OutlierFilter, inliers

K = np.array([[300.0, 0.0, 159.5], [0.0, 300.0, 119.5], [0.0, 0.0, 1.0]])
BOX = CloudBox(low=(-0.2, -0.2, -0.02), high=(0.2, 0.2, 0.2))


def above(height=0.5, x=0.0):
    pose = np.diag([1.0, -1.0, -1.0, 1.0])
    pose[:3, 3] = x, 0.0, height
    return Camera(k=K, width=320, height=240, base_from_optical=pose)


def flat(millimetres=500):
    return np.full((240, 320), millimetres, np.uint16)


def test_a_flat_table_becomes_points_at_its_height_inside_the_box():
    points = CloudMaker(CloudConfig(box=BOX, count=800)).points(flat(), above())
    assert points.shape == (800, 3) and points.dtype == np.float32
    np.testing.assert_allclose(points[:, 2], 0.0, atol=1e-5)
    assert np.all((points[:, :2] >= -0.2) & (points[:, :2] <= 0.2))
    assert np.ptp(points[:, 0]) > 0.38


def test_a_camera_that_moved_sees_the_same_table_in_the_same_place():
    maker = CloudMaker(CloudConfig(box=CloudBox(low=(-0.1,) * 3, high=(0.1,) * 3), count=5000))
    first, second = maker.points(flat(), above()), maker.points(flat(600), above(0.6, x=0.03))
    assert abs(first[:, 2].mean() - second[:, 2].mean()) < 1e-5
    low, high = first.min(axis=0), first.max(axis=0)
    np.testing.assert_allclose(second.min(axis=0), low, atol=0.005)
    np.testing.assert_allclose(second.max(axis=0), high, atol=0.005)


def test_the_same_picture_gives_the_same_cloud():
    depth = np.random.default_rng(0).integers(350, 500, (240, 320)).astype(np.uint16)
    one, other = (CloudMaker(CloudConfig(box=BOX)).points(depth, above()) for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("depth", "error", "said"),
    [
        (np.zeros((240, 320), np.uint16), BadValue, "emitter"),
        (np.ones((480, 640), np.uint16), WrongShape, "intrinsics"),
        (np.ones((240, 320), np.float32), BadValue, "uint16"),
        (np.full((240, 320), 2000, np.uint16), BadValue, "points in the box"),
    ],
)
def test_pictures_that_make_no_cloud_are_refused_in_one_sentence(depth, error, said):
    with pytest.raises(error, match=said):
        CloudMaker(CloudConfig(box=BOX)).points(depth, above())


def test_a_camera_without_a_place_or_a_focal_length_is_refused():
    for pose in (np.full((4, 4), np.nan), np.diag([1.0, 1.0, -1.0, 1.0]), 2 * np.eye(4)):
        with pytest.raises(BadValue, match="calibration"):
            Camera(k=K, width=320, height=240, base_from_optical=pose)
    with pytest.raises(BadValue, match="camera_info"):
        Camera(k=np.zeros((3, 3)), width=320, height=240, base_from_optical=np.eye(4))


def test_colour_of_another_size_is_refused():
    with pytest.raises(WrongShape, match="aligned"):
        check_colour(np.zeros((480, 640, 3), np.uint8), flat())


def test_a_point_that_stands_alone_is_taken_out():
    rule = OutlierFilter(neighbours=8, deviations=2.0)
    draws = np.random.default_rng(0)
    points = np.vstack([draws.uniform(0, 0.1, (500, 3)), [[0.5, 0.5, 0.5]]])
    kept = inliers(points, rule)
    assert not kept[-1] and kept[:-1].mean() > 0.9


def test_outliers_are_those_of_open3d():
    o3d = pytest.importorskip("open3d", reason="open3d-cpu is not installed")
    points = np.random.default_rng(1).normal(size=(800, 3))
    cloud = o3d.geometry.PointCloud(o3d.utility.Vector3dVector(points))
    _, kept = cloud.remove_statistical_outlier(nb_neighbors=16, std_ratio=1.5)
    ours = np.flatnonzero(inliers(points, OutlierFilter(neighbours=16, deviations=1.5)))
    assert ours.tolist() == sorted(kept)
