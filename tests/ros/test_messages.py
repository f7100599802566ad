"""Conversions to messages and back lose nothing, and refuse what cannot be converted."""

import numpy as np
import pytest
from rclpy.serialization import deserialize_message
from trajectory_msgs.msg import JointTrajectory as JointTrajectoryMessage
from trajectory_msgs.msg import JointTrajectoryPoint

from handiwork import chunk_reports
from handiwork.chunks import ActionChunk
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.errors import BadValue, RefusedChunk, UnknownName, WrongShape
from handiwork.perception.camera import Camera
from handiwork.perception.planar_pose import PlanarPose
from handiwork_ros import messages, sight_messages
from handiwork_ros.trajectory_wire import wire_from_trajectory


def chunk(rows: np.ndarray | None = None) -> ActionChunk:
    return ActionChunk(
        rows=np.arange(6, dtype=np.float32).reshape(3, 2) if rows is None else rows,
        names=("x", "y"),
        space="pose",
        frame="base_link",
        start=12.5,
        period=0.1,
        observed=12.25,
        sequence=7,
    )


def joint_trajectory(**parts: object) -> JointTrajectory:
    values = {
        "names": ("shoulder", "elbow"),
        "times": np.array([3.0, 3.1, 3.25]),
        "positions": np.array([[0.0, 1.0], [0.1, 0.9], [0.2, 0.8]]),
        "velocities": np.array([[0.0, 0.0], [1.0, -1.0], [0.0, 0.0]]),
        "accelerations": np.array([[0.0, 0.0], [2.0, -2.0], [0.0, 0.0]]),
        **parts,
    }
    return JointTrajectory(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("seconds", [0.0, 1e-9, 0.999999999, 1234.000000001, 1.7e9])
def test_seconds_survive_the_wire(seconds):
    stamp = messages.stamp_from_seconds(seconds)
    assert messages.seconds_from_stamp(stamp) == pytest.approx(seconds, abs=1e-9)
    assert 0 <= stamp.nanosec < 10**9


def test_negative_durations_keep_their_sign():
    duration = messages.duration_from_seconds(-0.25)
    assert (duration.sec, duration.nanosec) == (-1, 750_000_000)
    assert messages.seconds_from_stamp(duration) == -0.25


def test_a_report_tells_both_delays_from_the_observation_on():
    report = chunk_reports.accepted(chunk(), rows_skipped=1, in_time=True, switch=12.5)
    message = messages.message_from_report(report, now=12.375, chunk_to_trajectory=0.01)
    assert (message.sequence, message.accepted, message.rows_skipped) == (7, True, 1)
    assert message.observation_to_trajectory_s == 0.125
    assert message.observation_to_switch_s == 0.25


def test_a_report_of_a_refusal_has_no_switch():
    report = chunk_reports.refused(chunk(), 0, "stale", "too old.")
    message = messages.message_from_report(report, now=12.375, chunk_to_trajectory=0.01)
    assert (message.accepted, message.reason) == (False, "too old.")
    assert message.observation_to_switch_s == 0.0


def test_a_chunk_survives_the_wire():
    back = messages.chunk_from_message(messages.message_from_chunk(chunk()))
    np.testing.assert_array_equal(back.rows, chunk().rows)
    assert (back.names, back.space, back.frame) == (("x", "y"), "pose", "base_link")
    assert (back.start, back.period, back.observed, back.sequence) == (12.5, 0.1, 12.25, 7)


def test_a_chunk_keeps_values_that_are_not_finite_for_the_executor_to_refuse():
    rows = np.full((2, 2), np.nan, np.float32)
    assert np.isnan(
        messages.chunk_from_message(messages.message_from_chunk(chunk(rows))).rows
    ).all()


def test_broken_rows_unknown_spaces_and_periods_are_refused_by_name():
    message = messages.message_from_chunk(chunk())
    message.rows = message.rows[:-1]
    with pytest.raises(RefusedChunk, match="5 values for 2 names"):
        messages.chunk_from_message(message)
    message = messages.message_from_chunk(chunk())
    message.space = 9
    with pytest.raises(RefusedChunk, match="space 9"):
        messages.chunk_from_message(message)
    message = messages.message_from_chunk(chunk())
    message.period.sec = message.period.nanosec = 0
    with pytest.raises(RefusedChunk, match=r"period of 0\.0 s"):
        messages.chunk_from_message(message)


@pytest.mark.parametrize("names", [("shoulder", "elbow"), ("j", "elbow"), ("a", "b")])
def test_a_trajectory_written_at_once_is_the_message(names: tuple[str, ...]):
    """Names of other lengths put the points at other places of the wire."""
    trajectory = joint_trajectory(names=names)
    message = deserialize_message(wire_from_trajectory(trajectory), JointTrajectoryMessage)
    assert message == messages.message_from_trajectory(trajectory)


@pytest.mark.parametrize("without", [(), ("accelerations",), ("accelerations", "velocities")])
def test_a_trajectory_survives_the_wire(without):
    sent = joint_trajectory(**dict.fromkeys(without))
    back = messages.request_from_message(messages.message_from_trajectory(sent))
    assert (back.names, back.stamp) == (sent.names, 3.0)
    for index, point in enumerate(back.points):
        assert back.stamp + point.time_from_start == pytest.approx(sent.times[index], abs=1e-9)
        for name in ("positions", "velocities", "accelerations"):
            rows = getattr(sent, name)
            assert getattr(point, name) == (() if rows is None else tuple(rows[index]))


def test_a_point_whose_acceleration_is_not_given_goes_without_it():
    accelerations = np.array([[0.0, 0.0], [np.nan, np.nan], [0.0, 0.0]])
    message = messages.message_from_trajectory(joint_trajectory(accelerations=accelerations))
    assert [len(point.accelerations) for point in message.points] == [2, 0, 2]


def test_what_a_sender_got_wrong_stays_wrong_for_the_controller_to_refuse():
    message = JointTrajectoryMessage(joint_names=["shoulder", "elbow"])
    message.points = [JointTrajectoryPoint(positions=[0.5], velocities=[1.0, 2.0, 3.0])]
    request = messages.request_from_message(message)
    assert request.points[0].positions == (0.5,)
    assert request.points[0].velocities == (1.0, 2.0, 3.0)
    assert request.stamp == 0.0


def test_joint_states_are_read_by_name_not_by_place():
    state = messages.JointState(
        stamp=4.5, position=np.array([1.0, 2.0, 3.0]), velocity=np.array([0.1, 0.2, 0.3])
    )
    message = messages.message_from_joint_state(state, ("a", "b", "c"), "base_link")
    back = messages.joint_state_from_message(message, ("c", "a"))
    assert back.stamp == 4.5
    np.testing.assert_array_equal(back.position, [3.0, 1.0])
    np.testing.assert_array_equal(back.velocity, [0.3, 0.1])
    with pytest.raises(UnknownName, match="'d'"):
        messages.joint_state_from_message(message, ("d",))


@pytest.mark.parametrize("shape", [(4, 6, 3), (4, 6)])
def test_images_survive_the_wire_and_are_read_without_a_copy(shape):
    kind = np.uint8 if len(shape) == 3 else np.uint16
    pixels = np.random.default_rng(0).integers(0, 250, shape).astype(kind)
    message = sight_messages.image_from_pixels(pixels, 1.0, "camera")
    back = sight_messages.pixels_from_image(message)
    np.testing.assert_array_equal(back, pixels)
    assert (back.dtype, message.encoding) == (kind, "rgb8" if len(shape) == 3 else "16UC1")
    message.data[0] = 251
    assert int(back.reshape(-1)[0]) % 256 == 251


def test_images_with_padded_rows_and_upside_down_views_are_read_right():
    pixels = np.arange(24, dtype=np.uint16).reshape(4, 6)
    message = sight_messages.image_from_pixels(pixels[::-1], 1.0, "camera")
    np.testing.assert_array_equal(sight_messages.pixels_from_image(message), pixels[::-1])
    padded = np.zeros((4, 8), np.uint16)
    padded[:, :6] = pixels
    message = sight_messages.image_from_pixels(padded, 1.0, "camera")
    message.width = 6
    np.testing.assert_array_equal(sight_messages.pixels_from_image(message), pixels)


def test_unknown_encodings_and_short_data_are_refused():
    message = sight_messages.image_from_pixels(np.zeros((4, 6), np.uint16), 1.0, "camera")
    message.height = 5
    with pytest.raises(WrongShape):
        sight_messages.pixels_from_image(message)
    message.encoding = "32FC1"
    with pytest.raises(BadValue, match="32FC1"):
        sight_messages.pixels_from_image(message)


def test_a_camera_survives_the_wire_and_distortion_is_refused():
    camera = Camera(
        k=np.array([[500.0, 0, 320], [0, 501.0, 240], [0, 0, 1]]),
        width=640,
        height=480,
        base_from_optical=np.eye(4),
    )
    message = sight_messages.message_from_camera(camera, 1.0, "camera")
    back = sight_messages.camera_from_message(message, np.eye(4))
    np.testing.assert_array_equal(back.k, camera.k)
    assert (back.width, back.height) == (640, 480)
    message.d[0] = 0.1
    with pytest.raises(BadValue, match="rectified"):
        sight_messages.camera_from_message(message, np.eye(4))


def test_a_transform_survives_the_wire_with_its_quaternion_in_xyzw():
    quarter = np.eye(4)
    quarter[:3, :3] = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]  # a quarter turn about z
    quarter[:3, 3] = 1.0, 2.0, 3.0
    transform = sight_messages.transform_from_matrix(quarter, 1.0, "base_link", "cup").transform
    half, turned = np.sqrt(0.5), transform.rotation
    np.testing.assert_allclose(
        [turned.x, turned.y, turned.z, turned.w], [0, 0, half, half], atol=1e-12
    )
    np.testing.assert_allclose(sight_messages.matrix_from_transform(transform), quarter, atol=1e-12)


@pytest.mark.parametrize("angle", [-3.1, -0.5, 0.0, 2.0, 3.1])
def test_an_object_on_the_table_survives_the_wire(angle):
    pose = PlanarPose(
        x=0.2, y=-0.1, angle=angle, rms=0.001, inliers=100, coverage=0.5, covariance=np.eye(3)
    )
    message = sight_messages.object_pose_from_planar("t_block", pose)
    np.testing.assert_allclose(
        sight_messages.planar_from_object_pose(message), [0.2, -0.1, angle], atol=1e-12
    )
    assert (message.name, message.rms_m) == ("t_block", 0.001)
