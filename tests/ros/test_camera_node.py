"""The camera node looks like realsense2_camera on the wire, and outlives its camera."""

from collections import defaultdict

import cv2
import numpy as np
import pytest

pytest.importorskip("pyrealsense2", reason="the RealSense SDK is not installed")

from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.node import Node
from rclpy.parameter import Parameter
from realsense2_camera_msgs.msg import Extrinsics
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, PointCloud2

from handiwork.cameras.pattern import BASELINE, PICTURES, pictures
from handiwork_ros.camera_config import CameraConfig
from handiwork_ros.camera_messages import matrix_from_extrinsics
from handiwork_ros.camera_node import FAILURE, SUCCESS, CameraNode
from handiwork_ros.image_transports import colour_from_jpeg, depth_from_png
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import LATCHED, RELIABLE
from handiwork_ros.sight_messages import pixels_from_image
from handiwork_ros.static_frames import StaticFrames
from tests.handiwork.cameras.recordings import FIRST, FRAMES, MODE, record
from tests.handiwork.cameras.sockets import Socket

STREAMS = ("color/image_raw", "depth/image_rect_raw", "aligned_depth_to_color/image_raw")
INFOS = tuple(f"{stream.rpartition('/')[0]}/camera_info" for stream in STREAMS)
SIZE = str(MODE)


def config(**changes) -> CameraConfig:
    return CameraConfig(color_profile=SIZE, **changes)


class Watcher(Node):
    """Keeps what the camera node says, by topic."""

    def __init__(self, kinds, topics, profile=RELIABLE):
        super().__init__("watcher")
        self.heard = defaultdict(list)
        self.frames = StaticFrames(self)
        for topic, kind in zip(topics, kinds, strict=True):
            self.create_subscription(kind, f"camera/{topic}", self.heard[topic].append, profile)

    def have(self, count):
        return len(self.heard) > 0 and all(len(heard) >= count for heard in self.heard.values())


def stamps(messages):
    return np.array([seconds_from_stamp(message.header.stamp) for message in messages])


def test_images_come_under_realsense_names_frames_and_encodings(graph):
    watcher = graph.add(Watcher([Image] * 3 + [CameraInfo] * 3, STREAMS + INFOS))
    graph.add(CameraNode(config(test_pattern=True)))
    assert graph.until(lambda: watcher.have(5))
    told = [
        (image.encoding, image.header.frame_id, image.width, image.height)
        for image in (watcher.heard[stream][0] for stream in STREAMS)
    ]
    assert told == [
        ("rgb8", "camera_color_optical_frame", 160, 120),
        ("16UC1", "camera_depth_optical_frame", 160, 120),
        ("16UC1", "camera_color_optical_frame", 160, 120),
    ]
    info = watcher.heard["color/camera_info"][0]
    assert (info.distortion_model, len(info.d), info.k[2]) == ("plumb_bob", 5, 80.0)
    seen = [set(stamps(heard)[:5]) for heard in watcher.heard.values()]
    assert set.intersection(*seen)  # one moment has one stamp on all topics


def test_pixels_are_those_that_the_device_showed(graph):
    watcher = graph.add(Watcher([Image, Image], STREAMS[:2]))
    graph.add(CameraNode(config(test_pattern=True)))
    assert graph.until(lambda: watcher.have(2 * PICTURES))
    colour, depth = ([pixels_from_image(m) for m in watcher.heard[name]] for name in STREAMS[:2])
    for shown_colour, shown_depth in pictures(MODE):
        assert any(np.array_equal(shown_colour, seen) for seen in colour)
        assert any(np.array_equal(shown_depth, seen) for seen in depth)


def test_frames_and_extrinsics_are_told_to_whoever_comes_late(graph):
    graph.add(CameraNode(config(test_pattern=True)))
    graph.spin(0.2)
    watcher = graph.add(Watcher([Extrinsics], ["extrinsics/depth_to_color"], LATCHED))
    assert graph.until(lambda: watcher.have(1))
    colour_from_depth = matrix_from_extrinsics(watcher.heard["extrinsics/depth_to_color"][0])
    np.testing.assert_allclose(colour_from_depth[:3, 3], [-BASELINE, 0, 0], atol=1e-9)
    frame = "camera_{}_optical_frame".format
    assert graph.until(lambda: watcher.frames.matrix("camera_link", frame("color")) is not None)
    link_from_colour = watcher.frames.matrix("camera_link", frame("color"))
    link_from_depth = watcher.frames.matrix("camera_link", frame("depth"))
    np.testing.assert_allclose(
        np.linalg.inv(link_from_colour) @ link_from_depth, colour_from_depth, atol=1e-9
    )
    forward = link_from_depth[:3, 2]  # the optical axis
    np.testing.assert_allclose(forward, [1, 0, 0], atol=1e-9)
    np.testing.assert_allclose(link_from_colour[:3, 3], [0, -BASELINE, 0], atol=1e-9)  # right


def test_compressed_images_are_what_image_transport_reads(graph):
    topics = ("color/image_raw/compressed", "depth/image_rect_raw/compressedDepth")
    watcher = graph.add(Watcher([CompressedImage] * 2, topics))
    graph.add(CameraNode(config(test_pattern=True)))
    assert graph.until(lambda: watcher.have(PICTURES))
    colour, depth = (watcher.heard[topic] for topic in topics)
    assert {m.format for m in colour} == {"rgb8; jpeg compressed bgr8"}
    assert {m.format for m in depth} == {"16UC1; compressedDepth png"}
    assert bytes(depth[0].data[12:20]) == b"\x89PNG\r\n\x1a\n"  # after the 12 bytes of its header
    blue_first = cv2.imdecode(np.frombuffer(colour[0].data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(colour_from_jpeg(colour[0]), blue_first[..., ::-1])
    shown = pictures(MODE)
    errors = [np.abs(colour_from_jpeg(colour[0]).astype(int) - each).mean() for each, _ in shown]
    assert min(errors) < 8
    assert any(np.array_equal(depth_from_png(depth[0]), each) for _, each in shown)


def test_points_lie_where_depth_is_and_have_colours(graph):
    watcher = graph.add(Watcher([PointCloud2], ["depth/color/points"]))
    graph.add(CameraNode(config(test_pattern=True, pointcloud=True)))
    assert graph.until(lambda: watcher.have(1))
    cloud = watcher.heard["depth/color/points"][0]
    assert [field.name for field in cloud.fields] == ["x", "y", "z", "rgb"]
    assert cloud.header.frame_id == "camera_color_optical_frame"
    points = np.frombuffer(cloud.data, np.float32).reshape(-1, 4)
    assert len(points) == cloud.width > 0.9 * MODE.width * MODE.height
    assert points[:, 2].min() > 0.49 and points[:, 2].max() < 0.81  # of the pattern's wall


def test_a_recording_arrives_whole_with_the_devices_own_intervals(graph, tmp_path):
    path = record(tmp_path / "small.db3")
    watcher = graph.add(Watcher([Image, Image], (STREAMS[0], STREAMS[2])))
    node = graph.add(CameraNode(config(rosbag_filename=str(path), rosbag_loop=True)))
    states = graph.listen(watcher)

    def gaps(count):
        """Among the last frames; a recording that begins anew makes one, a stalled machine too."""
        return (np.diff(stamps(watcher.heard[STREAMS[0]])[-count:]) > 1.5 * MODE.period).sum()

    assert graph.until(lambda: watcher.have(2 * FRAMES + 1) and gaps(2 * FRAMES + 1) <= 2)
    colour, aligned = stamps(watcher.heard[STREAMS[0]]), stamps(watcher.heard[STREAMS[2]])
    steps = np.diff(colour) / MODE.period
    assert (steps > 0).all()
    assert np.median(steps) == pytest.approx(1.0, abs=1e-3)
    assert set(aligned) <= set(colour)
    stalled = gaps(len(colour)) > 2
    assert graph.until(lambda: states["camera"].level == DiagnosticStatus.OK)
    values = {item.key: item.value for item in states["camera"].values}
    assert stalled or values["color_frames_dropped"] == values["depth_frames_dropped"] == "0"
    assert FIRST < 1e4 < colour[0]  # today, not the day of the recording
    node.trigger_deactivate()


def test_a_recording_played_once_is_said_to_be_over(graph, tmp_path):
    path = record(tmp_path / "small.db3")
    watcher = graph.add(Watcher([Image], STREAMS[:1]))
    states = graph.listen(watcher)
    graph.add(CameraNode(config(rosbag_filename=str(path))))
    assert graph.until(lambda: "is over" in states["camera"].message)
    assert states["camera"].level == DiagnosticStatus.OK


def test_an_unplugged_camera_is_said_and_its_return_too(graph):
    socket = Socket()
    watcher = graph.add(Watcher([Image], STREAMS[:1]))
    states = graph.listen(watcher)
    graph.add(CameraNode(config(silence=0.3, retry_pause=0.1, longest_retry_pause=0.4), socket))
    assert graph.until(lambda: watcher.have(3) and "sees" in states["camera"].message)
    socket.plugged = False
    assert graph.until(lambda: "not there" in states["camera"].message)
    assert states["camera"].level == DiagnosticStatus.ERROR
    heard = len(watcher.heard[STREAMS[0]])
    socket.plugged = True
    assert graph.until(lambda: len(watcher.heard[STREAMS[0]]) > heard + 3)
    assert graph.until(lambda: states["camera"].level == DiagnosticStatus.OK)
    assert (np.diff(stamps(watcher.heard[STREAMS[0]])) > 0).all()


@pytest.mark.parametrize(
    ("socket", "level", "said"),
    [
        (Socket(usb="2.1"), DiagnosticStatus.WARN, "is on USB 2.1, which loses frames"),
        (Socket(apart=0.4), DiagnosticStatus.ERROR, "depth and color are out of step"),
    ],
)
def test_what_is_wrong_with_frames_that_come_is_said(graph, socket, level, said):
    states = graph.listen(graph.add(Watcher([], [])))
    graph.add(CameraNode(config(), socket))
    assert graph.until(lambda: said in states["camera"].message), states["camera"].message
    assert states["camera"].level == level


def test_deactivated_it_publishes_nothing_and_cleaned_up_it_lets_go(graph):
    watcher = graph.add(Watcher([Image], STREAMS[:1]))
    node = graph.add(CameraNode(config(test_pattern=True)))
    assert graph.until(lambda: watcher.have(2))
    node.trigger_deactivate()
    graph.spin(0.1)
    heard = len(watcher.heard[STREAMS[0]])
    graph.spin(0.3)
    assert len(watcher.heard[STREAMS[0]]) == heard
    node.trigger_activate()
    assert graph.until(lambda: len(watcher.heard[STREAMS[0]]) > heard)
    node.trigger_deactivate()
    assert node.trigger_cleanup() == SUCCESS
    assert node.trigger_configure() == SUCCESS  # and takes it up again


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rosbag_filename": "absent.db3"}, "want a .db3 recording"),
        ({"test_pattern": True, "color_exposure": 100}, "color exposure is 100"),
        ({"test_pattern": True, "json_file_path": __file__}, "want a preset it can load"),
    ],
)
def test_what_no_cable_can_mend_leaves_the_node_unconfigured_with_the_reason(graph, changes, said):
    states = graph.listen(graph.add(Watcher([], [])))
    node = graph.add(CameraNode(config(autostart=False, **changes)))
    assert node.trigger_configure() == FAILURE
    assert graph.until(lambda: said in states["camera"].message)
    assert states["camera"].level == DiagnosticStatus.ERROR


def test_another_mode_than_those_offered_is_refused_with_the_list(graph):
    watcher = graph.add(Watcher([], []))
    states = graph.listen(watcher)
    graph.add(CameraNode(config(test_pattern=True, depth_profile="640x480x30")))
    assert graph.until(lambda: "one of 160x120x30" in states["camera"].message)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("rgb_camera.color_profile", "640x480", "want WIDTHxHEIGHTxRATE"),
        ("jpeg_quality", 0, "jpeg_quality"),
        ("align_depth.enable", "yes", "want a truth value"),
        ("rosbag_filename", "it.db3", "one of them at most"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(graph, name, value, said):
    given = [Parameter(name, value=value), Parameter("serial_no", value="123")]
    node = graph.add(Node("camera", parameter_overrides=given))
    with pytest.raises(ValueError, match=said):
        declared(node, CameraConfig())


def test_parameters_have_realsense_names_and_meanings(graph):
    node = graph.add(CameraNode(config(test_pattern=True)))
    assert node.get_parameter("rgb_camera.color_profile").value == SIZE
    assert node.get_parameter("align_depth.enable").value is True
    assert node.describe_parameter("depth_module.emitter_enabled").description
    assert not node.set_parameters([Parameter("serial_no", value="1")])[0].successful
