"""The WidowX AI on its maker's package: position mode, every target applied at once.

The maker's controller neither smooths nor checks what it is sent in this mode, so only what left
the gate may come here. Letting go puts the joints into idle mode: the arm sinks, so support it.

Source: trossen_arm 1.11.0 (set_all_positions: goal_time of at most 1 ms means no interpolation;
cleanup sets idle mode), which its own ROS driver uses in the same way. The link counts as lost
where the package says so or where its telemetry stands still: UDP that stops is not always
reported.
"""

import time
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.newest import Newest
from handiwork.errors import DriverFailed
from handiwork.robots.wxai import WXAI

_WIRE = ("TCP", "UDP", "connect", "timed out", "timeout")  # words of the package's link errors
_PAUSE = 0.002  # [s] between readings; one takes 0.6 to 10 ms, as the link goes
_FIX = "Check the arm's power and cable, then enable it."


@dataclass(frozen=True, kw_only=True)
class TrossenConfig:
    """Where the arm is and how patient we are."""

    address: str = "192.168.1.2"  # as delivered
    rate: float = 200.0  # [Hz]
    timeout: float = 3.0  # [s] for the arm to answer at all
    stale: float = 0.1  # [s] without new telemetry: the link is lost

    def __post_init__(self) -> None:
        if min(self.rate, self.timeout, self.stale) <= 0:
            raise ValueError(f"rate, timeout and stale must be positive, got {self}")


class TrossenDriver:
    """One WidowX AI with the follower's gripper."""

    names = WXAI.names
    grippers = ("arm",)

    def __init__(self, config: TrossenConfig | None = None) -> None:
        self._config = config or TrossenConfig()
        self.rate = self._config.rate
        self._package: ModuleType | None = None
        self._wire: Any = None
        self._stamp = -1  # [us] of the newest telemetry
        self._heard = 0.0  # [s] when it came

    def connect(self) -> None:
        """Position mode, holding where it is."""
        self._configure(clear_error=False)

    def recover(self) -> None:
        """Clear the controller's error and begin anew."""
        self.close()
        self._configure(clear_error=True)

    def read(self) -> ArmReading:
        """What the arm said last."""
        try:
            output = self._newest.get()
        except Exception as error:
            raise self._failed(error) from error
        self._check_fresh(output.header.timestamp)
        all_joints = output.joint.all
        position = np.array(all_joints.positions)
        velocity = np.array(all_joints.velocities)
        effort = np.array(all_joints.efforts)
        return ArmReading(
            joints=JointSample(position[:-1], velocity[:-1], np.zeros(len(self.names))),
            effort=effort[:-1],
            grippers=position[-1:],
            gripper_effort=effort[-1:],
        )

    def write(self, command: ArmCommand) -> None:
        """Aim all joints at once. What the gripper presses with is the controller's own limit."""
        assert self._package is not None  # connected
        goal = self._package.VectorDouble([*command.joints.position, *command.grippers])
        try:
            self._wire.set_all_positions(goal, 0.0, False)
        except Exception as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Idle mode and no link."""
        if self._wire is not None:
            self._newest.stop()
            self._wire.cleanup()  # logs what it cannot do, and raises nothing
            self._wire = None

    def _configure(self, clear_error: bool) -> None:
        self._package = package = _trossen_arm()
        wire = package.TrossenArmDriver()
        wire.set_log_level(package.LogLevel.error)
        try:
            wire.configure(
                package.Model.wxai_v0,
                package.StandardEndEffector.wxai_v0_follower,
                self._config.address,
                clear_error,
                self._config.timeout,
            )
            wire.set_all_modes(package.Mode.position)
            self._newest = Newest(wire.get_robot_output, _PAUSE)
        except Exception as error:
            raise self._failed(error, absent=True) from error
        self._wire = wire
        self._stamp, self._heard = -1, time.monotonic()

    def _check_fresh(self, stamp: int) -> None:
        now = time.monotonic()
        if stamp != self._stamp:
            self._stamp, self._heard = stamp, now
        elif now - self._heard > self._config.stale:
            age = now - self._heard
            raise DriverFailed(
                self._name(), "link lost", f"nothing was heard of it for {age:.3f} s", _FIX
            )

    def _failed(self, error: Exception, absent: bool = False) -> DriverFailed:
        """The package's error in our words; it raises RuntimeError and LogicError of its own."""
        first = str(error).splitlines()[0].rstrip(".")
        on_wire = any(word in first for word in _WIRE)
        if absent and on_wire:
            return DriverFailed(self._name(), "not there", first, "Check its address and power.")
        if on_wire:
            return DriverFailed(self._name(), "link lost", first, _FIX)
        return DriverFailed(self._name(), "fault", first, "Clear the cause, then enable the arm.")

    def _name(self) -> str:
        return f"WidowX AI at {self._config.address}"


def _trossen_arm() -> ModuleType:
    """The maker's package, which only this driver needs."""
    try:
        return import_module("trossen_arm")
    except ImportError:
        raise DriverFailed(
            "WidowX AI",
            "not there",
            "the package trossen_arm is not installed",
            "pip install trossen_arm",
        ) from None
