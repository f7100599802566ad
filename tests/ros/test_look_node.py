"""What is shown of a stack is in the file, under the names of the layout."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, PointCloud2
from tf2_msgs.msg import TFMessage

pytest.importorskip("rerun")

from handiwork.perception.camera import Camera
from handiwork_ros.cloud_messages import cloud_from_points
from handiwork_ros.look_node import LookConfig, LookNode
from handiwork_ros.quality_of_service import LATCHED
from handiwork_ros.sight_messages import (
    image_from_pixels,
    message_from_camera,
    transform_from_matrix,
)

OPTICAL = "camera_color_optical_frame"


def test_camera_cloud_frames_and_figures_are_recorded(graph, tmp_path: Path):
    file = tmp_path / "stack.rrd"
    look = graph.add(LookNode(LookConfig(robot="fr3", file=str(file))))
    node = graph.add(Node("robot"))
    publish = node.create_publisher
    image = publish(Image, "camera/color/image_raw", 2)
    info = publish(CameraInfo, "camera/color/camera_info", 2)
    cloud = publish(PointCloud2, "points", 2)
    moving, fixed = publish(TFMessage, "/tf", 10), publish(TFMessage, "/tf_static", LATCHED)
    told = publish(DiagnosticArray, "/diagnostics", 10)
    everybody = (image, info, cloud, moving, fixed, told)
    assert graph.until(lambda: all(one.get_subscription_count() for one in everybody))
    camera = Camera(k=np.diag([50.0, 50.0, 1.0]), width=8, height=6, base_from_optical=np.eye(4))
    image.publish(image_from_pixels(np.zeros((6, 8, 3), np.uint8), 1.0, OPTICAL))
    info.publish(message_from_camera(camera, 1.0, OPTICAL))
    cloud.publish(cloud_from_points(np.ones((5, 3)), 1.0, "fr3_link0"))
    moving.publish(TFMessage(transforms=[transform_from_matrix(np.eye(4), 1.0, "a", "b")]))
    fixed.publish(TFMessage(transforms=[transform_from_matrix(np.eye(4), 0.0, "b", OPTICAL)]))
    values = [KeyValue(key="predicted_std_mm", value="0.31"), KeyValue(key="other", value="x")]
    status = DiagnosticStatus(name="/widowx/calibrator", values=values)
    told.publish(DiagnosticArray(status=[status]))
    graph.spin(0.6)
    look.destroy_node()
    words = [sys.executable, "-m", "rerun", "rrd", "print", str(file)]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for entity in (
        "/space/camera",
        "/space/points",
        "/space/frames/b",
        f"/space/frames/{OPTICAL}",
        "/calibration/predicted_std_mm",
    ):
        assert entity in printed
    assert "/calibration/other" not in printed
