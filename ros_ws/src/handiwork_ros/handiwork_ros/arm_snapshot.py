"""One tick of an arm's loop as others see it, and a controller's share of the robot's joints.

Shapes: J joints and G grippers of the robot.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.control.arm_values import ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.control.trajectory_controller import TrajectoryController
from handiwork.safety import GatedCommand


@dataclass(frozen=True, kw_only=True, eq=False)
class ArmSnapshot:
    """One tick: what was measured at `stamp` [s] of the loop's clock, wanted and sent."""

    stamp: float
    reading: ArmReading
    reference: JointSample
    sent: GatedCommand
    grippers: np.ndarray  # (G,) commanded [m]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A controller and where its joints stand among the robot's."""

    controller: TrajectoryController
    columns: np.ndarray

    def of(self, sample: JointSample) -> JointSample:
        """The part's share of J joints."""
        at = self.columns
        return JointSample(sample.position[at], sample.velocity[at], sample.acceleration[at])
