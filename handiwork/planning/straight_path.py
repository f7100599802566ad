"""The tool moves straight, through poses close together, as far as that goes.

Shapes: N poses, G joints of the group.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from handiwork.errors import Unreachable, WrongShape
from handiwork.planning.planner import Planner
from handiwork.robots.kinematics import Kinematics

STANDING = 1e-6  # [rad] of every joint, below which the robot does not move


@dataclass(frozen=True, kw_only=True)
class StraightConfig:
    """How dense a straight path is, and when a posture is a jump."""

    step: float = 0.005  # [m] between poses
    turn: float = 0.02  # [rad] between poses
    jump: float = 0.2  # [rad] that a joint may change by between poses

    def __post_init__(self) -> None:
        if min(self.step, self.turn, self.jump) <= 0:
            raise ValueError("step, turn and jump must be positive")


@dataclass(frozen=True, eq=False)
class StraightPath:
    """Postures (N, G) [rad] of the part that can be followed, and the share of the way it is.

    reason: why the rest cannot; empty where `fraction` is 1.
    """

    path: np.ndarray
    fraction: float
    reason: str


def straight_path(
    planner: Planner,
    kinematics: Kinematics,
    start: np.ndarray,
    poses: np.ndarray,
    config: StraightConfig | None = None,
) -> StraightPath:
    """From `start` (G,) [rad] with the tool straight to each of `poses` (N, 4, 4) [m] in turn.

    The way ends before a pose that cannot be taken, a jump of a joint, or the first collision.

    Raises:
        OutsideLimits, InCollision: the start is outside the limits or touches something.
    """
    config = config or StraightConfig()
    if poses.ndim != 3 or poses.shape[1:] != (4, 4) or not len(poses):
        raise WrongShape("poses", poses.shape, "(N >= 1, 4, 4)")
    planner.keep_clear(start)
    planner.check_posture(start, "start")
    dense = _between([kinematics.tool(start), *poses], config)
    path = [np.asarray(start, float)]
    reason = ""
    for pose in dense[1:]:
        reason = _take(planner, kinematics, path, pose, config)
        if reason:
            break
    fraction = (len(path) - 1) / max(1, len(dense) - 1)
    return StraightPath(_without_repeats(np.array(path)), fraction, reason)


def _take(
    planner: Planner,
    kinematics: Kinematics,
    path: list[np.ndarray],
    pose: np.ndarray,
    config: StraightConfig,
) -> str:
    """Append the posture of the next pose; or say why not."""
    try:
        posture = kinematics.inverse_pose(pose, path[-1])
    except Unreachable as error:
        return str(error)
    change = np.abs(posture - path[-1])
    if change.max() > config.jump:
        joint = planner.group.joints[int(change.argmax())]
        return f"{joint} would jump by {change.max():.3f} rad. Start from another posture."
    if not planner.proof.free(path[-1], posture):
        touch = planner.proof.touches_at(path[-1], posture)
        first, second = planner.checker.touching(posture if touch is None else touch) or ("?", "?")
        return f"{first!r} touches {second!r} on the way. Ask for another way."
    path.append(posture)
    return ""


def _without_repeats(path: np.ndarray) -> np.ndarray:
    """The path where a pose that was given twice is passed but once."""
    moves = np.abs(np.diff(path, axis=0)).max(axis=1) > STANDING
    return path[np.concatenate([[True], moves])]


def _between(poses: list[np.ndarray], config: StraightConfig) -> np.ndarray:
    """Poses (N, 4, 4) no further apart than the step and the turn, through the given ones."""
    result = [poses[0][None]]
    for start, end in pairwise(poses):
        turns = Rotation.from_matrix(np.stack([start[:3, :3], end[:3, :3]]))
        away = float(np.linalg.norm(end[:3, 3] - start[:3, 3]))
        angle = float((turns[0].inv() * turns[1]).magnitude())
        parts = max(1, int(np.ceil(max(away / config.step, angle / config.turn))))
        shares = np.arange(1, parts + 1) / parts
        piece = np.tile(np.eye(4), (parts, 1, 1))
        piece[:, :3, :3] = Slerp([0.0, 1.0], turns)(shares).as_matrix()
        piece[:, :3, 3] = start[:3, 3] + shares[:, None] * (end[:3, 3] - start[:3, 3])
        result.append(piece)
    return np.concatenate(result)
