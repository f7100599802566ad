"""What an arm's driver tells and is told, once per tick of the arm's loop.

Shapes: J joints and G grippers of the robot, in its own order.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointSample


@dataclass(frozen=True, kw_only=True, eq=False)
class ArmReading:
    """What was measured.

    joints: (J,) [rad], [rad/s]; accelerations are zero where nobody measures them.
    effort: (J,) [Nm], or None where the robot does not say.
    grippers: (G,) positions of the first finger of each [m].
    gripper_effort: (G,) [N], or None.
    """

    joints: JointSample
    grippers: np.ndarray
    effort: np.ndarray | None = None
    gripper_effort: np.ndarray | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ArmCommand:
    """What leaves the gate.

    joints: (J,) positions [rad] to be at now, with the velocities and accelerations they have.
    grippers: (G,) positions of the first finger of each [m].
    gripper_effort: (G,) [N] the most to press with, where the robot can be told.
    """

    joints: JointSample
    grippers: np.ndarray
    gripper_effort: np.ndarray
