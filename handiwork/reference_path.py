"""What a chunk means as joint references: rows of joints, targets in a plane, or whole tool poses.

Shapes: H rows, J joints, n references.
"""

from collections.abc import Callable, Sequence

import numpy as np

from handiwork.arm_tool import ArmTool
from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.blending import Departure
from handiwork.errors import UnknownName
from handiwork.executor_config import ExecutorConfig
from handiwork.pose_path import POSE, pose_names, pose_path
from handiwork.tool_path import tool_path

PLANE = ("x", "y")
ReferencePath = Callable[[ActionChunk, Departure], tuple[np.ndarray, np.ndarray]]


def reference_path(
    rules: ChunkRules, config: ExecutorConfig, arms: Sequence[ArmTool], joints: Sequence[str]
) -> ReferencePath:
    """How chunks that keep the rules become times (n,) [s] and joint positions (n, J) [rad].

    Raises:
        UnknownName: chunks whose names no arm or joint answers to.
    """
    if rules.space == "joint":
        for name in rules.names:
            if name not in joints:
                raise UnknownName("joint", name, joints, "Check the policy against the robot.")
        return lambda chunk, departure: joint_path(chunk, departure, joints)
    if rules.names == PLANE and config.tool is not None:
        plane = config.tool
        return lambda chunk, departure: tool_path(chunk, departure, plane, arms[0].kinematics)
    followed = [arm for arm in arms if arm.prefix + POSE[0] in rules.names]
    wanted = pose_names(*(arm.prefix for arm in followed or arms))
    for name in (*rules.names, *wanted):
        if name not in wanted or name not in rules.names:
            raise UnknownName("part of tool poses", name, wanted, "Check the policy's actions.")
    return lambda chunk, departure: pose_path(chunk, departure, followed, joints)


def joint_path(
    chunk: ActionChunk, departure: Departure, joints: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """The rows as they are: (H,) [s] and (H, J) [rad]; joints they do not name stay."""
    positions = np.tile(departure.state.position, (len(chunk.rows), 1))
    positions[:, [joints.index(name) for name in chunk.names]] = chunk.rows
    return chunk.times, positions
