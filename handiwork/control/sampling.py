"""The value of a joint trajectory at any time, as a joint trajectory controller interpolates it.

Shapes: N points, S = N - 1 segments, J joints, T times.
"""

import numpy as np

from handiwork.control.compiled_quintics import extremes, values_at, values_within
from handiwork.control.joint_trajectory import JointSample, JointTrajectory


def sample(trajectory: JointTrajectory, time: float) -> JointSample:
    """The state at `time` [s]: the first point before the start, at rest after the end."""
    if time >= trajectory.end or len(trajectory.times) == 1:
        return JointSample.at_rest(trajectory.positions[-1])
    state = np.empty((3, 1, len(trajectory.names)))
    values_at(trajectory.knots, trajectory.coefficients, np.array([time]), state)
    return JointSample(*state[:, 0])


def sample_all(trajectory: JointTrajectory, times: np.ndarray) -> np.ndarray:
    """Positions, velocities, accelerations and jerks at (T,) times -> (4, T, J).

    Times outside the trajectory are taken as its first and last instant.
    """
    values = np.zeros((4, len(times), len(trajectory.names)))
    if len(trajectory.times) == 1:
        values[0] = trajectory.positions
        return values
    values_at(trajectory.knots, trajectory.coefficients, np.ascontiguousarray(times, float), values)
    return values


def sample_segments(trajectory: JointTrajectory, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Each of the S segments at both ends and evenly between: times (S, parts + 1) and values
    (4, S, parts + 1, J) of positions, velocities, accelerations, jerks.

    At a point where two segments meet, both of their values are there.
    """
    shape = (len(trajectory.times) - 1, parts + 1)
    times, values = np.empty(shape), np.empty((4, *shape, len(trajectory.names)))
    values_within(trajectory.knots, trajectory.coefficients, times, values)
    return times, values


def sample_extremes(trajectory: JointTrajectory, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """The least and the greatest (4, J) of the values that `sample_segments` gives."""
    lowest, highest = np.empty((2, 4, len(trajectory.names)))
    extremes(trajectory.knots, trajectory.coefficients, parts, lowest, highest)
    return lowest, highest
