"""Which trajectories a joint trajectory controller accepts, and the trajectory it makes of them.

The rules are the same for a topic message and an action goal. One is stricter than the original:
values that are not finite are rejected too.

Source: joint_trajectory_controller (ros2_controllers, branches jazzy and kilted),
validate_trajectory_msg, fill_partial_goal and sort_to_local_joint_order.
Shapes: N points, J joints of the controller.
"""

import math
from collections.abc import Sequence

import numpy as np

from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.trajectory_request import TrajectoryPoint, TrajectoryRequest
from handiwork.errors import RejectedTrajectory

_STILL = float(np.finfo(np.float32).eps)  # [rad/s] the original's idea of zero


def check_names(request: TrajectoryRequest, joints: Sequence[str], partial: bool) -> None:
    """Every name known, none twice, and all joints there unless a part is allowed."""
    names = request.names
    listed = ", ".join(joints)
    if not names:
        raise RejectedTrajectory(f"the trajectory names no joints, want {listed}. Name its joints.")
    unknown = [name for name in names if name not in joints]
    if unknown:
        raise RejectedTrajectory(
            f"the trajectory names unknown joints {unknown}, want {listed}. Check its sender."
        )
    if len(set(names)) != len(names):
        raise RejectedTrajectory(
            f"the trajectory names a joint twice: {list(names)}. Name it once."
        )
    missing = [name for name in joints if name not in names]
    if missing and not partial:
        raise RejectedTrajectory(
            f"the trajectory lacks joints {missing}, want {listed}. "
            "Add them or set allow_partial_joints_goal."
        )


def check_points(request: TrajectoryRequest, moving_end: bool) -> None:
    """Points there, of the right sizes, in order, finite, and at rest at the end."""
    if not request.points:
        raise RejectedTrajectory("the trajectory has no points, want at least 1. Add points.")
    previous = -math.inf
    for index, point in enumerate(request.points):
        _check_point(point, index, len(request.names))
        if point.time_from_start <= previous:
            raise RejectedTrajectory(
                f"point {index} has time_from_start {point.time_from_start} s after {previous} s, "
                "want strictly increasing times. Check the planner's time stamps."
            )
        previous = point.time_from_start
    fastest = max((abs(v) for v in request.points[-1].velocities), default=0.0)
    if fastest > _STILL and not moving_end:
        raise RejectedTrajectory(
            f"the last point moves at {fastest:.4g} rad/s, want 0. "
            "End at rest or set allow_nonzero_velocity_at_trajectory_end."
        )


def check_time(request: TrajectoryRequest, now: float) -> None:
    """A stamped trajectory must end in the future; stamp 0 means now."""
    end = request.stamp + request.points[-1].time_from_start
    if request.stamp and end < now:
        raise RejectedTrajectory(
            f"the trajectory ended {now - end:.3f} s ago, want an end in the future. "
            "Check that its stamp is on the controller's clock."
        )


def to_trajectory(
    request: TrajectoryRequest, joints: tuple[str, ...], now: float, arrival: JointSample
) -> JointTrajectory:
    """The trajectory to follow, in the controller's joint order.

    Before the first point it leads there from the state at arrival; joints that the request does
    not name stay where they are. A first point at or before `now` lets nothing come before it.
    """
    times = (request.stamp or now) + np.array([p.time_from_start for p in request.points])
    columns = [joints.index(name) for name in request.names]
    positions = np.tile(arrival.position, (len(times), 1))  # (N, J)
    positions[:, columns] = [point.positions for point in request.points]
    velocities = _derivative([p.velocities for p in request.points], columns, len(joints))
    accelerations = _derivative([p.accelerations for p in request.points], columns, len(joints))
    if times[0] > now:
        times = np.concatenate([[now], times])
        positions = np.vstack([arrival.position, positions])
        velocities = np.vstack([arrival.velocity, velocities])
        accelerations = np.vstack([arrival.acceleration, accelerations])
    return JointTrajectory(
        names=joints,
        times=times,
        positions=positions,
        velocities=velocities,
        accelerations=accelerations,
    )


def _check_point(point: TrajectoryPoint, index: int, size: int) -> None:
    if point.effort:
        raise RejectedTrajectory(
            f"point {index} has effort, but no effort interface is claimed. Send positions."
        )
    if len(point.positions) != size:
        raise RejectedTrajectory(
            f"point {index} has {len(point.positions)} positions for {size} joints, want {size}. "
            "Check its sender."
        )
    for what in ("velocities", "accelerations"):
        got = len(getattr(point, what))
        if got not in (0, size):
            raise RejectedTrajectory(
                f"point {index} has {got} {what} for {size} joints, want 0 or {size}. "
                "Check its sender."
            )
    values = (point.time_from_start, *point.positions, *point.velocities, *point.accelerations)
    if not all(map(math.isfinite, values)):
        raise RejectedTrajectory(
            f"point {index} has values that are not finite. Check the sender's inputs."
        )


def _derivative(rows: list[tuple[float, ...]], columns: list[int], joints: int) -> np.ndarray:
    """(N, J), zero for joints that are not named, a row of NaN where a point says nothing."""
    result = np.zeros((len(rows), joints))
    for target, row in zip(result, rows, strict=True):
        if row:
            target[columns] = row
        else:
            target[:] = np.nan
    return result
