"""Several arms with a driver each, driven as the one robot that they are in.

Shapes: J joints and G grippers of all arms, one arm after the other.
"""

from collections.abc import Sequence

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.errors import DriverFailed
from handiwork.ports import ArmDriver
from handiwork.robots.robot import Robot


class SideBySide:
    """What one arm raises, all raise: none moves on without the others."""

    def __init__(self, robot: Robot, drivers: Sequence[ArmDriver]) -> None:
        """drivers: of the arms in the order of the robot's joints, each with its own names."""
        count = sum(len(driver.names) for driver in drivers)
        if count != len(robot.names):
            raise ValueError(f"the drivers have {count} joints, {robot.name} {len(robot.names)}")
        self._drivers = tuple(drivers)
        self.names = robot.names
        self.grippers = tuple(group.name for group in robot.groups if group.gripper is not None)
        self.rate = min(driver.rate for driver in drivers)

    def connect(self) -> None:
        """Take hold of every arm; of none if one is not there."""
        self._each("connect")

    def recover(self) -> None:
        """Of every arm, also of those that did not fail."""
        self._each("recover")

    def read(self) -> ArmReading:
        """What is measured of all arms."""
        readings = [driver.read() for driver in self._drivers]
        joints = [reading.joints for reading in readings]
        return ArmReading(
            joints=JointSample(
                np.concatenate([sample.position for sample in joints]),
                np.concatenate([sample.velocity for sample in joints]),
                np.concatenate([sample.acceleration for sample in joints]),
            ),
            grippers=np.concatenate([reading.grippers for reading in readings]),
            effort=_together([reading.effort for reading in readings]),
            gripper_effort=_together([reading.gripper_effort for reading in readings]),
        )

    def write(self, command: ArmCommand) -> None:
        """To every arm its own share."""
        joint = gripper = 0
        for driver in self._drivers:
            joints = slice(joint, joint := joint + len(driver.names))
            grippers = slice(gripper, gripper := gripper + len(driver.grippers))
            driver.write(
                ArmCommand(
                    joints=JointSample(
                        command.joints.position[joints],
                        command.joints.velocity[joints],
                        command.joints.acceleration[joints],
                    ),
                    grippers=command.grippers[grippers],
                    gripper_effort=command.gripper_effort[grippers],
                )
            )

    def close(self) -> None:
        """Let go of all."""
        for driver in self._drivers:
            driver.close()

    def _each(self, method: str) -> None:
        try:
            for driver in self._drivers:
                getattr(driver, method)()
        except DriverFailed:
            self.close()
            raise


def _together(parts: Sequence[np.ndarray | None]) -> np.ndarray | None:
    known = [part for part in parts if part is not None]
    return np.concatenate(known) if len(known) == len(parts) else None
