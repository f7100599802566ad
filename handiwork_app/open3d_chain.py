"""The same cloud by Open3D's own functions, one after the other, to measure beside."""

# pyright: reportArgumentType=false, reportAttributeAccessIssue=false, reportCallIssue=false
# Open3D's stubs know neither numpy arrays nor what its own functions return.

from collections.abc import Callable

import numpy as np

from handiwork.perception.camera import Camera
from handiwork.perception.cloud_box import CloudBox
from handiwork_app.settings import BadSetting


def open3d_chain(camera: Camera, box: CloudBox, count: int) -> Callable[[np.ndarray], np.ndarray]:
    """A function of depth (H, W) uint16 [mm] that gives (count, 3) points in base [m].

    Raises:
        BadSetting: Open3D is not installed.
    """
    try:
        import open3d as o3d
    except ImportError as error:
        raise BadSetting(
            "open3d is not installed, want it to measure beside. Say measure.open3d=false, or "
            "pip install open3d-cpu."
        ) from error
    fx, fy, cx, cy = camera.k[[0, 1, 0, 1], [0, 1, 2, 2]].tolist()
    intrinsic = o3d.camera.PinholeCameraIntrinsic(camera.width, camera.height, fx, fy, cx, cy)
    crop = o3d.geometry.AxisAlignedBoundingBox(np.array(box.low), np.array(box.high))

    def chain(depth: np.ndarray) -> np.ndarray:
        image = o3d.geometry.Image(np.ascontiguousarray(depth))
        cloud = o3d.geometry.PointCloud.create_from_depth_image(image, intrinsic)
        cloud = cloud.transform(camera.base_from_optical).crop(crop)
        return np.asarray(
            cloud.voxel_down_sample(box.cell).farthest_point_down_sample(count).points
        )

    return chain
