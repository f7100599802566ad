"""The motors of a WidowX 250s as xs_sdk names them, and what their registers say.

Source: wx250s.yaml of interbotix_xsarm_control (interbotix_ros_manipulators, branch jazzy):
groups, joint order, shadows (second motors of a joint, which are in no group). ROBOTIS e-manual,
XM430-W350, Hardware Error Status(70) and Shutdown(63): a motor in error has its torque off until
it is rebooted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from handiwork.robots.wx250s import WX250S

_ERRORS = {
    0x01: "input voltage",
    0x04: "overheating",
    0x08: "encoder",
    0x10: "electrical shock",
    0x20: "overload",
}


@dataclass(frozen=True, kw_only=True)
class Motors:
    """What a request to xs_sdk is about: a group or a single motor, and the motors in its order."""

    kind: str  # "group" or "single"
    name: str
    names: tuple[str, ...]


def _single(name: str) -> Motors:
    return Motors(kind="single", name=name, names=(name,))


ARM = Motors(kind="group", name="arm", names=WX250S.names)
GRIPPER = _single("gripper")
ALL = Motors(kind="group", name="all", names=(*WX250S.names, "gripper"))
SHADOWS = (_single("shoulder_shadow"), _single("elbow_shadow"))
WHOLE = (ALL, *SHADOWS)  # every motor once


def in_words(motors: Motors, torque: Sequence[int], errors: Sequence[int]) -> str:
    """Which motors have no torque, and why; empty where all that answered have it.

    torque, errors: registers Torque_Enable and Hardware_Error_Status, one value for each motor
    that answered, in their order.
    """
    codes = [*errors, *[0] * len(motors.names)]
    off = [
        f"{name} ({_error(code)})" if code else name
        for name, on, code in zip(motors.names, torque, codes, strict=False)
        if not on
    ]
    return f"torque is off on {', '.join(off)}" if off else ""


def _error(code: int) -> str:
    return ", ".join(word for bit, word in _ERRORS.items() if code & bit) or f"error {code}"
