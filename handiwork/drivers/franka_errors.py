"""What franky and a Franka say when they cannot go on, as our DriverFailed.

Source: exceptions and RobotMode of libfranka, which franky 2.0.0 passes on under the same names.
"""

import re
from typing import Any

from handiwork.errors import DriverFailed

_CLEAR = "Clear the cause, then enable the arm."
_FIXES = {
    "IncompatibleVersionException": "Install the franky-control for its system version "
    "(docs/arm_servers.md).",
    "RealtimeException": "Allow this user real-time priorities (rtprio).",
}


def check_mode(robot: str, state: Any) -> None:
    """state: franky.RobotState.

    Raises:
        DriverFailed: a reflex, a pressed user stop or a hand on the guiding buttons, by its name.
    """
    mode = state.robot_mode.name
    if mode in ("Idle", "Move"):
        return
    errors = re.findall(r"\w+", str(state.current_errors)) or ["no error named"]
    raise DriverFailed(robot, "fault", f"its mode is {mode}: {', '.join(errors)}", _CLEAR)


def as_failure(robot: str, error: Exception, absent: bool) -> DriverFailed:
    """An exception of franky's; absent: while connecting."""
    what = " ".join(str(error).split()).rstrip(".")
    kind = type(error).__name__
    if kind != "NetworkException":
        return DriverFailed(robot, "fault", what, _FIXES.get(kind, _CLEAR))
    if absent:
        fix = "Check its address and power, and that FCI is activated in Desk."
        return DriverFailed(robot, "not there", what, fix)
    return DriverFailed(robot, "link lost", what, "Check its power and cable, then enable it.")
