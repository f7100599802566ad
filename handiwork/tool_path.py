"""Joint references for a chunk of targets in a plane, of a tool that points down.

The spring of the demonstrations' agent pulls the tool from where it is commanded, and inverse
kinematics follows.

Shapes: H rows, J joints, K substeps, n references.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.chunks import ActionChunk
from handiwork.control.blending import Departure
from handiwork.control.spring import Spring
from handiwork.ports import ToolKinematics
from handiwork.robots.kinematics import pointing_down
from handiwork.safety.workspace import Workspace

_PROBE = 1e-4  # [s] over which the tool's velocity is taken


@dataclass(frozen=True, kw_only=True)
class ToolPathConfig:
    """How targets of the tool are followed.

    tip_height: of the tool while it follows x, y [m].
    targets: box into which the targets are clipped: the plane of the demonstrations.
    """

    spring: Spring
    tip_height: float
    targets: Workspace
    fine: float = 0.8  # [s] after which the path is found at every other knot, to save time
    run_on: float = 0.2  # [s] the spring goes on pulling to the last target this long


def tool_path(
    chunk: ActionChunk, departure: Departure, config: ToolPathConfig, kinematics: ToolKinematics
) -> tuple[np.ndarray, np.ndarray]:
    """References after the departure: times (n,) [s], joint positions (n, J) [rad].

    They are at the knots, and at every other knot where the next chunk will be long there. A row is
    in force from when it is due for one period; so the first is the row due at or before the
    departure.

    Raises:
        Unreachable: the arm cannot take the path.
    """
    spring = config.spring
    knots = departure.knots(chunk.end + chunk.period + config.run_on)
    ends = np.arange(1, round((knots[-1] - departure.time) / spring.substep) + 1)
    starts = departure.time + spring.substep * (ends - 1)  # (K,) of the substeps
    rows = np.floor((starts - chunk.start) / chunk.period + 1e-6).astype(int)
    targets = _targets(chunk, config)[np.clip(rows, 0, len(chunk.rows) - 1)]  # (K, 3)
    path = spring.path(targets, *_tool_state(departure, kinematics))
    near = int(np.searchsorted(knots, departure.time + config.fine))
    times = np.unique([*knots[1:near], *knots[near::2], knots[-1]])
    points = np.stack(
        [np.interp(times, departure.time + spring.substep * ends, axis) for axis in path.T], axis=1
    )  # (n, 3)
    return times, kinematics.follow_path(pointing_down(points), departure.state.position)


def _targets(chunk: ActionChunk, config: ToolPathConfig) -> np.ndarray:
    """(H, 3) x, y clipped to the box of targets, z at the height of the tip [m]."""
    columns = [chunk.names.index(axis) for axis in ("x", "y")]
    targets = np.full((len(chunk.rows), 3), config.tip_height)
    targets[:, :2] = chunk.rows[:, columns]
    return np.clip(targets, config.targets.lower, config.targets.upper)


def _tool_state(departure: Departure, kinematics: ToolKinematics) -> tuple[np.ndarray, np.ndarray]:
    """Commanded position (3,) [m] and velocity (3,) [m/s] of the tool at the departure."""
    state = departure.state
    here, there = (
        kinematics.tool(state.position + share * _PROBE * state.velocity)[:3, 3]
        for share in (-0.5, 0.5)
    )
    return (here + there) / 2, (there - here) / _PROBE
