"""The servos of a WidowX 250s as their maker documents them: registers, time profile, torque.

A goal starts a trapezoid that takes `span`, `ramp` of it to gather and to lose speed, from the
speed that the servo has (velocity override). Positions are whole counts of 4096 a turn; goals are
cut to counts, not rounded. A servo in error has no torque until it is rebooted, and forgets its RAM
with that. What is left out: gravity, load and the error that a real servo stands with under it.

Source: ROBOTIS e-manual, XM430-W350 (Goal PWM, Profile Acceleration, Profile Velocity, Shutdown,
Hardware Error Status, no-load speed at 12 V); dynamixel_workbench 2.2.4, convertRadian2Value;
wx250s.yaml and wx250s.urdf.xacro of interbotix_ros_manipulators, branch jazzy.
"""

import math
from dataclasses import dataclass

TURN = 4096  # [counts]
CENTRE = 2048  # [counts] at 0 rad
SPEED_UNIT = 0.229 * 2 * math.pi / 60  # [rad/s]
FULL_PWM, FULL_SPEED = 885, 46 * 2 * math.pi / 60  # [rad/s] at that voltage
FRICTION = 150  # [PWM] below which nothing moves
POSITION, PWM = 3, 16  # of Operating_Mode
HORN, ROD = 0.014, 0.024  # [m] of the gripper's crank
FINGER = (0.015, 0.037)  # [m]
# name: goals [counts], limits [rad], sleep pose [rad]
ARM = {
    "waist": (0, 4095, -3.14158, 3.14158, 0.0),
    "shoulder": (819, 3345, -1.8850, 1.9897, -1.80),
    "elbow": (648, 3094, -2.1468, 1.6057, 1.55),
    "forearm_roll": (0, 4095, -3.14158, 3.14158, 0.0),
    "wrist_angle": (910, 3447, -1.7453, 2.1468, 0.8),
    "wrist_rotate": (0, 4095, -3.14158, 3.14158, 0.0),
}
SHADOWS = {"shoulder_shadow": "shoulder", "elbow_shadow": "elbow"}
GROUPS = {"arm": list(ARM), "all": [*ARM, "gripper"]}
BOOT = 0.2  # [s] that a rebooted servo does not answer
AFTER_BOOT = {
    "Torque_Enable": 0,
    "Hardware_Error_Status": 0,
    "Goal_PWM": FULL_PWM,
    "Profile_Acceleration": 0,
    "Profile_Velocity": 0,
}


def counts(angle: float) -> int:
    """[rad] as the library turns it into counts."""
    return int(angle * CENTRE / math.pi + CENTRE)


def angle(count: int) -> float:
    """[rad]"""
    return (count - CENTRE) * math.pi / CENTRE


def crank_angle(finger: float) -> float:
    """[rad] of the motor with its fingers so far from the middle [m]."""
    return math.pi / 2 - math.acos((HORN**2 + finger**2 - ROD**2) / (2 * HORN * finger))


def finger_position(crank: float) -> float:
    """[m]"""
    return HORN * math.sin(crank) + math.sqrt(ROD**2 - (HORN * math.cos(crank)) ** 2)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One way to a goal, [rad], [rad/s], [s]."""

    begin: float
    position: float
    velocity: float
    goal: float
    span: float
    ramp: float

    def at(self, now: float) -> tuple[float, float]:
        """Position and velocity."""
        passed, left = now - self.begin, self.begin + self.span - now
        if left <= 0:
            return self.goal, 0.0
        ramp, way = self.ramp, self.goal - self.position
        cruise = (way - self.velocity * ramp / 2) / (self.span - ramp)
        if passed < ramp:
            change = (cruise - self.velocity) / ramp
            moved = self.velocity * passed + change * passed**2 / 2
            return self.position + moved, self.velocity + change * passed
        if left < ramp:
            return self.goal - cruise * left**2 / (2 * ramp), cruise * left / ramp
        return self.goal - cruise * (left - ramp / 2), cruise


class Servo:
    """One servo; `now` is an argument [s]."""

    def __init__(self, lowest: int, highest: int, position: float) -> None:
        """Args:
        lowest: of the goals it takes [counts]; highest as well.
        position: where it stands at first [rad].
        """
        self._lowest, self._highest = lowest, highest
        self._profile = Profile(
            begin=0.0, position=position, velocity=0.0, goal=position, span=0.0, ramp=0.0
        )
        self._boots_until = 0.0
        self.registers = dict(AFTER_BOOT) | {"Operating_Mode": POSITION}

    def answers(self, now: float) -> bool:
        """Whether it is up."""
        return now >= self._boots_until

    def state(self, now: float) -> tuple[float, float]:
        """Position [rad] and velocity [rad/s] as it measures them."""
        position, velocity = self._state(now)
        return angle(round(position * CENTRE / math.pi) + CENTRE), _whole(velocity, SPEED_UNIT)

    def aim(self, goal: float, now: float) -> None:
        """A goal position [rad]."""
        held = self.registers["Torque_Enable"] and self.registers["Operating_Mode"] == POSITION
        if not held or not self._lowest <= counts(goal) <= self._highest:
            return
        span = self.registers["Profile_Velocity"] * 1e-3
        ramp = min(self.registers["Profile_Acceleration"] * 1e-3, span / 2)
        position, velocity = self._state(now)
        self._profile = Profile(
            begin=now,
            position=position,
            velocity=velocity,
            goal=angle(counts(goal)),
            span=span,
            ramp=ramp,
        )

    def drive(self, pwm: int, now: float) -> None:
        """A voltage."""
        self._halt(now)
        self.registers["Goal_PWM"] = pwm

    def put(self, register: str, value: int, now: float) -> None:
        """Write a register; torque only where there is no error."""
        if not self.answers(now):
            return
        if register == "Torque_Enable":
            self._halt(now)
            value = 0 if self.registers["Hardware_Error_Status"] else value
        self.registers[register] = value

    def fail(self, error: int, now: float) -> None:
        """An error takes the torque off."""
        self._halt(now)
        self.registers |= {"Hardware_Error_Status": error, "Torque_Enable": 0}

    def reboot(self, now: float) -> None:
        """Forget what is in RAM."""
        self._halt(now)
        self.registers |= AFTER_BOOT
        self._boots_until = now + BOOT

    def _state(self, now: float) -> tuple[float, float]:
        if self.registers["Operating_Mode"] == POSITION:
            return self._profile.at(now)
        speed = self._speed()
        low, high = angle(self._lowest), angle(self._highest)
        free = self._profile.goal + speed * (now - self._profile.begin)
        return (free, speed) if low < free < high else (min(max(free, low), high), 0.0)

    def _speed(self) -> float:
        pwm = self.registers["Goal_PWM"]
        turns = self.registers["Torque_Enable"] and abs(pwm) >= FRICTION
        return pwm / FULL_PWM * FULL_SPEED if turns else 0.0

    def _halt(self, now: float) -> None:
        """Stand where it is."""
        here = self._state(now)[0]
        self._profile = Profile(
            begin=now, position=here, velocity=0.0, goal=here, span=0.0, ramp=0.0
        )


def _whole(value: float, unit: float) -> float:
    return round(value / unit) * unit


def wx250s() -> dict[str, Servo]:
    """All servos of the arm, asleep; the fingers' stops are the gripper's goals."""
    made = {name: Servo(row[0], row[1], row[4]) for name, row in ARM.items()}
    made |= {twin: Servo(*ARM[one][:2], ARM[one][4]) for twin, one in SHADOWS.items()}
    closed, opened = (counts(crank_angle(finger)) for finger in FINGER)
    made["gripper"] = Servo(closed - 2, opened + 2, 0.0)
    return made
