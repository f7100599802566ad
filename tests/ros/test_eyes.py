"""The simulated camera looks like a RealSense on the wire, and perception finds what it shows."""

import time

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from handiwork_msgs.msg import ObjectPoses, SimulationFrame
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image
from tf2_msgs.msg import TFMessage

from handiwork.perception.planar_pose import pose_error
from handiwork.sim.push_t_world import PushTWorld
from handiwork.tasks.push_t import TableSquare
from handiwork_ros.image_pairs import ImagePairs
from handiwork_ros.messages import seconds_from_stamp, stamp_from_seconds
from handiwork_ros.perception_node import PerceptionConfig, PerceptionNode
from handiwork_ros.quality_of_service import IMAGE_READER, LATCHED
from handiwork_ros.sight_messages import (
    pixels_from_image,
    planar_from_object_pose,
    transform_from_matrix,
)
from handiwork_ros.sim_camera_node import SimCameraConfig, SimCameraNode

START = np.array([100.0, 400.0, 300.0, 220.0, 0.5])  # rod x, y, block x, y [px], angle [rad]


class Stage(Node):
    """Publishes what there is to see, on wall time, and where the camera stands."""

    def __init__(self):
        super().__init__("stage")
        self.world = PushTWorld()
        self.world.reset(START)
        self.shown = self.world.qpos
        self.block = int(self.world.model.joint("block").qposadr[0])
        self.frames = self.create_publisher(SimulationFrame, "sim/frame", 1)
        self.places = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        optical = self.world.camera().base_from_optical
        transform = transform_from_matrix(optical, 0.0, "base_link", "camera_color_optical_frame")
        self.places.publish(TFMessage(transforms=[transform]))
        self.timer = self.create_timer(0.1, self.show)

    def show(self):
        frame = SimulationFrame(qpos=self.shown.tolist())
        frame.header.stamp = stamp_from_seconds(time.time())
        self.frames.publish(frame)

    def move_block(self, metres):
        """So far along x from where it started."""
        self.shown = self.world.qpos
        self.shown[self.block] += metres


@pytest.fixture
def stage(graph):
    return graph.add(Stage())


def test_images_come_as_from_a_realsense(graph, stage):
    topics = {
        "camera/color/image_raw": Image,
        "camera/color/camera_info": CameraInfo,
        "camera/aligned_depth_to_color/image_raw": Image,
        "camera/aligned_depth_to_color/camera_info": CameraInfo,
    }
    seen: dict[str, list] = {topic: [] for topic in topics}
    for topic, kind in topics.items():
        stage.create_subscription(kind, topic, seen[topic].append, IMAGE_READER)
    graph.add(SimCameraNode(SimCameraConfig(delay=0.0)))
    assert graph.until(lambda: all(len(heard) >= 3 for heard in seen.values()))
    colour, colour_info, depth, depth_info = (seen[topic][1] for topic in topics)
    headers = [message.header for message in (colour, colour_info, depth, depth_info)]
    assert {header.frame_id for header in headers} == {"camera_color_optical_frame"}
    assert colour.header.stamp == colour_info.header.stamp
    assert depth.header.stamp == depth_info.header.stamp
    assert (colour.encoding, depth.encoding) == ("rgb8", "16UC1")
    assert (colour.width, colour.height, depth.width, depth.height) == (640, 480, 640, 480)
    assert (colour_info.distortion_model, len(colour_info.d)) == ("plumb_bob", 5)
    millimetres = pixels_from_image(depth)
    assert 200 < np.median(millimetres[millimetres > 0]) < 2000
    assert pixels_from_image(colour).std() > 10  # a picture, not a grey sheet


def test_images_are_held_back_for_the_declared_delay(graph, stage):
    delays = []
    graph.add(SimCameraNode(SimCameraConfig(delay=0.25, width=64, height=48)))
    stage.create_subscription(
        Image,
        "camera/color/image_raw",
        lambda message: delays.append(time.time() - seconds_from_stamp(message.header.stamp)),
        IMAGE_READER,
    )
    assert graph.until(lambda: len(delays) >= 5)
    assert min(delays) >= 0.249
    assert np.median(delays) < 0.35


def test_the_block_is_found_and_when_out_of_view_that_is_said_until_it_is_back(graph, stage):
    poses: list[ObjectPoses] = []
    stage.create_subscription(ObjectPoses, "object_poses", poses.append, 10)
    states = graph.listen(stage)
    graph.add(SimCameraNode(SimCameraConfig(delay=0.0)))
    graph.add(PerceptionNode(PerceptionConfig()))
    assert graph.until(lambda: poses and poses[-1].objects)
    assert (poses[-1].objects[0].name, poses[-1].header.frame_id) == ("t_block", "base_link")
    found = planar_from_object_pose(poses[-1].objects[0])
    distance, angle = pose_error(found, TableSquare().pose_to_base(START[2:]))
    assert distance < 0.003
    assert angle < np.radians(2)
    stage.move_block(2.0)
    assert graph.until(lambda: poses[-1].reason)
    assert not poses[-1].objects
    assert "into view" in poses[-1].reason
    own = states["perception"]
    assert graph.until(lambda: states["perception"].message == poses[-1].reason), own
    stage.move_block(0.0)
    assert graph.until(lambda: poses[-1].objects)
    assert graph.until(lambda: states["perception"].level == DiagnosticStatus.OK)


def image(stamp):
    message = Image()
    message.header.stamp = stamp_from_seconds(stamp)
    return message


def test_colour_and_depth_pair_by_stamp_even_if_one_kind_is_always_ahead():
    pairs, found = ImagePairs(), []
    for step in range(1, 10):
        found.append(pairs.add_depth(image(0.1 * (step + 2))))
        found.append(pairs.add_colour(image(0.1 * step)))
    matched = [pair for pair in found if pair is not None]
    assert len(matched) == 7
    assert all(colour.header.stamp == depth.header.stamp for colour, depth in matched)


def test_a_silent_camera_is_said_and_its_return_too(graph, stage):
    states = graph.listen(stage)
    graph.add(SimCameraNode(SimCameraConfig(delay=0.0)))
    graph.add(PerceptionNode(PerceptionConfig(silence=0.4)))

    def perception(level):
        state = states.get("perception")
        return state is not None and state.level == level and "Starting" not in state.message

    assert graph.until(
        lambda: perception(DiagnosticStatus.OK) and "found" in states["perception"].message
    )
    stage.timer.cancel()
    assert graph.until(lambda: perception(DiagnosticStatus.ERROR), 10.0)
    assert "no camera image for" in states["perception"].message
    stage.timer.reset()
    assert graph.until(lambda: perception(DiagnosticStatus.OK))
