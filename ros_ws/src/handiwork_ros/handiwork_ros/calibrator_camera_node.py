"""The camera of a simulated calibration rig: joint states in, pictures of the board out.

Topics and frames are realsense2_camera's, so a calibrator cannot tell it from hardware. Where the
camera really is it does not say: that is what is to be found.
"""

import os
from dataclasses import dataclass, field

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, JointState
from tf2_msgs.msg import TFMessage

from handiwork.geometry import pose
from handiwork.perception.camera import Camera
from handiwork.sim.calibration_camera import RigCamera, RigCameraConfig
from handiwork.sim.calibration_rig import drawn_rig
from handiwork_ros.calibrator_config import CalibratorConfig
from handiwork_ros.diagnostics import Diagnostics
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import IMAGE, LATCHED, NEWEST
from handiwork_ros.rates import Rates
from handiwork_ros.running import run
from handiwork_ros.sight_messages import (
    image_from_pixels,
    message_from_camera,
    transform_from_matrix,
)

LINK, OPTICAL = "camera_link", "camera_color_optical_frame"
FINENESS = 4000.0  # [1/m] pixels of the board's picture: two in one of the image at 0.3 m
# REP 103: an optical frame looks along z, with x to the right; its link looks along x, with z up.
_TURN = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
LINK_FROM_OPTICAL = pose(_TURN, np.array([0.0, 0.015, 0.0]))  # the colour lens is beside the middle


@dataclass(frozen=True, kw_only=True)
class CalibratorCameraConfig:
    """Which rig, and how often it is seen."""

    robot: str = field(default="wxai", metadata={"description": "which robot"})
    kind: str = field(default="eye_in_hand", metadata={"description": "or eye_to_hand"})
    squares_x: int = field(default=7, metadata={"description": "squares in a row", "minimum": 3})
    squares_y: int = field(default=5, metadata={"description": "rows of squares", "minimum": 3})
    square_m: float = field(
        default=0.03, metadata={"description": "edge of a square [m]", "minimum": 0.001}
    )
    marker_m: float = field(
        default=0.022, metadata={"description": "edge of a marker [m]", "minimum": 0.001}
    )
    rate: float = field(default=5.0, metadata={"description": "pictures [Hz]", "minimum": 0.1})
    colour_noise: float = field(
        default=RigCameraConfig.colour_noise,
        metadata={"description": "standard deviation of colour, of 255", "minimum": 0.0},
    )
    seed: int = field(default=0, metadata={"description": "of the rig and of the noise"})


class CalibratorCameraNode(Node):
    """Subscribes: joint_states.

    Publishes: camera/color/image_raw (rgb8), camera/color/camera_info, /tf_static.

    A picture carries the stamp of the joint states that it shows.
    """

    def __init__(self, config: CalibratorCameraConfig | None = None) -> None:
        super().__init__("calibrator_camera")
        self._config = config = declared(self, config or CalibratorCameraConfig())
        said = CalibratorConfig(
            robot=config.robot,
            kind=config.kind,
            squares_x=config.squares_x,
            squares_y=config.squares_y,
            square_m=config.square_m,
            marker_m=config.marker_m,
        )
        size = (config.squares_x * config.square_m, config.squares_y * config.square_m)
        rig = drawn_rig(config.robot, said.kind, size, config.seed)
        self._robot = rig.robot
        noise = RigCameraConfig(colour_noise=config.colour_noise, seed=config.seed)
        self._camera = RigCamera(rig, said.board.picture(FINENESS), size, noise)
        self._info = Camera(
            k=noise.k, width=noise.width, height=noise.height, base_from_optical=np.eye(4)
        )
        self._rates = Rates({"picture": config.rate})
        self._positions = dict(zip(self._robot.names, self._robot.home.tolist(), strict=True))
        self._closed = False
        self._diagnostics = Diagnostics(self, f"Sees a {config.robot} with a board, {config.kind}.")
        self._images = self.create_publisher(Image, "camera/color/image_raw", IMAGE)
        self._infos = self.create_publisher(CameraInfo, "camera/color/camera_info", IMAGE)
        self._frames = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        inside = transform_from_matrix(LINK_FROM_OPTICAL, 0.0, LINK, OPTICAL)
        self._frames.publish(TFMessage(transforms=[inside]))
        self.create_subscription(JointState, "joint_states", self._on_states, NEWEST)

    def _on_states(self, message: JointState) -> None:
        self._positions |= dict(zip(message.name, message.position, strict=False))
        stamp = seconds_from_stamp(message.header.stamp)
        if not self._rates.due("picture", stamp):
            return
        positions = np.array([self._positions[name] for name in self._robot.names])
        pixels = self._camera.picture(positions)
        self._infos.publish(message_from_camera(self._info, stamp, OPTICAL))
        self._images.publish(image_from_pixels(pixels, stamp, OPTICAL))

    def destroy_node(self) -> None:
        """Give the drawing context back."""
        if not self._closed:
            self._camera.close()
            self._closed = True
        super().destroy_node()


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    os.environ.setdefault("LP_NUM_THREADS", "0")  # software OpenGL draws in this thread alone
    run("calibrator_camera", CalibratorCameraNode, args)


if __name__ == "__main__":
    main()
