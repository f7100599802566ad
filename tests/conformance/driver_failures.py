"""What the tests of single drivers share: waiting for a failure, holding, words to an emulator."""

import time

import numpy as np

from handiwork.control.arm_values import ArmCommand
from handiwork.control.joint_trajectory import JointSample
from handiwork.errors import DriverFailed


def failure(driver, patience=5.0):
    """The error that reading raises, within so many seconds."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        try:
            driver.read()
        except DriverFailed as error:
            return error
        time.sleep(0.005)
    raise AssertionError("nothing was raised")


def hold(driver, reading, effort=1.0):
    """One command to stay; effort: of each gripper [N]."""
    joints = JointSample.at_rest(reading.joints.position)
    efforts = np.full(len(reading.grippers), effort)
    driver.write(ArmCommand(joints=joints, grippers=reading.grippers, gripper_effort=efforts))


def tell(process, word):
    """A word to an emulator, on its input."""
    process.stdin.write(f"{word}\n")
    process.stdin.flush()
