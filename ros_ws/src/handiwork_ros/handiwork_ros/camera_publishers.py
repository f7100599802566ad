"""Everything a camera node publishes of what it sees, under realsense2_camera's names."""

from functools import partial

from rclpy.node import Node
from realsense2_camera_msgs.msg import Extrinsics
from sensor_msgs.msg import PointCloud2
from tf2_msgs.msg import TFMessage

from handiwork.cameras.camera import Camera
from handiwork.cameras.sight import Sight
from handiwork_ros.camera_config import CameraConfig
from handiwork_ros.camera_messages import cloud_from_points, extrinsics_from_matrix, frames_of
from handiwork_ros.camera_topics import StreamNames, StreamTopics
from handiwork_ros.image_transports import jpeg_from_colour, png_from_depth
from handiwork_ros.quality_of_service import IMAGE, LATCHED


class CameraPublishers:
    """Topics below the node's own name. `begin` comes before the first `publish`."""

    def __init__(self, node: Node, config: CameraConfig) -> None:
        self._config = config
        self._colour_frame = f"{config.camera_name}_color_optical_frame"
        jpeg = partial(jpeg_from_colour, quality=config.jpeg_quality)
        png = partial(png_from_depth, level=config.png_level)
        both = config.enable_color and config.enable_depth
        self._colour = self._depth = self._aligned = self._cloud = None
        if config.enable_color:
            names = ("color/image_raw", "compressed", self._colour_frame)
            self._colour = StreamTopics(node, _names(*names), jpeg)
        if config.enable_depth:
            frame = f"{config.camera_name}_depth_optical_frame"
            names = ("depth/image_rect_raw", "compressedDepth", frame)
            self._depth = StreamTopics(node, _names(*names), png)
        if both and config.align_depth:
            names = ("aligned_depth_to_color/image_raw", "compressedDepth", self._colour_frame)
            self._aligned = StreamTopics(node, _names(*names), png)
        if both and config.pointcloud:
            self._cloud = node.create_publisher(PointCloud2, "~/depth/color/points", IMAGE)
        self._extrinsics = node.create_publisher(Extrinsics, "~/extrinsics/depth_to_color", LATCHED)
        self._frames = node.create_publisher(TFMessage, "/tf_static", LATCHED)

    def begin(self, camera: Camera, now: float) -> None:
        """A camera was opened, at `now` [s]: tell what stays."""
        if self._colour is not None:
            self._colour.begin(camera.optics["color"])
        if self._depth is not None:
            self._depth.begin(camera.optics["depth"])
        if self._aligned is not None:
            self._aligned.begin(camera.optics["color"])
        if camera.colour_from_depth is not None:
            self._extrinsics.publish(extrinsics_from_matrix(camera.colour_from_depth))
        if self._config.publish_tf:
            name, kinds = self._config.camera_name, tuple(camera.optics)
            link = f"{name}_{self._config.base_frame_id}"
            frames = frames_of(link, name, kinds, camera.colour_from_depth, now)
            self._frames.publish(TFMessage(transforms=frames))

    def publish(self, sight: Sight) -> None:
        """What somebody listens to; colour goes out before depth is filtered and aligned."""
        streams = (
            (self._colour, lambda: sight.colour),
            (self._depth, lambda: sight.depth),
            (self._aligned, lambda: sight.aligned),
        )
        for topics, pixels in streams:
            if topics is not None:
                topics.publish(pixels, sight.stamp)
        for topics, pixels in streams:
            if topics is not None:
                topics.publish_compressed(pixels, sight.stamp)
        if self._cloud is not None and self._cloud.get_subscription_count():
            cloud = cloud_from_points(sight.points, sight.colour, sight.stamp, self._colour_frame)
            self._cloud.publish(cloud)


def _names(topic: str, transport: str, frame: str) -> StreamNames:
    return StreamNames(topic=f"~/{topic}", transport=transport, frame=frame)
