"""Where a calibrated camera is, told from its file without giving any frame a second parent."""

import json

import numpy as np
import pytest
import yaml
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.node import Node
from tf2_msgs.msg import TFMessage

from handiwork.errors import BadValue
from handiwork_ros.camera_place_node import CameraPlaceConfig, CameraPlaceNode
from handiwork_ros.quality_of_service import LATCHED, LATCHED_READER
from handiwork_ros.sight_messages import matrix_from_transform, transform_from_matrix

OPTICAL = "camera_color_optical_frame"
HAND_FROM_OPTICAL = np.array([[0, -1, 0, 0.1], [1, 0, 0, 0.2], [0, 0, 1, 0.3], [0, 0, 0, 1.0]])
LINK_FROM_OPTICAL = np.array([[0, 0, 1, 0.0], [-1, 0, 0, 0.015], [0, -1, 0, 0], [0, 0, 0, 1.0]])


@pytest.fixture
def file(tmp_path):
    transform = {
        "parent_frame": "fr3_hand",
        "child_frame": OPTICAL,
        "matrix_row_major": HAND_FROM_OPTICAL.tolist(),
    }
    path = tmp_path / "hand_eye.yaml"
    path.write_text(yaml.safe_dump({"calibration": "hand_eye", "transform": transform}))
    return path


class Listener(Node):
    """All static frames, and a camera that tells of its own."""

    def __init__(self) -> None:
        super().__init__("listener")
        self.heard: dict[str, tuple[str, np.ndarray]] = {}
        self.create_subscription(TFMessage, "/tf_static", self._on_frames, LATCHED_READER)
        self._camera = self.create_publisher(TFMessage, "/tf_static", LATCHED)

    def _on_frames(self, message: TFMessage) -> None:
        for one in message.transforms:
            place = matrix_from_transform(one.transform)
            self.heard[one.child_frame_id] = (one.header.frame_id, place)

    def tell_of_camera(self) -> None:
        transform = transform_from_matrix(LINK_FROM_OPTICAL, 0.0, "camera_link", OPTICAL)
        self._camera.publish(TFMessage(transforms=[transform]))


def test_the_first_frame_of_the_camera_is_placed(graph, file):
    listener = graph.add(Listener())
    listener.tell_of_camera()
    graph.add(CameraPlaceNode(CameraPlaceConfig(file=str(file), wait=30.0)))
    assert graph.until(lambda: "camera_link" in listener.heard)
    parent, hand_from_link = listener.heard["camera_link"]
    assert parent == "fr3_hand"
    assert listener.heard[OPTICAL][0] == "camera_link"
    np.testing.assert_allclose(hand_from_link @ LINK_FROM_OPTICAL, HAND_FROM_OPTICAL, atol=1e-12)


def test_a_camera_without_frames_of_its_own_is_placed_itself(graph, file):
    listener = graph.add(Listener())
    graph.add(CameraPlaceNode(CameraPlaceConfig(file=str(file), wait=0.3)))
    assert graph.until(lambda: OPTICAL in listener.heard)
    parent, place = listener.heard[OPTICAL]
    assert parent == "fr3_hand"
    np.testing.assert_allclose(place, HAND_FROM_OPTICAL, atol=1e-12)


def test_a_camera_that_tells_of_its_frames_too_late_is_named(graph, file):
    listener = graph.add(Listener())
    states = graph.listen(listener)
    graph.add(CameraPlaceNode(CameraPlaceConfig(file=str(file), wait=0.3)))
    assert graph.until(lambda: OPTICAL in listener.heard)
    listener.tell_of_camera()
    assert graph.until(lambda: "camera_link too" in states["camera_place"].message)
    assert states["camera_place"].level == DiagnosticStatus.ERROR


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("", "calibration"),
        ("calibration: intrinsics", "calibration"),
        ("calibration: hand_eye", "transform"),
        ("a: [", "the file"),
    ],
)
def test_a_file_of_something_else_is_refused_by_field(graph, tmp_path, content, field):
    path = tmp_path / "other.yaml"
    path.write_text(content)
    with pytest.raises(BadValue, match=rf"{path}.*{field}"):
        graph.add(CameraPlaceNode(CameraPlaceConfig(file=str(path))))


def test_what_is_no_rigid_transform_is_refused(graph, file):
    content = yaml.safe_load(file.read_text())
    content["transform"]["matrix_row_major"][0][0] = 2.0
    file.write_text(json.dumps(content))
    with pytest.raises(BadValue, match="matrix_row_major"):
        graph.add(CameraPlaceNode(CameraPlaceConfig(file=str(file))))
