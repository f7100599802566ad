"""What a robot is to everyone else: its joints with their limits, its frames and its model file.

Shapes: J joints of the arm, in the order of `Robot.joints`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from handiwork.errors import UnknownName, WrongShape


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
    """One arm: joints, frames, where its tool sits, and the file that holds its bodies.

    home: (J,) a resting posture [rad], tool vertical above the middle of the workspace.
    link_from_tool: (4, 4) tool frame in `tool_link` [m]; tool z points out of the tool.
    model_package, model_file: an installed Python package and the MJCF inside it.
    source: where the numbers come from.
    """

    name: str
    joints: tuple[Joint, ...]
    base_frame: str
    tool_frame: str
    tool_link: str
    link_from_tool: np.ndarray
    home: np.ndarray
    model_package: str
    model_file: str
    source: str

    def __post_init__(self) -> None:
        if self.home.shape != (len(self.joints),):
            raise WrongShape("Robot.home", self.home.shape, f"({len(self.joints)},)")
        if self.link_from_tool.shape != (4, 4):
            raise WrongShape("Robot.link_from_tool", self.link_from_tool.shape, "(4, 4)")

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

    def model_path(self) -> Path:
        """The robot's MJCF on this machine.

        The package is only located, never imported: its code is a simulator that we do not need.

        Raises:
            UnknownName: the package that carries the model is not installed.
        """
        spec = find_spec(self.model_package)
        if spec is None or not spec.submodule_search_locations:
            raise UnknownName(
                "installed package", self.model_package, (), f"pip install {self.model_package}"
            )
        return Path(next(iter(spec.submodule_search_locations))) / self.model_file

    def _column(self, of: Callable[[Joint], float]) -> np.ndarray:
        return np.array([of(joint) for joint in self.joints])
