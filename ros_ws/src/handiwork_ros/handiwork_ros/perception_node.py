"""Perception on the wire: colour and depth in, poses of objects out. Decisions are in
handiwork.perception.
"""

import time
from dataclasses import dataclass, field

import cv2
from handiwork_msgs.msg import ObjectPoses
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image

from handiwork.errors import HandiworkError, ObjectNotFound
from handiwork.perception.block_finder import BlockFinderConfig
from handiwork.perception.block_tracker import BlockTracker
from handiwork.perception.planar_pose import PlanarPose
from handiwork.robots.wxai import WXAI
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.image_pairs import ImagePairs
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import IMAGE_READER, NEWEST
from handiwork_ros.running import run
from handiwork_ros.sight_messages import (
    camera_from_message,
    object_pose_from_planar,
    pixels_from_image,
)
from handiwork_ros.stack_clock import StackClock
from handiwork_ros.static_frames import StaticFrames


@dataclass(frozen=True, kw_only=True)
class PerceptionConfig:
    """What to look for, and how long the camera may be silent."""

    object_name: str = field(
        default="t_block", metadata={"description": "name of the object in object_poses"}
    )
    base_frame: str = field(default=WXAI.base_frame, metadata={"description": "frame of the poses"})
    silence: float = field(
        default=0.5,
        metadata={"description": "camera silence that is reported [s]", "minimum": 0.05},
    )


class PerceptionNode(Node):
    """Finds the block in every pair of colour and depth of one stamp.

    Subscribes: camera/color/image_raw, camera/color/camera_info,
    camera/aligned_depth_to_color/image_raw, /tf_static. Publishes: object_poses (ObjectPoses).
    """

    def __init__(self, config: PerceptionConfig | None = None) -> None:
        super().__init__("perception")
        self._config = declared(self, config or PerceptionConfig())
        self._diagnostics = Diagnostics(self, "No image yet. Check that the camera runs.")
        self._time = StackClock(self)
        self._frames = StaticFrames(self)
        self._info: CameraInfo | None = None
        self._pairs = ImagePairs()
        self._tracker: BlockTracker | None = None  # made for the first camera_info
        self._heard: float | None = None
        self._poses = self.create_publisher(ObjectPoses, "object_poses", NEWEST)
        self.create_subscription(CameraInfo, "camera/color/camera_info", self._on_info, NEWEST)
        self.create_subscription(Image, "camera/color/image_raw", self._on_colour, IMAGE_READER)
        self.create_subscription(
            Image, "camera/aligned_depth_to_color/image_raw", self._on_depth, IMAGE_READER
        )
        self.create_timer(self._config.silence / 2, self._on_watch)

    def _on_info(self, message: CameraInfo) -> None:
        self._info = message

    def _on_colour(self, message: Image) -> None:
        self._look(self._pairs.add_colour(message))

    def _on_depth(self, message: Image) -> None:
        self._look(self._pairs.add_depth(message))

    def _look(self, pair: tuple[Image, Image] | None) -> None:
        """Both parts of one frame are here, or the other one is still on its way."""
        info = self._info
        if pair is None or info is None:
            return
        colour, depth = pair
        stamp = seconds_from_stamp(colour.header.stamp)
        self._heard = self._time.now()
        message = ObjectPoses()
        message.header.stamp = colour.header.stamp
        message.header.frame_id = self._config.base_frame
        began = time.perf_counter()
        try:
            pose = self._found(colour, depth, info)
            message.objects = [object_pose_from_planar(self._config.object_name, pose)]
            self._diagnostics.report(Level.OK, f"{self._config.object_name} found.")
        except HandiworkError as error:
            message.reason = str(error)
            self._diagnostics.report(Level.WARN, str(error))
        self._poses.publish(message)
        self._diagnostics.measure("estimate_ms", 1e3 * (time.perf_counter() - began))
        self._diagnostics.measure("image_to_pose_ms", 1e3 * (self._time.now() - stamp))

    def _found(self, colour: Image, depth: Image, info: CameraInfo) -> PlanarPose:
        base_from_optical = self._frames.matrix(self._config.base_frame, colour.header.frame_id)
        if base_from_optical is None:
            raise ObjectNotFound(
                f"{colour.header.frame_id!r} is not connected to {self._config.base_frame!r} on "
                "/tf_static, so nothing seen has a place. Publish the camera's calibration."
            )
        if self._tracker is None:
            camera = camera_from_message(info, base_from_optical)
            self._tracker = BlockTracker(BlockFinderConfig(), camera)
        stamp = seconds_from_stamp(colour.header.stamp)
        return self._tracker.estimate(pixels_from_image(colour), pixels_from_image(depth), stamp)

    def _on_watch(self) -> None:
        silent = self._time.now() - (self._heard or 0.0)
        if self._heard is not None and silent > self._config.silence:
            self._diagnostics.report(
                Level.ERROR,
                f"no camera image for {silent:.2f} s. Check the camera and its cable.",
            )


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    cv2.setNumThreads(
        1
    )  # several threads win nothing on one small window and take other nodes' cores
    run("perception", PerceptionNode, args)


if __name__ == "__main__":
    main()
