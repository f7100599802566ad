"""Clouds and scenes there and back."""

import numpy as np
import pytest
from moveit_msgs.msg import CollisionObject
from sensor_msgs.msg import PointField

from handiwork.errors import BadValue, WrongShape
from handiwork.perception.object_pose import ObjectPose
from handiwork.planning import Box, Obstacle, Scene, placed
from handiwork_ros.cloud_messages import (
    cloud_from_points,
    message_from_object_pose,
    points_from_cloud,
    scene_changes_message,
)
from handiwork_ros.messages import seconds_from_stamp


def test_points_come_back_as_they_were():
    points = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    message = cloud_from_points(points, 12.5, "base_link")
    np.testing.assert_array_equal(points_from_cloud(message), points)
    assert (message.width, message.height, message.point_step) == (500, 1, 12)
    assert message.row_step == len(message.data) == 6000
    assert (message.header.frame_id, seconds_from_stamp(message.header.stamp)) == (
        "base_link",
        12.5,
    )
    assert len(points_from_cloud(cloud_from_points(points[:0], 0.0, "base_link"))) == 0


def test_other_peoples_clouds_are_read_too():
    """x, y, z among other fields, with rows, and points that are none."""
    message = cloud_from_points(np.zeros((4, 3)), 0.0, "base_link")
    rows = np.zeros((4, 5), "<f4")
    rows[:, 1:4] = np.arange(12).reshape(4, 3)
    rows[2, 1] = np.nan
    message.fields = [
        PointField(name=name, offset=4 * place, datatype=PointField.FLOAT32, count=1)
        for place, name in enumerate(("rgb", "x", "y", "z", "intensity"))
    ]
    message.height, message.width, message.point_step = 2, 2, 20
    message.data = rows.tobytes()
    np.testing.assert_array_equal(points_from_cloud(message), rows[[0, 1, 3], 1:4])


def test_clouds_that_are_none_are_refused():
    with pytest.raises(WrongShape):
        cloud_from_points(np.zeros((3, 4)), 0.0, "base_link")
    message = cloud_from_points(np.zeros((4, 3)), 0.0, "base_link")
    message.data = message.data[:-1]
    with pytest.raises(BadValue, match="48 bytes"):
        points_from_cloud(message)
    message.fields[0].datatype = PointField.FLOAT64
    with pytest.raises(BadValue, match="float32"):
        points_from_cloud(message)


def test_a_pose_keeps_its_covariance():
    pose = ObjectPose(
        name="cube",
        base_from_object=placed(0.3, -0.1, 0.025, 0.5),
        covariance=np.arange(36.0).reshape(6, 6),
        rms=0.001,
        points=900,
        explained=1.0,
        agreement=1.0,
        covered=0.0,
    )
    message = message_from_object_pose(pose)
    assert (message.name, message.rms_m) == ("cube", 0.001)
    assert message.pose.pose.position.z == 0.025
    assert message.pose.pose.orientation.z == pytest.approx(np.sin(0.25))
    np.testing.assert_array_equal(message.pose.covariance, np.arange(36.0))


def test_what_is_gone_is_taken_away():
    shape = Box(size=(0.1, 0.1, 0.1))
    scene = Scene(obstacles=(Obstacle(name="cube", shape=shape, base_from_shape=np.eye(4)),))
    message = scene_changes_message(scene, {"cube", "mug"}, "base_link")
    told = {item.id: item.operation for item in message.world.collision_objects}
    assert told == {"cube": CollisionObject.ADD, "mug": CollisionObject.REMOVE}
    assert message.is_diff and message.robot_state.is_diff
