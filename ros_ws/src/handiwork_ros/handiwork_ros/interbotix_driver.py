"""The WidowX 250s through Interbotix's xs_sdk, which owns the motors: position mode, time profile.

xs_sdk neither smooths beyond its profile nor checks limits (its README says so), so only what left
the gate may come here. Letting go leaves the arm where it is, held by its motors for as long as
xs_sdk runs; the short profile stays as well, so restart xs_sdk before driving it by other means.

Source: interbotix_ros_core and interbotix_ros_manipulators, branch jazzy (2025-01); see
interbotix_setup, interbotix_fingers and interbotix_watch.
"""

import time
from dataclasses import dataclass, field

from rclpy.context import Context

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.errors import DriverFailed
from handiwork.robots.wx250s import WX250S
from handiwork_ros.interbotix_fingers import LinearFingers, PwmFingers
from handiwork_ros.interbotix_link import InterbotixLink
from handiwork_ros.interbotix_setup import Modes, reboot_failed, take_hold
from handiwork_ros.interbotix_states import InterbotixStates
from handiwork_ros.interbotix_watch import TorqueWatch

_PAUSE = 0.01  # [s] between looks at what is waited for


@dataclass(frozen=True, kw_only=True)
class InterbotixConfig:
    """Where xs_sdk is and how patient we are."""

    namespace: str = "wx250s"  # xs_sdk's robot_name, which is its robot_model unless told otherwise
    rate: float = 100.0  # [Hz] as often as xs_sdk reads the motors
    modes: Modes = field(default_factory=Modes)
    discovery: float = 10.0  # [s] for ROS to find xs_sdk: seconds on a busy machine
    timeout: float = 3.0  # [s] for a service to answer
    stale: float = 0.1  # [s] without new joint_states: the link is lost
    watch: float = 1.0  # [s] between looks at the torque

    def __post_init__(self) -> None:
        if min(self.rate, self.discovery, self.timeout, self.stale, self.watch) <= 0:
            raise ValueError(f"rate and times must be positive, got {self}")


class InterbotixDriver:
    """One WidowX 250s with its gripper."""

    names = WX250S.names
    grippers = ("arm",)

    def __init__(
        self, config: InterbotixConfig | None = None, context: Context | None = None
    ) -> None:
        """context: ROS's, where it is not the default one."""
        self._config = config or InterbotixConfig()
        self._context = context
        self.rate = self._config.rate
        self._states = InterbotixStates()
        self._link: InterbotixLink | None = None
        self._watch: TorqueWatch | None = None

    def connect(self) -> None:
        """Set the modes and hold where it is."""
        self.close()
        try:
            self._take(reboot=False)
        except DriverFailed:
            self.close()
            raise

    def recover(self) -> None:
        """Reboot the motors that are in error and begin anew.

        The link stays: ROS takes up to seconds to find what is new.
        """
        self._take(reboot=True)

    def read(self) -> ArmReading:
        """What xs_sdk said last."""
        link, watch, newest = self._link, self._watch, self._states.newest
        assert link is not None
        assert watch is not None
        assert newest is not None  # connected
        if watch.fault:
            raise link.failed("fault", watch.fault, "Support the arm, then enable it.")
        age = time.monotonic() - newest.at
        if age > self._config.stale:
            what = f"no joint_states that can be believed for {age:.3f} s"
            raise link.failed("link lost", what, "Check xs_sdk, power and cable, then enable it.")
        return newest.reading

    def write(self, command: ArmCommand) -> None:
        """Aim all joints, and the gripper where its goal has changed."""
        newest = self._states.newest
        assert self._link is not None
        assert newest is not None  # connected
        self._link.aim_arm(command.joints.position.tolist())
        self._fingers.aim(
            float(command.grippers[0]),
            float(newest.reading.grippers[0]),
            float(command.gripper_effort[0]),
        )

    def close(self) -> None:
        """Leave the arm to xs_sdk."""
        if self._link is not None:
            self._link.close()
            self._link = self._watch = None

    def _take(self, reboot: bool) -> None:
        if self._watch is not None:
            self._watch.stop()
        config = self._config
        link = self._link = self._link or InterbotixLink(
            config.namespace, config.discovery, config.timeout, self._states.hear, self._context
        )
        if reboot:
            reboot_failed(link)
        take_hold(link, config.modes)
        self._wait(link)
        self._watch = TorqueWatch(link, config.watch)
        linear = config.modes.gripper == "linear_position"
        self._fingers = LinearFingers(link) if linear else PwmFingers(link)

    def _wait(self, link: InterbotixLink) -> None:
        """For new joint_states, and for xs_sdk to hear commands."""
        begin = time.monotonic()
        while not (link.hears_commands and self._heard_since(begin)):
            if time.monotonic() > begin + self._config.discovery:
                what = f"no joint_states that can be believed within {self._config.discovery} s"
                raise link.failed("not there", what, "Check the arm's power and cable.")
            time.sleep(_PAUSE)

    def _heard_since(self, begin: float) -> bool:
        newest = self._states.newest
        return newest is not None and newest.at > begin
