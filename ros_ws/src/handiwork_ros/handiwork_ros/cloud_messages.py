"""Clouds, poses of objects and scenes, to messages.

Shapes: K points.
"""

from array import array
from collections.abc import Collection

import numpy as np
from handiwork_msgs.msg import ObjectPose as ObjectPoseMessage
from moveit_msgs.msg import CollisionObject, PlanningScene
from sensor_msgs.msg import PointCloud2, PointField

from handiwork.errors import BadValue, WrongShape
from handiwork.perception.object_pose import ObjectPose
from handiwork.planning import Scene
from handiwork_ros.messages import stamp_from_seconds
from handiwork_ros.scene_messages import message_from_obstacle
from handiwork_ros.shape_messages import pose_from_matrix


def cloud_from_points(points: np.ndarray, stamp: float, frame: str) -> PointCloud2:
    """(K, 3) points [m] as fields x, y, z of float32, in one row."""
    if points.ndim != 2 or points.shape[1] != 3:
        raise WrongShape("points", points.shape, "(K, 3)")
    packed = np.ascontiguousarray(points, "<f4")
    message = PointCloud2(height=1, width=len(packed), is_dense=True)
    message.header.stamp = stamp_from_seconds(stamp)
    message.header.frame_id = frame
    message.fields = [
        PointField(name=name, offset=4 * place, datatype=PointField.FLOAT32, count=1)
        for place, name in enumerate("xyz")
    ]
    message.point_step, message.row_step = 12, 12 * len(packed)
    message.data = array("B")  # a bytes object would be copied item by item
    message.data.frombytes(memoryview(packed).cast("B") if len(packed) else b"")
    return message


def points_from_cloud(message: PointCloud2) -> np.ndarray:
    """(K, 3) float32 points [m], those that are not numbers left out.

    Raises:
        BadValue: x, y and z are not float32, or bytes are missing.
    """
    kinds = {field.name: (field.offset, field.datatype) for field in message.fields}
    for name in "xyz":
        if kinds.get(name, (0, -1))[1] != PointField.FLOAT32:
            fix = "Check who publishes the cloud."
            raise BadValue("cloud", f"field {name}", sorted(kinds), "x, y, z of float32", fix)
    count, step = message.width * message.height, message.point_step
    if len(message.data) < count * step:
        raise BadValue(
            "cloud", "data", len(message.data), f"{count * step} bytes", "Check the publisher."
        )
    order = ">" if message.is_bigendian else "<"
    kind = np.dtype(
        {
            "names": list("xyz"),
            "formats": [f"{order}f4"] * 3,
            "offsets": [kinds[name][0] for name in "xyz"],
            "itemsize": step,
        }
    )
    raw = np.frombuffer(message.data, kind, count)
    points = np.stack([raw[name] for name in "xyz"], axis=1).astype(np.float32)
    return points[np.isfinite(points).all(axis=1)]


def message_from_object_pose(pose: ObjectPose) -> ObjectPoseMessage:
    """A pose with its covariance: x, y, z and turns about the axes of the message's frame."""
    message = ObjectPoseMessage(name=pose.name, rms_m=float(pose.rms))
    message.pose.pose = pose_from_matrix(pose.base_from_object)
    message.pose.covariance = pose.covariance.ravel()
    return message


def scene_changes_message(scene: Scene, told: Collection[str], frame: str) -> PlanningScene:
    """A diff that puts the scene's obstacles in place and takes away those told of before that are
    gone.
    """
    message = PlanningScene(is_diff=True)
    message.robot_state.is_diff = True
    message.world.collision_objects = [
        message_from_obstacle(thing, frame) for thing in scene.obstacles
    ]
    for name in sorted(set(told) - set(scene.names)):
        gone = CollisionObject(id=name, operation=CollisionObject.REMOVE)
        gone.header.frame_id = frame
        message.world.collision_objects.append(gone)
    return message
