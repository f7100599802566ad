"""What someone asks of a trajectory controller, as it came over the wire: not yet checked.

Points may lack velocities, name other joints or lie in the past; `TrajectoryController.check` is
what decides. Times are [s], angles [rad].
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class TrajectoryPoint:
    """One point; an empty tuple says nothing."""

    time_from_start: float
    positions: tuple[float, ...] = ()
    velocities: tuple[float, ...] = ()
    accelerations: tuple[float, ...] = ()
    effort: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrajectoryRequest:
    """Points for the named joints, counted from `stamp`; stamp 0 means from now."""

    names: tuple[str, ...]
    points: tuple[TrajectoryPoint, ...]
    stamp: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Tolerance:
    """Allowed errors of one joint: 0 keeps the controller's default, -1 lifts the limit."""

    position: float = 0.0
    velocity: float = 0.0
    acceleration: float = 0.0


@dataclass(frozen=True, kw_only=True)
class GoalRequest:
    """A trajectory that somebody waits for, with tolerances by joint name."""

    trajectory: TrajectoryRequest
    path_tolerance: Mapping[str, Tolerance] = field(default_factory=dict)
    goal_tolerance: Mapping[str, Tolerance] = field(default_factory=dict)
    goal_time_tolerance: float = 0.0  # 0 keeps the default, -1 waits for ever
