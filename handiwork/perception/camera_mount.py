"""Where the links of a robot are at joint positions, for a camera that rides on one of them."""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import UnknownName
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot


class LinkPlaces:
    """Forward kinematics of every link. Not thread safe: holds pinocchio's work space."""

    def __init__(self, robot: Robot) -> None:
        self._body = body_of(robot)
        self._data = self._body.model.createData()

    def has(self, link: str) -> bool:
        """Whether the robot has a link, or a tool's frame, of that name."""
        return self._body.model.existFrame(link)

    def base_from(self, link: str, positions: np.ndarray) -> np.ndarray:
        """base_from_link (4, 4) [m] at joint positions (J,) [rad].

        Raises:
            UnknownName: the robot has no such link.
        """
        model = self._body.model
        if not self.has(link):
            links = [frame.name for frame in model.frames if frame.type == pin.FrameType.BODY]
            raise UnknownName("link", link, links, "Check what the camera is mounted on.")
        pin.framesForwardKinematics(model, self._data, self._body.configuration(positions))
        place = self._data.oMf[model.getFrameId(link)]
        base = self._body.robot.base_frame
        if model.existFrame(base):
            place = self._data.oMf[model.getFrameId(base)].inverse() * place
        return place.homogeneous
