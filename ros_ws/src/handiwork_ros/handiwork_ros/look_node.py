"""A window on a running stack, in Rerun: camera, cloud, frames, and how a calibration goes on.

Frames keep their names, so everything stands where tf2 puts it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import rerun as rr
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import TransformStamped
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, PointCloud2
from tf2_msgs.msg import TFMessage

from handiwork.errors import HandiworkError
from handiwork.robots.registry import robot
from handiwork_ros.cloud_messages import points_from_cloud
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.look_layout import CLOUD, FIGURES, PICTURE, SPACE, layout
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import IMAGE_READER, LATCHED_READER, NEWEST, RELIABLE
from handiwork_ros.rates import Rates
from handiwork_ros.running import run
from handiwork_ros.sight_messages import matrix_from_transform, pixels_from_image

CLOCK = "stack"
JPEG = 85  # quality of pictures that are kept
COUNTED = ("views", "predicted_std_mm", "predicted_std_deg", "residual_px")


@dataclass(frozen=True, kw_only=True)
class LookConfig:
    """Of which robot, and where it is shown."""

    robot: str = field(default="wxai", metadata={"description": "whose base frame space is in"})
    file: str = field(
        default="", metadata={"description": "a .rrd file to write; empty: to a viewer"}
    )
    viewer: str = field(
        default="rerun+http://127.0.0.1:9876/proxy",
        metadata={"description": "address of a running `rerun`, where no file is asked for"},
    )
    rate: float = field(
        default=5.0, metadata={"description": "pictures and clouds, each [Hz]", "minimum": 0.1}
    )


class LookNode(Node):
    """Subscribes: camera/color/image_raw and camera_info, points, /tf, /tf_static, /diagnostics."""

    def __init__(self, config: LookConfig | None = None) -> None:
        super().__init__("look")
        config = declared(self, config or LookConfig())
        self._diagnostics = Diagnostics(self, f"Showing at {config.file or config.viewer}.")
        self._rates = Rates(dict.fromkeys(("picture", "cloud"), config.rate))
        self._stream = rr.RecordingStream("handiwork")
        shown = layout(robot(config.robot).base_frame)
        if config.file:
            self._stream.save(config.file, default_blueprint=shown)
        else:
            self._stream.connect_grpc(config.viewer, default_blueprint=shown)
        listen = self.create_subscription
        listen(Image, "camera/color/image_raw", self._on_image, IMAGE_READER)
        listen(CameraInfo, "camera/color/camera_info", self._on_info, NEWEST)
        listen(PointCloud2, "points", self._on_points, IMAGE_READER)
        listen(TFMessage, "/tf", self._on_moving, RELIABLE)
        listen(TFMessage, "/tf_static", self._on_fixed, LATCHED_READER)
        listen(DiagnosticArray, "/diagnostics", self._on_diagnostics, RELIABLE)

    def _on_image(self, message: Image) -> None:
        stamp = seconds_from_stamp(message.header.stamp)
        if not self._rates.due("picture", stamp):
            return
        try:
            picture = rr.Image(pixels_from_image(message)).compress(jpeg_quality=JPEG)
        except HandiworkError as error:
            self._diagnostics.report(Level.WARN, str(error))
            return
        self._stream.set_time(CLOCK, duration=stamp)
        self._stream.log(PICTURE, picture, rr.CoordinateFrame(f"{message.header.frame_id}/image"))

    def _on_info(self, message: CameraInfo) -> None:
        frame = message.header.frame_id
        pinhole = rr.Pinhole(
            image_from_camera=message.k.reshape(3, 3),
            resolution=[message.width, message.height],
            parent_frame=frame,
            child_frame=f"{frame}/image",
            image_plane_distance=0.1,
        )
        self._stream.log(PICTURE, pinhole, static=True)

    def _on_points(self, message: PointCloud2) -> None:
        stamp = seconds_from_stamp(message.header.stamp)
        if not self._rates.due("cloud", stamp):
            return
        try:
            points = points_from_cloud(message)
        except HandiworkError as error:
            self._diagnostics.report(Level.WARN, str(error))
            return
        self._stream.set_time(CLOCK, duration=stamp)
        frame = rr.CoordinateFrame(message.header.frame_id)
        self._stream.log(CLOUD, rr.Points3D(points, radii=0.002), frame)

    def _on_moving(self, message: TFMessage) -> None:
        self._log_frames(message.transforms, static=False)

    def _on_fixed(self, message: TFMessage) -> None:
        self._log_frames(message.transforms, static=True)

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if not status.name.endswith("/calibrator"):
                continue
            told = {item.key: item.value for item in status.values}
            self._stream.set_time(CLOCK, duration=seconds_from_stamp(message.header.stamp))
            for name in COUNTED:
                if name in told:
                    self._stream.log(f"{FIGURES}/{name}", rr.Scalars(float(told[name])))

    def _log_frames(self, transforms: Iterable[TransformStamped], *, static: bool) -> None:
        for transform in transforms:
            child = transform.child_frame_id
            place = matrix_from_transform(transform.transform)
            if not static:
                stamp = seconds_from_stamp(transform.header.stamp)
                self._stream.set_time(CLOCK, duration=stamp)
            self._stream.log(
                f"{SPACE}/frames/{child}",
                rr.Transform3D(
                    translation=place[:3, 3],
                    mat3x3=place[:3, :3],
                    parent_frame=transform.header.frame_id,
                    child_frame=child,
                ),
                rr.CoordinateFrame(child),
                rr.TransformAxes3D(0.05),
                static=static,
            )

    def destroy_node(self) -> None:
        """Write what is still on its way."""
        self._stream.flush()
        self._stream.disconnect()
        super().destroy_node()


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("look", LookNode, args)


if __name__ == "__main__":
    main()
