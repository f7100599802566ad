"""Where a robot's tools are, as the points that keep-in and keep-out volumes speak of.

Shapes: J joints.
"""

from collections.abc import Callable

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot
from handiwork.safety.volumes import Points


def tool_points(robot: Robot) -> Callable[[np.ndarray], Points]:
    """Of joint positions (J,) [rad]: the origin of each tool's frame, by the frame's name."""
    body = body_of(robot)
    data = body.model.createData()
    tools = [group.tool.frame for group in robot.groups if group.tool is not None]
    frames = {name: body.model.getFrameId(name) for name in tools}

    def points(positions: np.ndarray) -> Points:
        pin.framesForwardKinematics(body.model, data, body.configuration(positions))
        return {name: data.oMf[frame].translation for name, frame in frames.items()}

    return points
