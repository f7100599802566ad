"""The newest picture of a camera with its intrinsics, for who looks only now and then."""

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image

from calibration.camera_model import Intrinsics
from handiwork.errors import BadValue, NotObserved
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.quality_of_service import IMAGE_READER, NEWEST
from handiwork_ros.sight_messages import pixels_from_image

MODELS = ("plumb_bob", "")


class Eye:
    """Subscribes: camera/color/image_raw, camera/color/camera_info."""

    def __init__(self, node: Node) -> None:
        self._image: Image | None = None
        self._info: CameraInfo | None = None
        node.create_subscription(Image, "camera/color/image_raw", self._on_image, IMAGE_READER)
        node.create_subscription(CameraInfo, "camera/color/camera_info", self._on_info, NEWEST)

    @property
    def open(self) -> bool:
        """Whether anything has been seen yet."""
        return self._image is not None and self._info is not None

    @property
    def stamp(self) -> float:
        """Of the newest picture [s]; -inf before the first."""
        if self._image is None:
            return -np.inf
        return seconds_from_stamp(self._image.header.stamp)

    @property
    def frame(self) -> str:
        """The optical frame that the pictures are in."""
        return "" if self._image is None else self._image.header.frame_id

    def picture(self) -> np.ndarray:
        """(H, W, 3) uint8 the newest.

        Raises:
            NotObserved: there is none.
            BadValue: an encoding that is not rgb8.
        """
        if self._image is None:
            raise NotObserved("no picture has come yet. Start the camera.")
        return pixels_from_image(self._image).copy()

    def intrinsics(self) -> Intrinsics:
        """Of the pictures.

        Raises:
            NotObserved: no camera_info has come.
            BadValue: a distortion that is not plumb_bob, or no focal length.
        """
        info = self._info
        if info is None:
            raise NotObserved("no camera_info has come yet. Start the camera.")
        if info.distortion_model not in MODELS or len(info.d) > 5:
            got = f"{info.distortion_model} with {len(info.d)} numbers"
            fix = "Publish rectified images, or calibrate with plumb_bob."
            raise BadValue("camera_info", "distortion_model", got, "plumb_bob", fix)
        if min(info.k[0], info.k[4]) <= 0:
            fix = "Calibrate the camera's intrinsics first."
            raise BadValue("camera_info", "k", list(info.k), "focal lengths above 0", fix)
        return Intrinsics(
            width=info.width,
            height=info.height,
            k=np.array(info.k, float).reshape(3, 3),
            d=np.array([*info.d, *[0.0] * 5][:5], float),
        )

    def _on_image(self, message: Image) -> None:
        self._image = message

    def _on_info(self, message: CameraInfo) -> None:
        self._info = message
