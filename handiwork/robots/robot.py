"""What a robot is to everyone else: its joints with their limits, its frames and its model file.

Shapes: J commanded joints of the robot, in the order of `Robot.joints`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handiwork.errors import UnknownName, WrongShape
from handiwork.robots.group import Group, Tool
from handiwork.robots.model_file import Assembly, ModelFile


@dataclass(frozen=True, kw_only=True)
class Joint:
    """One revolute joint and what it may be asked to do."""

    name: str
    lower: float  # [rad]
    upper: float  # [rad]
    velocity: float  # [rad/s]
    acceleration: float  # [rad/s^2]
    jerk: float  # [rad/s^3]

    def __post_init__(self) -> None:
        if not self.lower < self.upper:
            raise ValueError(
                f"{self.name}: lower must be below upper={self.upper}, got {self.lower}"
            )
        if min(self.velocity, self.acceleration, self.jerk) <= 0:
            raise ValueError(f"{self.name}: velocity, acceleration and jerk must be positive")


@dataclass(frozen=True, kw_only=True, eq=False)
class Robot:
    """Commanded joints, the groups they form, frames, and the model that holds the bodies.

    home: (J,) a resting posture [rad], inside the limits, where nothing touches.
    groups: what is commanded together; the first is meant where none is named.
    source: where the numbers come from.
    """

    name: str
    joints: tuple[Joint, ...]
    base_frame: str
    groups: tuple[Group, ...]
    home: np.ndarray
    model: ModelFile | Assembly
    source: str

    def __post_init__(self) -> None:
        if self.home.shape != (len(self.joints),):
            raise WrongShape("Robot.home", self.home.shape, f"({len(self.joints)},)")
        for group in self.groups:
            for name in group.joints:
                if name not in self.names:
                    fix = f"Check group {group.name} of {self.name}."
                    raise UnknownName("joint", name, self.names, fix)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the joints, in order."""
        return tuple(joint.name for joint in self.joints)

    @property
    def lower(self) -> np.ndarray:
        """(J,) [rad]."""
        return self._column(lambda joint: joint.lower)

    @property
    def upper(self) -> np.ndarray:
        """(J,) [rad]."""
        return self._column(lambda joint: joint.upper)

    @property
    def velocity(self) -> np.ndarray:
        """(J,) [rad/s]."""
        return self._column(lambda joint: joint.velocity)

    @property
    def acceleration(self) -> np.ndarray:
        """(J,) [rad/s^2]."""
        return self._column(lambda joint: joint.acceleration)

    @property
    def jerk(self) -> np.ndarray:
        """(J,) [rad/s^3]."""
        return self._column(lambda joint: joint.jerk)

    def group(self, name: str | None = None) -> Group:
        """The group of that name; the first where none is given.

        Raises:
            UnknownName: the robot has no such group; the message lists what it has.
        """
        for group in self.groups:
            if name in (None, group.name):
                return group
        known = [group.name for group in self.groups]
        raise UnknownName("group", str(name), known, f"Check what is asked of {self.name}.")

    def columns(self, group: Group) -> np.ndarray:
        """(K,) where the group's joints stand among the robot's."""
        return np.array([self.names.index(name) for name in group.joints])

    @property
    def tool(self) -> Tool:
        """The first tool; the only one of a robot with one arm.

        Raises:
            UnknownName: no group of the robot has a tool.
        """
        for group in self.groups:
            if group.tool is not None:
                return group.tool
        raise UnknownName("tool", self.name, (), "Name a robot with an arm.")

    @property
    def tool_frame(self) -> str:
        """Name of the first tool's frame."""
        return self.tool.frame

    @property
    def tool_link(self) -> str:
        """The link that carries the first tool."""
        return self.tool.link

    @property
    def link_from_tool(self) -> np.ndarray:
        """(4, 4) the first tool in its link [m]."""
        return self.tool.link_from_tool

    def model_path(self) -> Path:
        """The robot's one model file on this machine.

        Raises:
            MissingModel: the package that carries the model is not installed.
            ValueError: the robot is put together from several arms.
        """
        if isinstance(self.model, Assembly):
            raise ValueError(f"{self.name} is several arms, each with a model file of its own")
        return self.model.path()

    def _column(self, of: Callable[[Joint], float]) -> np.ndarray:
        return np.array([of(joint) for joint in self.joints])
