"""Joint references for a chunk of whole tool poses, of one arm or of several in step.

Between rows the tool goes straight and turns at a constant rate about one axis, beginning where it
is commanded at the departure; inverse kinematics follows.

Source: Shoemake, Animating Rotation with Quaternion Curves, SIGGRAPH 1985 (the turn), by scipy.
Shapes: H rows, J joints of the robot, K of an arm, M references.
"""

from collections.abc import Sequence

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from handiwork.arm_tool import ArmTool
from handiwork.chunks import ActionChunk
from handiwork.control.blending import Departure
from handiwork.errors import RefusedChunk

POSE = ("x", "y", "z", "qx", "qy", "qz", "qw")  # [m], then a unit quaternion, as geometry_msgs
FINE = 0.4  # [s] after which the path is found at every other knot, to save time
_SHORTEST = 0.5  # a quaternion shorter than this says nothing reliable; others are normalised


def pose_names(*prefixes: str) -> tuple[str, ...]:
    """Names of a chunk of poses, arm by arm, for the prefixes of the arms; none: one arm."""
    return tuple(prefix + part for prefix in prefixes or ("",) for part in POSE)


def pose_path(
    chunk: ActionChunk, departure: Departure, arms: Sequence[ArmTool], joints: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """References at knots after the departure: times (M,) [s], positions (M, J) [rad].

    Joints of no arm stay where they are at the departure.

    Raises:
        RefusedChunk: an orientation that is none.
        Unreachable: an arm cannot take the path.
    """
    later = np.flatnonzero(chunk.times > departure.time + 1e-9)
    rows = chunk.rows[later] if len(later) else chunk.rows[-1:]
    due = chunk.times[later] if len(later) else np.array([departure.time + chunk.period])
    knots = departure.knots(float(due[-1]))[1:]
    near = int(np.searchsorted(knots, departure.time + FINE))
    times = np.unique([*knots[:near], *knots[near::2], knots[-1]])
    positions = np.tile(departure.state.position, (len(times), 1))
    for arm in arms:
        columns = arm.columns(joints)
        seed = departure.state.position[columns]
        here = arm.kinematics.tool(seed)
        wanted = rows[:, [chunk.names.index(arm.prefix + part) for part in POSE]].astype(float)
        poses = _between(departure.time, here, due, wanted, times, chunk.sequence)
        positions[:, columns] = arm.kinematics.follow_path(poses, seed)
    return times, positions


def _between(
    start: float,
    here: np.ndarray,
    due: np.ndarray,
    rows: np.ndarray,
    times: np.ndarray,
    sequence: int,
) -> np.ndarray:
    """(M, 4, 4) poses at `times` on the way from `here` (4, 4) through rows (H, 7)."""
    lengths = np.linalg.norm(rows[:, 3:], axis=1)
    if lengths.min() < _SHORTEST:
        raise RefusedChunk(
            f"chunk {sequence} has an orientation of length {lengths.min():.3f}, want unit "
            "quaternions (x, y, z, w). Check what the policy was taught.",
            kind="orientation",
        )
    at = np.concatenate([[start], due])
    inside = np.minimum(times, due[-1])
    turns = np.vstack([Rotation.from_matrix(here[:3, :3]).as_quat(), rows[:, 3:]])
    points = np.vstack([here[:3, 3], rows[:, :3]])
    poses = np.tile(np.eye(4), (len(times), 1, 1))
    poses[:, :3, :3] = Slerp(at, Rotation.from_quat(turns))(inside).as_matrix()
    poses[:, :3, 3] = np.stack([np.interp(inside, at, axis) for axis in points.T], axis=1)
    return poses
