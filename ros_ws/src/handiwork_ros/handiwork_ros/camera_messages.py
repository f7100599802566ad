"""What a camera knows of itself, to messages: camera info, extrinsics, frames, coloured points.

Frames are named and placed as realsense2_camera does: NAME_link is the depth camera, x forward, y
left, z up; every stream has NAME_STREAM_frame with the same axes and NAME_STREAM_optical_frame
(REP-103: z forward, x right).
Source: realsense2_camera 4.58.
Shapes: H, W rows and columns; N points.
"""

from array import array

import numpy as np
from geometry_msgs.msg import TransformStamped
from realsense2_camera_msgs.msg import Extrinsics
from sensor_msgs.msg import CameraInfo, PointCloud2, PointField

from handiwork.cameras.optics import Optics
from handiwork_ros.messages import stamp_from_seconds
from handiwork_ros.sight_messages import transform_from_matrix

BODY_FROM_OPTICAL = np.array([[0.0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
POINT = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<u4")])


def message_from_optics(optics: Optics, frame: str) -> CameraInfo:
    """Without a stamp, which every image brings."""
    message = CameraInfo(height=optics.height, width=optics.width)
    message.header.frame_id = frame
    message.distortion_model, message.d = optics.model, optics.d.tolist()
    message.k = optics.k.ravel().tolist()
    message.r = np.eye(3).ravel().tolist()
    message.p = np.hstack([optics.k, np.zeros((3, 1))]).ravel().tolist()
    return message


def extrinsics_from_matrix(colour_from_depth: np.ndarray) -> Extrinsics:
    """(4, 4) [m]; the message has the rotation column by column."""
    return Extrinsics(
        rotation=colour_from_depth[:3, :3].ravel(order="F"), translation=colour_from_depth[:3, 3]
    )


def matrix_from_extrinsics(message: Extrinsics) -> np.ndarray:
    """(4, 4) [m]."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(message.rotation, (3, 3), order="F")
    matrix[:3, 3] = message.translation
    return matrix


def frames_of(
    link: str, name: str, kinds: tuple[str, ...], colour_from_depth: np.ndarray | None, stamp: float
) -> list[TransformStamped]:
    """The camera's own frames for /tf_static.

    link: the frame that the camera's others hang on; name: what the others begin with.
    kinds: "color", "depth".
    """
    messages = []
    for kind in kinds:
        link_from_stream = np.eye(4)
        if kind == "color" and colour_from_depth is not None:
            depth_from_colour = np.linalg.inv(colour_from_depth)
            link_from_stream = BODY_FROM_OPTICAL @ depth_from_colour @ BODY_FROM_OPTICAL.T
        stream, optical = f"{name}_{kind}_frame", f"{name}_{kind}_optical_frame"
        messages.append(transform_from_matrix(link_from_stream, stamp, link, stream))
        messages.append(transform_from_matrix(BODY_FROM_OPTICAL, stamp, stream, optical))
    return messages


def cloud_from_points(
    points: np.ndarray, colour: np.ndarray, stamp: float, frame: str
) -> PointCloud2:
    """Those of the points that are known, with their pixels' colours.

    points: (H * W, 3) float32 [m], z = 0 unknown; colour: (H, W, 3) uint8.
    """
    known = points[:, 2] > 0
    seen = np.ascontiguousarray(colour).reshape(-1, 3)[known].astype(np.uint32)
    data = np.empty(len(seen), POINT)
    data["x"], data["y"], data["z"] = points[known].T
    data["rgb"] = seen[:, 0] << 16 | seen[:, 1] << 8 | seen[:, 2]
    message = PointCloud2(height=1, width=len(data), point_step=POINT.itemsize, is_dense=True)
    message.header.stamp = stamp_from_seconds(stamp)
    message.header.frame_id = frame
    message.row_step = data.nbytes
    message.fields = [
        PointField(name=field, offset=4 * index, datatype=PointField.FLOAT32, count=1)
        for index, field in enumerate(POINT.names or ())
    ]
    message.data = array("B")  # a bytes object would be copied item by item
    message.data.frombytes(memoryview(data).cast("B"))
    return message
