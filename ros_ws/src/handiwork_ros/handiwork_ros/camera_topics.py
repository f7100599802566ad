"""A stream's topics: images, the same compressed, camera info. Nothing is made that nobody hears.

Message objects of images are made once and filled again: publishing copies them.
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from handiwork.cameras.optics import Optics
from handiwork_ros.camera_messages import message_from_optics
from handiwork_ros.messages import stamp_from_seconds
from handiwork_ros.quality_of_service import IMAGE, RELIABLE
from handiwork_ros.sight_messages import image_from_pixels

Compress = Callable[[np.ndarray, float, str], CompressedImage]  # of pixels, stamp [s], frame


@dataclass(frozen=True, kw_only=True)
class StreamNames:
    """topic: of the images; transport: what its compressed ones are called; frame: optical."""

    topic: str
    transport: str
    frame: str


class StreamTopics:
    """Publishers of one stream."""

    def __init__(self, node: Node, names: StreamNames, compress: Compress) -> None:
        self._frame, self._compress = names.frame, compress
        self._images = node.create_publisher(Image, names.topic, IMAGE)
        compressed = f"{names.topic}/{names.transport}"
        self._compressed = node.create_publisher(CompressedImage, compressed, IMAGE)
        info = f"{names.topic.rpartition('/')[0]}/camera_info"
        self._infos = node.create_publisher(CameraInfo, info, RELIABLE)
        self._info: CameraInfo | None = None
        self._image: Image | None = None

    def begin(self, optics: Optics) -> None:
        """A camera with these optics is there."""
        self._info, self._image = message_from_optics(optics, self._frame), None

    def publish(self, pixels: Callable[[], np.ndarray], stamp: float) -> None:
        """An image and its camera info of that stamp [s], for whoever listens."""
        info = self._info
        assert info is not None  # the camera was opened
        if self._infos.get_subscription_count():
            info.header.stamp = stamp_from_seconds(stamp)
            self._infos.publish(info)
        if self._images.get_subscription_count():
            self._images.publish(self._filled(pixels(), stamp))

    def publish_compressed(self, pixels: Callable[[], np.ndarray], stamp: float) -> None:
        """The same image compressed, for whoever listens."""
        if self._compressed.get_subscription_count():
            self._compressed.publish(self._compress(pixels(), stamp, self._frame))

    def _filled(self, pixels: np.ndarray, stamp: float) -> Image:
        image = self._image
        if image is None:
            image = self._image = image_from_pixels(pixels, stamp, self._frame)
            return image
        image.header.stamp = stamp_from_seconds(stamp)
        data = image.data
        assert isinstance(data, array)
        memoryview(data)[:] = memoryview(np.ascontiguousarray(pixels)).cast("B")
        return image
