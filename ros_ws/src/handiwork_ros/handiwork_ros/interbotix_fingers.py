"""The gripper of a WidowX 250s: one motor, and two fingers that mirror each other.

In xs_sdk's `linear_position` mode the motor is commanded to a distance between both fingers, twice
the position of the first; how hard it presses is limited by its Goal_PWM. In its `pwm` mode, which
it is delivered with, the motor is told its voltage and nothing holds a position: here it is driven
towards the position until it is near, and for as long as something is in between.

Source: OperatingModes.srv of interbotix_xs_msgs (linear_position is the distance between the
fingers); xsarm_puppet.cpp, which doubles the finger's position; xs_robot/gripper.py of
interbotix_xs_modules (150 PWM moves the fingers, 350 PWM do not overload the motor while it grips);
ROBOTIS e-manual, XM430-W350, Goal PWM(100): a limit in every mode but PWM.
"""

from typing import Protocol

from handiwork.robots.wx250s import WX250S
from handiwork_ros.interbotix_motors import GRIPPER, Motors

_WEAKEST, _STRONGEST = 150, 350  # [PWM], of 885
_NEAR = 0.001  # [m] from the goal where the voltage is taken off
_AWAY = 0.0015  # [m] from the goal where it is put on again


class GripperWire(Protocol):
    """What fingers need of the link to xs_sdk."""

    def aim_gripper(self, value: float) -> None:
        """Command the gripper's motor, in the unit of its mode."""
        ...

    def put(self, motors: Motors, register: str, value: int) -> None:
        """Write a register without waiting for the answer."""
        ...


class LinearFingers:
    """In linear_position mode."""

    def __init__(self, wire: GripperWire) -> None:
        self._wire = wire
        self._wanted: float | None = None
        self._pressure: int | None = None

    def aim(self, wanted: float, measured: float, effort: float) -> None:
        """Send what has changed: positions of the first finger [m], effort [N] at most."""
        if (pressure := _pwm(effort)) != self._pressure:
            self._pressure = pressure
            self._wire.put(GRIPPER, "Goal_PWM", pressure)
        if wanted != self._wanted:
            self._wanted = wanted
            self._wire.aim_gripper(2 * wanted)


class PwmFingers:
    """In pwm mode."""

    def __init__(self, wire: GripperWire) -> None:
        self._wire = wire
        self._sent: float | None = None

    def aim(self, wanted: float, measured: float, effort: float) -> None:
        """Send the voltage if it has changed; positions of the first finger [m], effort [N]."""
        error = wanted - measured
        near = _NEAR if self._sent else _AWAY
        voltage = 0.0 if abs(error) < near else float(_pwm(effort)) * (1 if error > 0 else -1)
        if voltage != self._sent:
            self._sent = voltage
            self._wire.aim_gripper(voltage)


def _pwm(effort: float) -> int:
    """How hard to press, by the share of the gripper's effort [N] that is allowed."""
    gripper = WX250S.group().gripper
    assert gripper is not None  # the arm has one
    share = min(max(effort / gripper.effort, 0.0), 1.0)
    return round(_WEAKEST + share * (_STRONGEST - _WEAKEST))
