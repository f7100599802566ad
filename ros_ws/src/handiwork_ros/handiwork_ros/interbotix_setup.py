"""How a WidowX 250s is taken hold of through xs_sdk: is it the right arm, its modes, its torque.

Commands are carried out as a time profile: each one takes `span` ms, `ramp` of them to gather and
to lose speed. xs_sdk is delivered with 2000 and 300, far too slow to follow 100 commands a second.

The ramp is a quarter of the span. The motor allows up to a half. A new command arriving before the
last is done starts a new profile at the speed reached, so under a stream of commands the motor acts
as a second-order filter with damping (1 - q/2) / (2 sqrt(q (1 - q))), q = ramp / span: at a half it
overshoots by 3 %, at a quarter not at all (damping 1.01). It lags span - ramp / 2 behind.

Setting an operating mode takes every motor's torque away for a moment, so it is only done where
another mode or profile is set; else the two times are written, which moves nothing.

Source: README of interbotix_xs_sdk, OperatingModes.srv and modes.yaml of interbotix_xsarm_control
(branch jazzy); ROBOTIS e-manual, XM430-W350, Profile Velocity(112) (velocity override) and Profile
Acceleration(108) (at most half of it). The filter is ours, from the profile's equations.
"""

import time
from dataclasses import dataclass

import numpy as np
from interbotix_xs_msgs.srv import RobotInfo

from handiwork.robots.wx250s import WX250S
from handiwork_ros.interbotix_link import InterbotixLink
from handiwork_ros.interbotix_motors import ALL, ARM, GRIPPER, SHADOWS, WHOLE, Motors, in_words

GRIPPER_MODES = ("linear_position", "pwm")

_SAME = 1e-4  # [rad], [m] between limits that are the same in 32 bits
_PAUSE = 0.1  # [s] between looks at a motor that reboots


@dataclass(frozen=True, kw_only=True)
class Modes:
    """How the motors carry out commands."""

    span: int = 100  # [ms] that a command takes
    ramp: int = 25  # [ms] of these, to gather and to lose speed
    gripper: str = "linear_position"  # or "pwm"; see interbotix_fingers

    def __post_init__(self) -> None:
        if not 0 <= 2 * self.ramp <= self.span:
            raise ValueError(f"ramp must be at most half of span={self.span}, got {self.ramp}")
        if self.gripper not in GRIPPER_MODES:
            raise ValueError(f"gripper must be one of {GRIPPER_MODES}, got {self.gripper!r}")


def take_hold(link: InterbotixLink, modes: Modes) -> None:
    """The arm holds its place and follows commands from now on.

    Raises:
        DriverFailed: xs_sdk does not answer, drives another robot, or a motor has no torque.
    """
    arm, gripper = link.info(ARM), link.info(GRIPPER)
    _check_robot(link, arm, gripper)
    _torque_on(link)  # first: a motor that still boots would miss its modes
    _set_modes(link, ARM, arm, "position", modes)
    _set_modes(link, GRIPPER, gripper, modes.gripper, modes)


def reboot_failed(link: InterbotixLink) -> None:
    """Reboot the motors that are in error; those hold nothing until they have torque again."""
    link.reboot(ALL)
    for motor in SHADOWS:
        if any(link.get(motor, "Hardware_Error_Status")):
            link.reboot(motor)


def _check_robot(
    link: InterbotixLink, arm: RobotInfo.Response, gripper: RobotInfo.Response
) -> None:
    fingers = WX250S.group().gripper
    assert fingers is not None  # the arm has one
    _check(link, arm, WX250S.names, WX250S.lower, WX250S.upper)
    # Asked for the gripper, xs_sdk tells of its left finger.
    lower, upper = np.array([fingers.lower]), np.array([fingers.upper])
    _check(link, gripper, fingers.joints[:1], lower, upper)


def _check(
    link: InterbotixLink,
    told: RobotInfo.Response,
    names: tuple[str, ...],
    lower: np.ndarray,
    upper: np.ndarray,
) -> None:
    fix = "Start xs_sdk with robot_model:=wx250s, or name another namespace as the address."
    if tuple(told.joint_names) != names:
        found = ", ".join(told.joint_names) or "none"
        what = f"its joints are {found}, want {', '.join(names)}"
        raise link.failed("not there", what, fix)
    for limits, want in ((told.joint_lower_limits, lower), (told.joint_upper_limits, upper)):
        # Without a robot description xs_sdk tells no limits.
        if len(limits) and not np.allclose(limits, want, atol=_SAME, rtol=0):
            what = f"its limits are {list(map(float, limits))}, want {want.tolist()}"
            raise link.failed("not there", what, fix)


def _set_modes(
    link: InterbotixLink, motors: Motors, told: RobotInfo.Response, mode: str, modes: Modes
) -> None:
    if (told.mode, told.profile_type) != (mode, "time"):
        link.set_modes(motors, mode, modes.span, modes.ramp)
    else:
        link.set(motors, "Profile_Velocity", modes.span)
        link.set(motors, "Profile_Acceleration", modes.ramp)


def _torque_on(link: InterbotixLink) -> None:
    """Where it is off; a motor that reboots answers and holds only after a while."""
    give_up = time.monotonic() + link.timeout
    while off := [motors for motors in WHOLE if not _holds(link, motors)]:
        if time.monotonic() > give_up:
            raise link.failed("fault", _state(link, off[0]), "Clear the cause, then enable it.")
        for motors in off:
            link.torque_on(motors)
        time.sleep(_PAUSE)


def _holds(link: InterbotixLink, motors: Motors) -> bool:
    """Whether all of them answer and have torque."""
    torque = link.get(motors, "Torque_Enable")
    return len(torque) == len(motors.names) and all(torque)


def _state(link: InterbotixLink, motors: Motors) -> str:
    torque, errors = (link.get(motors, name) for name in ("Torque_Enable", "Hardware_Error_Status"))
    return in_words(motors, torque, errors) or f"{motors.kind} {motors.name} does not answer"
