"""What is seen, to messages and back: images, cameras, transforms and object poses.

Pairs of pure functions, like `handiwork_ros.messages`. Quaternions are ordered x, y, z, w, as in
geometry_msgs. Times are seconds of the stack's clock.
"""

import math
from array import array

import numpy as np
from geometry_msgs.msg import Transform, TransformStamped
from handiwork_msgs.msg import ObjectPose
from scipy.spatial.transform import Rotation
from sensor_msgs.msg import CameraInfo, Image

from handiwork.errors import BadValue, WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.planar_pose import PlanarPose
from handiwork_ros.messages import stamp_from_seconds

IMAGE_TYPES = {"rgb8": (np.uint8, 3), "16UC1": (np.uint16, 1)}


def pixels_from_image(message: Image) -> np.ndarray:
    """A view of the pixels, nothing copied: rgb8 (H, W, 3) uint8, 16UC1 (H, W) uint16.

    Raises:
        BadValue: another encoding.
        WrongShape: the data does not fill the image.
    """
    if message.encoding not in IMAGE_TYPES:
        raise BadValue(
            "image",
            "encoding",
            message.encoding,
            f"one of {sorted(IMAGE_TYPES)}",
            "Check the topic and the camera's format.",
        )
    kind, channels = IMAGE_TYPES[message.encoding]
    kind = np.dtype(kind).newbyteorder(">" if message.is_bigendian else "<")
    row = message.width * channels * kind.itemsize
    if message.step < row or len(message.data) != message.step * message.height:
        raise WrongShape("image.data", (len(message.data),), f"({message.height} * step >= {row},)")
    rows = np.frombuffer(message.data, np.uint8).reshape(message.height, message.step)[:, :row]
    pixels = rows.view(kind)
    return pixels.reshape(message.height, message.width, 3) if channels == 3 else pixels


def image_from_pixels(pixels: np.ndarray, stamp: float, frame: str) -> Image:
    """(H, W, 3) uint8 as rgb8, or (H, W) uint16 as 16UC1."""
    encoding = "rgb8" if pixels.ndim == 3 else "16UC1"
    kind, channels = IMAGE_TYPES[encoding]
    if pixels.dtype != kind or (pixels.ndim == 3 and pixels.shape[2] != channels):
        raise WrongShape(
            f"pixels of {pixels.dtype}", pixels.shape, "(H, W, 3) uint8 or (H, W) uint16"
        )
    height, width = pixels.shape[:2]
    image = Image(height=height, width=width, encoding=encoding)
    image.header.stamp = stamp_from_seconds(stamp)
    image.header.frame_id = frame
    image.step = width * channels * pixels.itemsize
    image.data = array("B")  # a bytes object would be copied item by item
    image.data.frombytes(memoryview(np.ascontiguousarray(pixels)).cast("B"))
    return image


def camera_from_message(message: CameraInfo, base_from_optical: np.ndarray) -> Camera:
    """The camera of an undistorted image; base_from_optical (4, 4) [m] comes from a calibration.

    Raises:
        BadValue: the image is distorted, which the core does not undo.
    """
    if any(message.d):
        raise BadValue("camera_info", "d", list(message.d), "all zero", "Feed rectified images.")
    return Camera(
        k=np.array(message.k).reshape(3, 3),
        width=message.width,
        height=message.height,
        base_from_optical=base_from_optical,
    )


def message_from_camera(camera: Camera, stamp: float, frame: str) -> CameraInfo:
    """An undistorted camera; its place is not part of it but of /tf_static."""
    message = CameraInfo(height=camera.height, width=camera.width, distortion_model="plumb_bob")
    message.header.stamp = stamp_from_seconds(stamp)
    message.header.frame_id = frame
    message.d = [0.0] * 5
    message.k = camera.k.ravel().tolist()
    message.r = np.eye(3).ravel().tolist()
    message.p = np.hstack([camera.k, np.zeros((3, 1))]).ravel().tolist()
    return message


def transform_from_matrix(
    matrix: np.ndarray, stamp: float, parent: str, child: str
) -> TransformStamped:
    """parent_from_child, (4, 4) [m], for /tf."""
    message = TransformStamped(child_frame_id=child)
    message.header.stamp = stamp_from_seconds(stamp)
    message.header.frame_id = parent
    moved, turned = message.transform.translation, message.transform.rotation
    moved.x, moved.y, moved.z = matrix[:3, 3].tolist()
    turned.x, turned.y, turned.z, turned.w = Rotation.from_matrix(matrix[:3, :3]).as_quat().tolist()
    return message


def matrix_from_transform(transform: Transform) -> np.ndarray:
    """parent_from_child, (4, 4) [m]."""
    moved, turned = transform.translation, transform.rotation
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_quat([turned.x, turned.y, turned.z, turned.w]).as_matrix()
    matrix[:3, 3] = moved.x, moved.y, moved.z
    return matrix


def planar_from_object_pose(message: ObjectPose) -> np.ndarray:
    """x, y [m] and angle about z [rad] of an object that lies on the table, (3,)."""
    pose = message.pose.pose
    turned = Rotation.from_quat(
        [pose.orientation.x, pose.orientation.y, pose.orientation.z, pose.orientation.w]
    )
    return np.array([pose.position.x, pose.position.y, turned.as_euler("ZYX")[0]])


def object_pose_from_planar(name: str, pose: PlanarPose) -> ObjectPose:
    """An object on the table; z is the table's top."""
    message = ObjectPose(name=name, rms_m=float(pose.rms))
    message.pose.pose.position.x, message.pose.pose.position.y = float(pose.x), float(pose.y)
    message.pose.pose.orientation.z = math.sin(pose.angle / 2)
    message.pose.pose.orientation.w = math.cos(pose.angle / 2)
    covariance = np.zeros((6, 6))  # x, y, z and the turns about them
    covariance[np.ix_([0, 1, 5], [0, 1, 5])] = pose.covariance
    message.pose.covariance = covariance.ravel()
    return message
