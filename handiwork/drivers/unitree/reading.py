"""What a LowState says of a G1's joints, and what is wrong with its motors.

Source of the flags: Unitree's G1 developer guide, "Common mistakes and definitions", motor status
information; zero means well. Their temperature limits are the motors' own.
"""

import numpy as np

from handiwork.control.arm_values import ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.g1 import G1

_JOINTS = len(G1.joints)
_FLAGS = {
    0x1: "overcurrent",
    0x2: "transient overvoltage",
    0x4: "lasting overvoltage",
    0x8: "transient undervoltage",
    0x10: "a hot chip",
    0x20: "a MOSFET too hot or too cold",
    0x40: "a wrong MOSFET temperature",
    0x80: "a shell too hot or too cold",
    0x100: "a wrong shell temperature",
    0x200: "a hot winding",
    0x400: "an error of rotor encoder 1",
    0x800: "an error of rotor encoder 2",
    0x1000: "an error of the output encoder",
    0x2000: "broken calibration or boot data",
    0x4000: "an unexpected reset",
    0x8000: "a locked motor",
    0x10000: "a chip that is not verified",
    0x20000: "calibration mode",
    0x40000: "broken communication",
    0x80000: "too old a firmware",
    0x40000000: "that the computer went silent",
    0x80000000: "that it is offline",
}


def reading_of(state: np.ndarray) -> ArmReading:
    """All 29 joints of a () record of `LOW_STATE`, whose motors stand in the robot's order."""
    motors = state["motor_state"][:_JOINTS]
    return ArmReading(
        joints=JointSample(
            motors["q"].astype(float), motors["dq"].astype(float), motors["ddq"].astype(float)
        ),
        effort=motors["tau_est"].astype(float),
        grippers=np.zeros(0),
    )


def motor_fault(state: np.ndarray) -> str | None:
    """What the first motor that is not well reports; None where all are."""
    flags = state["motor_state"]["motorstate"][:_JOINTS]
    if not flags.any():
        return None
    index = int(np.flatnonzero(flags)[0])
    code = int(flags[index])
    known = [meaning for flag, meaning in _FLAGS.items() if code & flag]
    return f"{G1.names[index]} reports {' and '.join(known) or 'an error'} (0x{code:x})"
