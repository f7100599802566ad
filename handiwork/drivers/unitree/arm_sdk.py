"""What goes out on rt/arm_sdk: arms and waist at a weight, never the legs.

The robot runs kp (q - measured) + kd (dq - measured) + tau on each motor, weighed against what its
own controller wants: weight 0 is the robot's own posture, 1 is ours. The weight travels as the
position of a 30th motor.

Source: unitree_sdk2, example/g1/high_level/g1_arm7_sdk_dds_example.cpp (order, weight). Gains: of
the arms Unitree's xr_teleoperate, robot_arm.py, which drives them at 250 Hz; of the waist four
times 60 and 1.5, as in unitree_ros2, example/src/src/g1/high_level/g1_arm_sdk_dds_example.cpp.
"""

from dataclasses import replace

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.unitree.layout import LOW_CMD
from handiwork.robots.g1 import G1

SERVED = replace(G1, groups=tuple(group for group in G1.groups if "leg" not in group.name))
COMMANDED = slice(12, 29)  # waist, left arm, right arm among the motors
_WEIGHT = 29
_ENABLED = 1
_WAIST, _ARM, _WRIST = (240.0, 6.0), (80.0, 3.0), (40.0, 1.5)
_GAINS = np.array([*3 * [_WAIST], *2 * [*4 * [_ARM], *3 * [_WRIST]]])  # (17, 2)
STIFFNESS = np.concatenate([np.zeros(12), _GAINS[:, 0]])  # (29,) [Nm/rad]


def arm_command(
    state: np.ndarray, joints: JointSample, torques: np.ndarray, weight: float
) -> np.ndarray:
    """() record of `LOW_CMD`, sealed, for a robot in () `state` of `LOW_STATE`.

    joints, torques: of all 29 joints, [rad], [rad/s], [Nm]; those of the legs are not sent.
    """
    command = LOW_CMD.blank()
    command["mode_pr"], command["mode_machine"] = state["mode_pr"], state["mode_machine"]
    motors = command["motor_cmd"]
    motors["q"][_WEIGHT] = weight
    motors["mode"][COMMANDED] = _ENABLED
    motors["q"][COMMANDED] = joints.position[COMMANDED]
    motors["dq"][COMMANDED] = joints.velocity[COMMANDED]
    motors["tau"][COMMANDED] = torques[COMMANDED]
    motors["kp"][COMMANDED], motors["kd"][COMMANDED] = _GAINS.T
    return LOW_CMD.sealed(command)
