"""One arm of a robot, as chunks of tool poses know it.

Shapes: J joints of the robot, K of the arm, N poses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handiwork.errors import Unreachable
from handiwork.ports import ToolKinematics
from handiwork.robots.kinematics import Kinematics
from handiwork.safety.workspace import Workspace

_LEAP = 1.0  # [rad] of a joint from one pose to the next: the arm would have to fold the other way


@dataclass(frozen=True, kw_only=True, eq=False)
class ArmTool:
    """A tool and what carries it.

    kinematics: of the K joints, in their order.
    joints: names of the K joints.
    prefix: before the names of its pose in chunks, as "left_arm."; empty where there is one arm.
    workspace: box that the tool must not leave; None where there is none.
    """

    kinematics: ToolKinematics
    joints: tuple[str, ...]
    prefix: str = ""
    workspace: Workspace | None = None

    def columns(self, names: Sequence[str]) -> np.ndarray:
        """(K,) where its joints stand among J names."""
        return np.array([names.index(name) for name in self.joints])

    def tool_of(self, names: Sequence[str]) -> Callable[[np.ndarray], np.ndarray]:
        """base_from_tool (4, 4) [m] as a function of the positions (J,) [rad] of J names."""
        columns = self.columns(names)
        return lambda positions: self.kinematics.tool(positions[columns])


class WholePose:
    """Kinematics whose paths keep the tool's whole orientation, its turn about its axis too."""

    def __init__(self, kinematics: Kinematics) -> None:
        self._kinematics = kinematics

    def tool(self, positions: np.ndarray) -> np.ndarray:
        """(K,) joint positions [rad] -> base_from_tool (4, 4) [m]."""
        return self._kinematics.tool(positions)

    def follow_path(self, poses: np.ndarray, seed: np.ndarray) -> np.ndarray:
        """Tool poses in base (N, 4, 4) [m] -> joint positions (N, K) [rad], from near `seed`.

        Raises:
            Unreachable: a pose that the arm cannot take, or only by folding the other way.
        """
        path = np.empty((len(poses), len(seed)))
        before = np.asarray(seed, float)
        for row, pose in enumerate(poses):
            guess = 2 * path[row - 1] - path[row - 2] if row > 1 else before
            path[row] = self._kinematics.inverse_pose(pose, guess)
            leap = float(np.abs(path[row] - before).max())
            if leap > _LEAP:
                raise Unreachable(
                    f"pose {row} of the tool's path needs a leap of {leap:.2f} rad, "
                    f"want at most {_LEAP} rad. Ask for nearer poses, or for joints."
                )
            before = path[row]
        return path


def arms_of(
    kinematics: Sequence[Kinematics], workspaces: Sequence[Workspace | None]
) -> tuple[ArmTool, ...]:
    """Arms by whole poses; several are told apart in chunks by their groups: "left_arm."."""
    several = len(kinematics) > 1
    return tuple(
        ArmTool(
            kinematics=WholePose(arm),
            joints=arm.group.joints,
            prefix=f"{arm.group.name}." if several else "",
            workspace=workspace,
        )
        for arm, workspace in zip(kinematics, workspaces, strict=True)
    )
