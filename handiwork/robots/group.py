"""The parts of a robot that are commanded together: an arm with its tool and gripper, a waist.

Shapes: K joints of the group, in the order of `Group.joints`.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape


@dataclass(frozen=True, kw_only=True, eq=False)
class Tool:
    """The frame that is put somewhere: link_from_tool (4, 4) [m]; its z points out of the tool."""

    frame: str
    link: str
    link_from_tool: np.ndarray

    def __post_init__(self) -> None:
        if self.link_from_tool.shape != (4, 4):
            raise WrongShape("Tool.link_from_tool", self.link_from_tool.shape, "(4, 4)")


@dataclass(frozen=True, kw_only=True)
class Gripper:
    """Two fingers that move alike: the first joint is commanded, the others follow by `ratios`."""

    joints: tuple[str, ...]
    ratios: tuple[float, ...]  # the first is 1
    lower: float  # [m] of the first joint, closed
    upper: float  # [m] of the first joint, open
    velocity: float  # [m/s] of the first joint
    effort: float  # [N]

    def __post_init__(self) -> None:
        if len(self.joints) != len(self.ratios):
            raise ValueError(f"ratios must be as many as joints={self.joints}, got {self.ratios}")
        if not self.lower < self.upper:
            raise ValueError(f"lower must be below upper={self.upper}, got {self.lower}")

    @property
    def opening(self) -> tuple[float, float]:
        """Smallest and largest distance that the fingers can have from each other [m]."""
        return len(self.joints) * self.lower, len(self.joints) * self.upper

    def positions(self, position: float) -> dict[str, float]:
        """All finger joints [m] when the first one is at `position` [m]."""
        return {
            name: ratio * position for name, ratio in zip(self.joints, self.ratios, strict=True)
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """Joints that are commanded together. base_link: what the first of them is fixed to."""

    name: str
    joints: tuple[str, ...]
    base_link: str
    tool: Tool | None = None
    gripper: Gripper | None = None
