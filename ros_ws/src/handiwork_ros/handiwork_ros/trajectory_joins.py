"""How smoothly trajectories that replace each other join: what a controller would see of a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.sampling import sample

LOOKS = 8  # instants at which two trajectories are compared, up to where they part
SAME_START = 1e-6  # [s]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """The largest difference of position [rad] and of velocity [rad/s], over so many joins."""

    position: float
    velocity: float
    count: int


def largest_steps(trajectories: Sequence[JointTrajectory], switches: Sequence[float]) -> Steps:
    """Of trajectories in the order in which they were sent, each on its predecessor.

    A controller takes a trajectory up at once when it comes, so from its first point to `switches`,
    the times at which one departs from the one before it [s], both must say the same.
    """
    position = velocity = 0.0
    count = 0
    for before, after in pairwise(trajectories):
        parting = [time for time in switches if after.start - SAME_START <= time <= after.end]
        if not parting or after.start >= before.end:
            continue
        count += 1
        for time in np.linspace(after.start, parting[0], LOOKS):
            old, new = sample(before, time), sample(after, time)
            position = max(position, float(np.abs(old.position - new.position).max()))
            velocity = max(velocity, float(np.abs(old.velocity - new.velocity).max()))
    return Steps(position=position, velocity=velocity, count=count)
