"""Where the camera is in the base at a stamp: fixed to it, or riding on a link of the robot.

A camera fixed to the base hangs under it on /tf_static; one that rides hangs under a link, whose
place the robot's kinematics tell.
"""

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo

from handiwork.errors import NotObserved
from handiwork.perception.camera import Camera
from handiwork.perception.camera_mount import LinkPlaces
from handiwork.robots.robot import Robot
from handiwork_ros.sight_messages import camera_from_message
from handiwork_ros.static_frames import StaticFrames


class CloudCamera:
    """Looks up frames as they are told."""

    def __init__(self, node: Node, robot: Robot, base_frame: str) -> None:
        self._frames, self._links = StaticFrames(node), LinkPlaces(robot)
        self._base = base_frame

    def at(self, info: CameraInfo, frame: str, positions: np.ndarray) -> Camera:
        """The camera of an image in `frame`, at joint positions (J,) [rad].

        Raises:
            NotObserved: the frame hangs neither on the base nor on a link of the robot.
            BadValue: distorted images, or a transform that is none.
        """
        base_from_optical = self._frames.matrix(self._base, frame)
        if base_from_optical is None:
            base_from_optical = self._riding(frame, positions)
        return camera_from_message(info, base_from_optical)

    def _riding(self, frame: str, positions: np.ndarray) -> np.ndarray:
        carrier: str | None = self._frames.parent(frame)
        while carrier is not None:
            link_from_optical = self._frames.matrix(carrier, frame)
            if self._links.has(carrier) and link_from_optical is not None:
                return self._links.base_from(carrier, positions) @ link_from_optical
            carrier = self._frames.parent(carrier)
        raise NotObserved(
            f"{frame!r} hangs neither on {self._base!r} nor on a link of the robot on /tf_static, "
            "so nothing seen has a place. Publish the camera's calibration."
        )
