"""Torques beside the motors' springs: the robot's weight, and what a motion's end lacks.

The springs are soft: 1 Nm that the model does not know, of friction or of a load in the hand, bends
a shoulder's by 12 mrad. At rest each group settles apart, so that one arm's motion does not let go
of the other.

Shapes: J, the 29 joints.
"""

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.settling import Settling
from handiwork.drivers.unitree.arm_sdk import SERVED, STIFFNESS
from handiwork.robots.dynamics import Gravity
from handiwork.robots.g1 import G1

_MOST = 0.02  # [rad] of a spring's bending that settling makes up for, at its stiffness


class FeedForward:
    """For an upright pelvis. Begins at the weight alone."""

    def __init__(self, gravity: Gravity, period: float) -> None:
        """period: of the loop [s]."""
        self._gravity = gravity
        self._settling = [
            (columns, Settling(STIFFNESS[columns], _MOST * STIFFNESS[columns], period))
            for columns in (G1.columns(group) for group in SERVED.groups)
        ]

    def step(self, wanted: JointSample, measured: JointSample) -> np.ndarray:
        """One tick: (J,) [Nm]."""
        torques = self._gravity.torques(wanted.position)
        for columns, settling in self._settling:
            torques[columns] += settling.step(_of(wanted, columns), _of(measured, columns))
        return torques


def _of(sample: JointSample, columns: np.ndarray) -> JointSample:
    return JointSample(
        sample.position[columns], sample.velocity[columns], sample.acceleration[columns]
    )
