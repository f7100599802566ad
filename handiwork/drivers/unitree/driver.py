"""The Unitree G1's arms and waist on rt/arm_sdk, beside the robot's own balance controller.

Taking over and letting go are weights that fade, since a weight that drops at once drops the arms.
After a failure the weight stays where it was, and the robot holds what it was told last.

Source: unitree_sdk2's arm_sdk example, xr_teleoperate (250 Hz, fading within 2 s), and unitree_ros2
(lowstate at 500 Hz).
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.unitree.arm_sdk import arm_command
from handiwork.drivers.unitree.feed_forward import FeedForward
from handiwork.drivers.unitree.network import Network
from handiwork.drivers.unitree.reading import reading_of
from handiwork.drivers.unitree.states import States, failed
from handiwork.errors import DriverFailed
from handiwork.robots.dynamics import Gravity
from handiwork.robots.g1 import G1

_POLL = 0.01  # [s] while waiting for the first state


@dataclass(frozen=True, kw_only=True)
class UnitreeConfig:
    """Where the robot is and how patient we are."""

    network: Network = field(default_factory=Network)
    rate: float = 250.0  # [Hz]
    timeout: float = 5.0  # [s] for the robot to be found
    stale: float = 0.1  # [s] without a new state: the link is lost
    fade: float = 2.0  # [s] for the weight from 0 to 1 and back

    def __post_init__(self) -> None:
        if not 50 <= self.rate <= 250:
            raise ValueError(f"rate must be from 50 to 250 Hz, got {self.rate}")
        if min(self.timeout, self.stale, self.fade) <= 0:
            raise ValueError(f"timeout, stale and fade must be positive, got {self}")


class UnitreeDriver:
    """A G1 with 29 joints. It reads all of them and commands those of the arms and the waist."""

    names = G1.names
    grippers: tuple[str, ...] = ()

    def __init__(self, config: UnitreeConfig | None = None) -> None:
        self._config = config or UnitreeConfig()
        self.rate = self._config.rate
        self._link: Any = None
        self._states: States | None = None
        self._weight = 0.0  # that was sent last

    def connect(self) -> None:
        """Take over within `fade` seconds, holding where the robot is."""
        self._gravity = Gravity(G1)
        try:
            self._hold()
        except DriverFailed:
            self.close()
            raise

    def recover(self) -> None:
        """Begin anew at the weight that the robot still has; its motors clear their own errors."""
        self._disconnect()
        self._hold()

    def read(self) -> ArmReading:
        """What the robot said last."""
        assert self._states is not None  # connected
        self._state = self._states.newest()
        self._reading = reading_of(self._state)
        return self._reading

    def write(self, command: ArmCommand) -> None:
        """Aim the arms and the waist; they feel the commanded velocity and their own weight."""
        self._joints = command.joints
        self._send()

    def close(self) -> None:
        """Give the arms back to the robot within `fade` seconds."""
        with suppress(DriverFailed):
            if self._link is not None and self._weight:
                self._fade(0.0, self._send_whatever_is_heard)
        self._disconnect()

    def _hold(self) -> None:
        """Connected, at the measured position, at full weight."""
        self._connect()
        self._joints = JointSample.at_rest(self.read().joints.position)
        self._forward = FeedForward(self._gravity, 1 / self.rate)
        self._fade(1.0, self._send_to_a_healthy_robot)

    def _fade(self, weight: float, send: Callable[[], None]) -> None:
        """From the weight that was sent last to this one."""
        steps = max(round(abs(weight - self._weight) * self._config.fade * self.rate), 1)
        for share in np.linspace(self._weight, weight, steps + 1)[1:]:
            self._weight = float(share)
            send()
            time.sleep(1 / self.rate)

    def _send_to_a_healthy_robot(self) -> None:
        self.read()
        self._send()

    def _send_whatever_is_heard(self) -> None:
        with suppress(DriverFailed):
            self.read()
        self._send()

    def _send(self) -> None:
        torques = self._forward.step(self._joints, self._reading.joints)
        command = arm_command(self._state, self._joints, torques, self._weight)
        try:
            self._link.send(command)
        except Exception as error:  # cyclonedds' own
            raise failed(self._config.network, "link lost", str(error)) from error

    def _connect(self) -> None:
        network = self._config.network
        try:
            self._link = link = _link_module().UnitreeLink(network)
            self._find(link)
            self._states = States(link, network, self._config.stale)
        except DriverFailed:
            raise
        except ValueError as error:
            raise failed(network, "fault", str(error)) from error
        except Exception as error:  # cyclonedds' own
            what = f"DDS does not start on that interface ({error})"
            raise failed(network, "not there", what) from error

    def _find(self, link: Any) -> None:
        """Wait until the robot is heard and hears."""
        give_up = time.monotonic() + self._config.timeout
        while link.newest_state() is None or not link.is_heard:
            if time.monotonic() > give_up:
                what = "it does not listen to rt/arm_sdk"
                if link.newest_state() is None:
                    what = f"it said nothing on rt/lowstate for {self._config.timeout} s"
                raise failed(self._config.network, "not there", what)
            time.sleep(_POLL)

    def _disconnect(self) -> None:
        """No link, whatever the weight."""
        if self._states is not None:
            self._states.stop()
            self._states = None
        if self._link is not None:
            self._link.close()
            self._link = None


def _link_module() -> Any:
    """The link needs cyclonedds, which only this driver does."""
    try:
        return import_module("handiwork.drivers.unitree.link")
    except ImportError:
        raise DriverFailed(
            "G1", "not there", "the package cyclonedds is not installed", "pip install cyclonedds"
        ) from None
