"""The gate, last before the wire; and the audit of what went over it.

`check` looks at a whole trajectory, between its points too, and refuses it in one sentence.
`audit` looks at a recorded log of commands and knows nothing of how they were made.

Shapes: J joints, T instants, S segments, P instants in each.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointTrajectory, sample_all, sample_segments
from handiwork.control.limits import Limits
from handiwork.errors import RejectedTrajectory, WrongShape

_INSPECTED = 0.005  # [s] between instants at which joints are looked at
_TOOL_INSPECTED = 0.03  # [s] the same for the tool
_RELATIVE = 1e-3  # of a limit, for rounding
_POSITION = 1e-4  # [rad] of a position limit
_SAME_POSITION, _SAME_VELOCITY = 1e-6, 1e-4  # [rad], [rad/s] where trajectories meet
_UNITS = ("rad", "rad/s", "rad/s^2", "rad/s^3")
_WHAT = ("position", "velocity", "acceleration", "jerk")


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Where the tip of the tool may be: two corners of a box in the base frame, (x, y, z) [m]."""

    lower: tuple[float, float, float]
    upper: tuple[float, float, float]

    def __post_init__(self) -> None:
        if not all(low < high for low, high in zip(self.lower, self.upper, strict=True)):
            raise ValueError(f"lower must be below upper={self.upper}, got {self.lower}")


def check(
    trajectory: JointTrajectory,
    limits: Limits,
    *,
    running: JointTrajectory,
    now: float,
    switch: float,
) -> None:
    """Let a trajectory go to the controller, or raise.

    Args:
        trajectory: what would be sent.
        limits: what the joints may do. A joint already outside its position limits may stay
            there or come back, not go further out.
        running: what is being commanded; a single point if the arm rests.
        now, switch: the controller may change over at any time between [s].

    Raises:
        RejectedTrajectory: not finite, other joints, outside a limit, a step where it meets the
            running trajectory, or moving at its end.
    """
    _check_names_and_values(trajectory, limits)
    _check_meeting(trajectory, running, now, switch)
    _check_limits(trajectory, limits, running, now)
    _check_end(trajectory)


def check_tool(
    trajectory: JointTrajectory,
    workspace: Workspace,
    tool_of: Callable[[np.ndarray], np.ndarray],
    now: float,
) -> None:
    """Keep the tool in its box from `now` on; `tool_of` gives base_from_tool (4, 4) of (J,) [rad].

    A tool that is outside already may come back: only instants further out than it is now count.

    Raises:
        RejectedTrajectory: the tool would leave the box.
    """
    times = np.arange(max(now, trajectory.start), trajectory.end + _TOOL_INSPECTED, _TOOL_INSPECTED)
    points = np.array([tool_of(q)[:3, 3] for q in sample_all(trajectory, times)[0]])  # (T, 3)
    lower = np.minimum(workspace.lower, points[0] - 1e-4)
    upper = np.maximum(workspace.upper, points[0] + 1e-4)
    outside = (points < lower) | (points > upper)
    if outside.any():
        instant, axis = np.unravel_index(outside.argmax(), outside.shape)
        raise RejectedTrajectory(
            f"the tool would be at {'xyz'[axis]} = {points[instant, axis]:.4f} m, "
            f"{times[instant] - now:.3f} s from now, "
            f"want {lower[axis]:.4f} to {upper[axis]:.4f} m. Ask for targets inside the workspace."
        )


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Samples of a command log outside each kind of limit, and the worst of each as a share of it.

    position, velocity, acceleration, jerk: counts of values over a limit, over all joints.
    position_steps: changes between two samples that the velocity limit allows by less than half.
    velocity_steps: changes of velocity that the acceleration limit allows by less than half.
    worst: the largest velocity, acceleration and jerk as a share of their limits.
    """

    samples: int
    position: int
    velocity: int
    acceleration: int
    jerk: int
    position_steps: int
    velocity_steps: int
    worst: tuple[float, float, float]

    @property
    def violations(self) -> int:
        """Values outside position, velocity, acceleration or jerk limits."""
        return self.position + self.velocity + self.acceleration + self.jerk

    @property
    def steps(self) -> int:
        """Jumps of position or of velocity."""
        return self.position_steps + self.velocity_steps


def audit(
    times: np.ndarray,
    positions: np.ndarray,
    limits: Limits,
    tolerance: float = 0.01,
) -> Audit:
    """Count what a log of commanded positions did outside the limits.

    Derivatives are divided differences, which are weighted means of the true derivatives between
    the samples: they never exceed a limit that the true ones keep, evenly sampled or not.

    Args:
        times: (T,) when each command was in force [s], strictly increasing. A log with a reset
            of the arm in it must be cut there.
        positions: (T, J) commanded positions [rad].
        limits: of the J joints.
        tolerance: share of a limit that is forgiven; of positions, 1e-4 rad.
    """
    if positions.shape != (len(times), len(limits.names)) or len(times) < 4:
        raise WrongShape("positions", positions.shape, f"(T >= 4, {len(limits.names)})")
    if not (np.diff(times) > 0).all():
        raise ValueError("times of a command log must be strictly increasing")
    rates = (limits.velocity, limits.acceleration, limits.jerk)
    derivatives = _divided_differences(times, positions)
    shares = [np.abs(d) / limit for d, limit in zip(derivatives, rates, strict=True)]
    over = [int(np.count_nonzero(share > 1 + tolerance)) for share in shares]
    low, high = _allowed(limits, positions[0])
    return Audit(
        samples=len(times),
        position=int(np.count_nonzero((positions < low) | (positions > high))),
        velocity=over[0],
        acceleration=over[1],
        jerk=over[2],
        position_steps=int(np.count_nonzero(shares[0] > 2)),
        velocity_steps=int(np.count_nonzero(shares[1] > 2)),
        worst=(float(shares[0].max()), float(shares[1].max()), float(shares[2].max())),
    )


def _divided_differences(times: np.ndarray, positions: np.ndarray) -> list[np.ndarray]:
    """Velocity (T-1, J), acceleration (T-2, J), jerk (T-3, J)."""
    result, value = [], positions
    for order in (1, 2, 3):
        span = (times[order:] - times[:-order])[:, None]
        value = order * np.diff(value, axis=0) / span
        result.append(value)
    return result


def _allowed(limits: Limits, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(J,) position bounds, widened to where a joint already is."""
    low = np.minimum(limits.lower, start) - _POSITION
    return low, np.maximum(limits.upper, start) + _POSITION


def _check_names_and_values(trajectory: JointTrajectory, limits: Limits) -> None:
    if trajectory.names != limits.names:
        raise RejectedTrajectory(
            f"the trajectory has joints {list(trajectory.names)}, want {list(limits.names)}. "
            "Check the robot of its sender."
        )
    for what in ("times", "positions", "velocities", "accelerations"):
        values = getattr(trajectory, what)
        if values is None or not np.isfinite(values).all():
            raise RejectedTrajectory(
                f"the trajectory's {what} are missing or not finite. Check what it was made of."
            )


def _check_meeting(
    trajectory: JointTrajectory, running: JointTrajectory, now: float, switch: float
) -> None:
    times = np.linspace(now, switch, 5)
    gap = np.abs(sample_all(trajectory, times) - sample_all(running, times))  # (4, 5, J)
    for order, allowed in ((0, _SAME_POSITION), (1, _SAME_VELOCITY)):
        if gap[order].max() > allowed:
            joint = int(gap[order].max(axis=0).argmax())
            raise RejectedTrajectory(
                f"{trajectory.names[joint]} would step by {gap[order].max():.3g} {_UNITS[order]} "
                f"from the running trajectory, want at most {allowed} {_UNITS[order]}. "
                "Start from what is being commanded."
            )


def _check_limits(
    trajectory: JointTrajectory, limits: Limits, running: JointTrajectory, now: float
) -> None:
    parts = math.ceil(float(np.diff(trajectory.times).max()) / _INSPECTED)
    times, values = sample_segments(trajectory, parts)  # (S, P), (4, S, P, J)
    low, high = _allowed(limits, sample_all(running, np.array([now]))[0, 0])
    rates = np.stack([limits.velocity, limits.acceleration, limits.jerk])
    outside = np.empty(values.shape, bool)
    outside[0] = (values[0] < low) | (values[0] > high)
    outside[1:] = np.abs(values[1:]) > (1 + _RELATIVE) * rates[:, None, None]
    if not outside.any():
        return
    order, segment, part, joint = np.unravel_index(outside.argmax(), outside.shape)
    allowed = f"{low[joint]:.4g} to {high[joint]:.4g}"
    if order:
        allowed = f"at most {rates[order - 1, joint]:.4g}"
    raise RejectedTrajectory(
        f"{trajectory.names[joint]} would have {_WHAT[order]} "
        f"{values[order, segment, part, joint]:.4g} {_UNITS[order]}, "
        f"{times[segment, part] - now:.3f} s from now, want {allowed} {_UNITS[order]}. "
        "Ask for slower or nearer targets."
    )


def _check_end(trajectory: JointTrajectory) -> None:
    for order, values in ((1, trajectory.velocities), (2, trajectory.accelerations)):
        fastest = 0.0 if values is None else float(np.abs(values[-1]).max())
        if fastest > 0.0:
            raise RejectedTrajectory(
                f"the trajectory ends with {_WHAT[order]} {fastest:.4g} {_UNITS[order]}, want 0. "
                "End it at rest."
            )
