"""A publisher of images, or of clouds, as a camera sends them, with nothing but sending to do.

    python -m handiwork_ros.camera_talker NAME images|clouds RATE

Images are NAME/color/image_raw and NAME/aligned_depth_to_color/image_raw, 640x480; clouds are
NAME/points, every pixel a point. Stamps are the moments of publishing.
"""

import sys
import time
from array import array
from collections.abc import Sequence

import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from sensor_msgs.msg import Image, PointCloud2

from handiwork_ros.camera_messages import POINT
from handiwork_ros.large_messages import keep_memory
from handiwork_ros.messages import stamp_from_seconds
from handiwork_ros.quality_of_service import IMAGE
from handiwork_ros.running import leave_signals_to_ros
from handiwork_ros.sight_messages import image_from_pixels

HEIGHT, WIDTH = 480, 640


class CameraTalker(Node):
    """Sends the same content again and again, stamped anew."""

    def __init__(self, name: str, content: str, rate: float) -> None:
        super().__init__("camera_talker", namespace=name)
        self._messages: list[Image | PointCloud2] = _clouds() if content == "clouds" else _images()
        topics = ["points"] if content == "clouds" else list(TOPICS)
        self._senders = [
            self.create_publisher(type(message), topic, IMAGE)
            for message, topic in zip(self._messages, topics, strict=True)
        ]
        self.create_timer(1 / rate, self._on_tick)

    def _on_tick(self) -> None:
        for message, sender in zip(self._messages, self._senders, strict=True):
            message.header.stamp = stamp_from_seconds(time.time())
            sender.publish(message)


TOPICS = ("color/image_raw", "aligned_depth_to_color/image_raw")


def _images() -> list[Image | PointCloud2]:
    colour = np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    depth = np.full((HEIGHT, WIDTH), 1000, np.uint16)
    return [image_from_pixels(pixels, 0.0, "camera") for pixels in (colour, depth)]


def _clouds() -> list[Image | PointCloud2]:
    step = POINT.itemsize
    cloud = PointCloud2(height=HEIGHT, width=WIDTH, point_step=step, row_step=WIDTH * step)
    cloud.data = array("B", bytes(HEIGHT * WIDTH * step))
    return [cloud]


def main(arguments: Sequence[str]) -> None:
    """Send until told to stop."""
    name, content, rate = arguments
    leave_signals_to_ros()
    keep_memory()
    try:
        with rclpy.init():
            rclpy.spin(CameraTalker(name, content, float(rate)))
    except ExternalShutdownException:
        pass


if __name__ == "__main__":
    main(sys.argv[1:])
