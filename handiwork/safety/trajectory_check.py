"""A whole trajectory, between its points too: let go, or refused in one sentence.

Shapes: J joints, T instants, S segments, P instants in each.
"""

import math
from collections.abc import Callable

import numpy as np

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample, sample_all, sample_extremes, sample_segments
from handiwork.errors import RejectedTrajectory
from handiwork.safety.command_audit import allowed_positions
from handiwork.safety.workspace import Workspace

_INSPECTED = 0.01  # [s] between instants at which joints are looked at
_TOOL_INSPECTED = 0.03  # [s] the same for the tool
_RELATIVE = 1e-3  # of a limit, for rounding
_SAME_POSITION, _SAME_VELOCITY = 1e-6, 1e-4  # [rad], [rad/s] where trajectories meet
_UNITS = ("rad", "rad/s", "rad/s^2", "rad/s^3")
_WHAT = ("position", "velocity", "acceleration", "jerk")


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
    lowest, highest = sample_extremes(trajectory, parts)
    low, high = allowed_positions(limits, sample(running, now).position)
    rates = np.stack([limits.velocity, limits.acceleration, limits.jerk])
    most = np.vstack([high, (1 + _RELATIVE) * rates])
    least = np.vstack([low, -(1 + _RELATIVE) * rates])
    if (lowest >= least).all() and (highest <= most).all():
        return
    times, values = sample_segments(trajectory, parts)  # (S, P), (4, S, P, J)
    outside = (values < least[:, None, None]) | (values > most[:, None, None])
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
