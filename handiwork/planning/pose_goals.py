"""Postures for a pose of the tool: several, so that a planner can take whichever it reaches.

Shapes: G joints of the group, K postures.
"""

from itertools import islice

import numpy as np

from handiwork.errors import InCollision, Unreachable
from handiwork.planning.planner import Planner
from handiwork.robots.kinematics import Kinematics

_DIFFERENT = 0.1  # [rad] of at least one joint


def goal_postures(
    planner: Planner,
    kinematics: Kinematics,
    base_from_tool: np.ndarray,
    start: np.ndarray,
    count: int = 4,
    tries: int = 32,
) -> np.ndarray:
    """Up to `count` free postures (K, G) [rad] for a pose (4, 4) [m], those near `start` first.

    Raises:
        Unreachable: no posture inside the limits puts the tool there.
        InCollision: every posture that does touches something; names what, in the first of them.
    """
    planner.keep_clear(start)
    found: list[np.ndarray] = []
    refused: np.ndarray | None = None
    for posture in islice(kinematics.postures(base_from_tool, start), tries):
        if any(np.abs(posture - other).max() < _DIFFERENT for other in found):
            continue
        if planner.checker.free(posture):
            found.append(posture)
        elif refused is None:
            refused = posture
        if len(found) == count:
            break
    if found:
        return np.array(found)
    if refused is not None:
        first, second = planner.checker.touching(refused) or ("?", "?")
        raise InCollision("goal", first, second)
    x, y, z = base_from_tool[:3, 3]
    raise Unreachable(
        f"{planner.robot.name} cannot put its tool at x={x:.4f}, y={y:.4f}, z={z:.4f} m "
        "turned that way. Ask for a pose inside the workspace."
    )
