"""A small arm with known limits, and what to make of its commands."""

import numpy as np

from handiwork.control.blending import at_rest, depart, join
from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.limits import Limits
from handiwork.safety.limited_motion import LimitedMotion
from handiwork.safety.pursuit import Motion

LIMITS = Limits(
    names=("turn", "lift", "wrist"),
    lower=np.array([-3.0, 0.0, -0.4]),
    upper=np.array([3.0, 2.0, 0.4]),
    velocity=np.array([3.0, 2.0, 7.0]),
    acceleration=np.array([20.0, 10.0, 30.0]),
    jerk=np.array([1000.0, 5000.0, 1500.0]),
)
HOME = np.array([0.0, 1.0, 0.0])


def as_motion(sample: JointSample) -> Motion:
    return Motion(sample.position.tolist(), sample.velocity.tolist(), sample.acceleration.tolist())


def wandering(draws: np.random.Generator, rows: int = 6) -> JointTrajectory:
    """A lawful motion to random places, some outside the limits, as the executor makes it."""
    start = draws.uniform(LIMITS.lower, LIMITS.upper)
    places = draws.uniform(LIMITS.lower - 0.3, LIMITS.upper + 0.3, (rows, len(start)))
    times = 0.05 + np.cumsum(draws.uniform(0.05, 0.4, rows))
    return join(
        depart(at_rest(LIMITS.names, start, 0.0), 0.0, 0.03), times, places, LIMITS
    ).trajectory


def stopped(motion: LimitedMotion, tick: float) -> list[list[float]]:
    """Positions on the way to rest."""
    positions = []
    while not motion.resting:
        motion.brake(tick)
        positions.append(motion.sent.position)
        assert len(positions) * tick < 2.0
    return positions
