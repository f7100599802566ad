"""The joints of one group with its tool, as pinocchio sees them; all other joints stand still.

Shapes: K joints of the group in its own order; inside pinocchio the same K in the model's order.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import UnknownName, WrongShape
from handiwork.robots.body import body_of
from handiwork.robots.joint_map import JointMap
from handiwork.robots.robot import Robot


class Chain:
    """A model of K joints, the number of its tool's frame, and limits in the model's order."""

    def __init__(self, robot: Robot, group: str | None, rest: np.ndarray | None) -> None:
        """Joints outside the group are held at `rest` (J,) [rad], at home unless given."""
        self.robot, self.group = robot, robot.group(group)
        if self.group.tool is None:
            known = [item.name for item in robot.groups if item.tool is not None]
            fix = f"Group {self.group.name} of {robot.name} has none."
            raise UnknownName("tool", self.group.name, known, fix)
        self.model = _held(robot, self.group.joints, robot.home if rest is None else rest)
        self.data = self.model.createData()
        self.tool = self.model.getFrameId(self.group.tool.frame)
        self._columns = JointMap(self.model, self.group.joints).columns
        columns = robot.columns(self.group)
        self.lower = self.to_model(robot.lower[columns])
        self.upper = self.to_model(robot.upper[columns])

    def to_model(self, positions: np.ndarray) -> np.ndarray:
        """(K,) in the group's order -> (K,) in pinocchio's order."""
        configuration = np.empty(len(self._columns))
        configuration[self._columns] = positions
        return configuration

    def from_model(self, configuration: np.ndarray) -> np.ndarray:
        """(K,) in pinocchio's order -> (K,) in the group's order."""
        return configuration[self._columns]

    def place(self, configuration: np.ndarray) -> pin.SE3:
        """base_from_tool at (K,) joint positions in pinocchio's order [rad]."""
        pin.forwardKinematics(self.model, self.data, configuration)
        return pin.updateFramePlacement(self.model, self.data, self.tool)

    def inside(self, configuration: np.ndarray) -> np.ndarray:
        """Limits as walls of a search; (K,) in pinocchio's order."""
        return np.minimum(np.maximum(configuration, self.lower), self.upper)


def _held(robot: Robot, joints: tuple[str, ...], rest: np.ndarray) -> pin.Model:
    """The robot's model with all joints but these held at `rest`."""
    if np.shape(rest) != (len(robot.joints),):
        raise WrongShape("rest", np.shape(rest), f"({len(robot.joints)},)")
    body = body_of(robot)
    held = [body.model.getJointId(name) for name in robot.names if name not in joints]
    return pin.buildReducedModel(body.model, held, body.configuration(rest))
