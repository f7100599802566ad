"""A real depth picture, from a camera that nobody here modelled, through the cloud."""

import cv2
import numpy as np
import pytest
from scipy.spatial import KDTree

from handiwork.perception.camera import Camera
from handiwork.perception.cloud import CloudConfig, CloudMaker
from handiwork.perception.cloud_box import CloudBox

PER_METRE = 5000  # of the TUM data sets


@pytest.mark.real_data
def test_a_real_room_becomes_the_cloud_that_open3d_makes_of_it(real_data):
    o3d = pytest.importorskip("open3d", reason="open3d-cpu is not installed")
    raw = cv2.imread(str(real_data / "rgbd/TUM_depth.png"), cv2.IMREAD_UNCHANGED)
    depth = np.rint(raw * (1e3 / PER_METRE)).astype(np.uint16)
    k = np.array([[525.0, 0, 319.5], [0, 525.0, 239.5], [0, 0, 1]])
    camera = Camera(k=k, width=640, height=480, base_from_optical=np.eye(4))
    box = CloudBox(low=(-2.0, -2.0, 0.5), high=(2.0, 2.0, 4.0), cell=0.02)
    maker = CloudMaker(CloudConfig(box=box, count=4096))
    cells = maker.cells(depth, camera)
    intrinsic = o3d.camera.PinholeCameraIntrinsic(640, 480, 525.0, 525.0, 319.5, 239.5)
    cloud = o3d.geometry.PointCloud.create_from_depth_image(o3d.geometry.Image(depth), intrinsic)
    corners = o3d.geometry.AxisAlignedBoundingBox(np.array(box.low), np.array(box.high))
    cropped = cloud.crop(corners)
    reduced = np.asarray(cropped.voxel_down_sample(box.cell).points)
    assert len(cells.points) > 8000
    assert cells.counts.sum() == pytest.approx(len(cropped.points), rel=0.001)
    assert len(cells.points) == pytest.approx(len(reduced), rel=0.05)
    assert KDTree(cells.points).query(reduced)[0].max() < 2 * box.cell
    sampled = maker.sampled(cells)
    covered = KDTree(sampled).query(cells.points)[0].max()
    theirs = np.asarray(
        o3d.geometry.PointCloud(o3d.utility.Vector3dVector(cells.points.astype(float)))
        .farthest_point_down_sample(4096)
        .points
    )
    assert covered < 1.1 * KDTree(theirs).query(cells.points)[0].max()
