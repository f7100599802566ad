"""Where every link of a robot stands in the link before it: fingers and tools included.

Source: pinocchio 4.1 for the placements; the tree is the one that robot_state_publisher tells.
Shapes: F frames that have one before them.
"""

from collections.abc import Mapping

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import add_tool
from handiwork.robots.joint_map import JointMap
from handiwork.robots.parts import read_parts
from handiwork.robots.robot import Robot


class LinkFrames:
    """children, parents: names of the F frames and of those before them; fixed: (F,) which of them
    never move against each other. All hang, at last, on the robot's root.
    """

    def __init__(self, robot: Robot) -> None:
        model = read_parts(robot.model, solid=False).model
        links = [frame.name for frame in model.frames if frame.type == pin.FrameType.BODY]
        tools = [group.tool for group in robot.groups if group.tool is not None]
        for tool in tools:
            add_tool(model, tool, robot.name)
        self.joints = tuple(list(model.names)[1:])
        self._model, self._data = model, model.createData()
        self._map = JointMap(model, self.joints)
        self._positions = np.zeros(len(self.joints))
        before = {model.getFrameId(name): _before(model, name, links) for name in links}
        before |= {
            model.getFrameId(tool.frame): model.getFrameId(tool.link)
            for tool in tools
            if tool.frame not in links
        }
        if robot.base_frame not in links:  # several arms stand on a base that no model file knows
            before = {number: above or 0 for number, above in before.items()}
        self._frames = [(number, above) for number, above in before.items() if above is not None]
        names = [frame.name for frame in model.frames]
        names[0] = robot.base_frame
        carriers = [frame.parentJoint for frame in model.frames]
        self.children = tuple(names[number] for number, _ in self._frames)
        self.parents = tuple(names[above] for _, above in self._frames)
        self.fixed = np.array(
            [carriers[number] == carriers[above] for number, above in self._frames]
        )

    def heard(self, positions: Mapping[str, float]) -> None:
        """Joints [rad] and fingers [m] by name; names of no joint of the model are passed over."""
        for column, name in enumerate(self.joints):
            self._positions[column] = positions.get(name, self._positions[column])

    def transforms(self) -> np.ndarray:
        """(F, 4, 4) parent_from_child [m]."""
        configuration = self._map.configuration(self._positions)
        pin.framesForwardKinematics(self._model, self._data, configuration)
        placed = self._data.oMf
        return np.array(
            [
                (placed[above].inverse() * placed[number]).homogeneous
                for number, above in self._frames
            ]
        )


def _before(model: pin.Model, name: str, links: list[str]) -> int | None:
    """Number of the link that a link hangs on; None for the first."""
    number = model.getFrameId(name)
    while number:
        number = model.frames[number].parentFrame
        if model.frames[number].name in links:
            return number
    return None
