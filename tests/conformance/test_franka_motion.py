"""The Franka's driver on franky-sim: joint impedance takes every joint to its place."""

import time

import numpy as np
from arm_servers import franka_emulator

from handiwork.control.arm_values import ArmCommand
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.franka import FrankaConfig, FrankaDriver
from handiwork.robots.fr3 import FR3

SECONDS = 2.0
MOVE = 0.2 * np.array([1.0, 1.0, -1.0, 1.0, -1.0, 1.0, 1.0])  # [rad]


def quintic(start, seconds):
    """From rest to rest by MOVE in SECONDS, and then there."""
    s = min(seconds / SECONDS, 1.0)
    return JointSample(
        start + MOVE * s**3 * (10 - 15 * s + 6 * s**2),
        MOVE / SECONDS * 30 * s**2 * (1 - s) ** 2,
        MOVE / SECONDS**2 * 60 * s * (1 - 3 * s + 2 * s**2),
    )


def test_all_joints_end_within_2_mrad_of_a_2_s_motion():
    with franka_emulator() as address:
        driver = FrankaDriver(FR3, FrankaConfig(address=address, stale=0.5))
        driver.connect()
        reading = driver.read()
        start, error, tick = reading.joints.position, np.inf, 0
        while error > 0.002 and tick < (SECONDS + 3.0) * driver.rate:
            tick += 1  # a step each time, so that a stall of this machine makes none that is larger
            wanted = quintic(start, tick / driver.rate)
            driver.write(
                ArmCommand(joints=wanted, grippers=reading.grippers, gripper_effort=np.zeros(1))
            )
            time.sleep(1 / driver.rate)
            reading = driver.read()
            error = np.abs(start + MOVE - reading.joints.position).max()
        driver.close()
    assert error <= 0.002
