"""The Franka FR3 and Panda: joint impedance in franky's 1 kHz loop in C++; we move its target.

franky offers three ways to follow a stream. Replacing a waypoint motion at every tick, or likewise
a velocity motion, lets Ruckig plan anew each time from what the robot reported a cycle or two ago:
real robots vibrate or abort with a discontinuity, at 10 to 100 Hz (franky issues 51, 61); and the
planner of the PyPI build keeps the Panda's 2.175 rad/s for an FR3 too. The third,
`JointImpedanceTrackingMotion`, keeps one torque controller running and only swaps the position and
velocity that it tracks; what it is told may be late or missing without harm, since an unmoved
target is a place to stay at. It was made for following trajectories (franky pull request 79), and
the same law, with the same gains, is what franka_ros2 runs below its joint_trajectory_controller
(fr3_arm_controller: effort, p and d below), whose maintainers recommend it over the position
interface (franka_ros2 issue 168). So this is used, with `Settling` for what friction leaves of the
error.

Source: franky-control 2.0.0; gains of franka_ros2, branch jazzy. A real Panda speaks an older
protocol: it wants franky-control built with libfranka 0.9, from franky's releases.
"""

import logging
import time
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.drivers.franka_errors import as_failure, check_mode
from handiwork.drivers.franka_hand import FrankaHand, Grip
from handiwork.drivers.settling import Settling
from handiwork.errors import DriverFailed
from handiwork.robots.robot import Robot

log = logging.getLogger(__name__)

STIFFNESS = np.array([600.0, 600.0, 600.0, 600.0, 250.0, 150.0, 50.0])  # [Nm/rad]
DAMPING = np.array([30.0, 30.0, 30.0, 30.0, 10.0, 10.0, 5.0])  # [Nm s/rad]
FRICTION = np.array([2.0, 2.0, 2.0, 2.0, 1.2, 0.8, 0.5])  # [Nm] twice that of franky-sim's fr3.xml
_TO_START = 2.0  # [s] for a control loop; tens of milliseconds are usual
_REAL_TIME = Path("/sys/kernel/realtime")  # libfranka looks there too


@dataclass(frozen=True, kw_only=True)
class FrankaConfig:
    """Where the robot is and how patient we are."""

    address: str = "172.16.0.2"  # in Franka's own examples
    rate: float = 250.0  # [Hz] of new targets; franky's own loop runs at 1 kHz
    stale: float = 0.1  # [s] without a new state: the link is lost
    hand_speed: float = 0.1  # [m/s] of the width

    def __post_init__(self) -> None:
        if min(self.rate, self.stale, self.hand_speed) <= 0:
            raise ValueError(f"rate, stale and hand_speed must be positive, got {self}")


class FrankaDriver:
    """One arm with its hand."""

    grippers = ("arm",)

    def __init__(self, robot: Robot, config: FrankaConfig | None = None) -> None:
        self._config = config or FrankaConfig()
        self.names, self.rate = robot.names, self._config.rate
        self._kind = robot.name
        self._package: ModuleType | None = None
        self._robot: Any = None
        self._hand: FrankaHand | None = None
        self._motion: Any = None
        self._stamp = -1.0  # [s] of the newest state, on the robot's clock
        self._heard = 0.0  # [s] when it came

    def connect(self) -> None:
        """Hold where it is."""
        self._begin(recover=False)

    def recover(self) -> None:
        """Connect anew, with the robot's automatic error recovery; it may move off a joint stop."""
        self.close()
        self._begin(recover=True)

    def read(self) -> ArmReading:
        """What the robot said last; a control loop that ended says why."""
        assert self._hand is not None  # connected
        try:
            over = self._robot.poll_motion()
            state = self._robot.state
            width = self._hand.width()
        except Exception as error:
            raise as_failure(self._name(), error, absent=False) from error
        check_mode(self._name(), state)
        if over:
            raise DriverFailed(self._name(), "fault", "its control loop ended", "Enable it again.")
        self._check_fresh(state.time.to_sec())
        self._measured = JointSample(
            np.array(state.q), np.array(state.dq), np.zeros(len(self.names))
        )
        return ArmReading(
            joints=self._measured,
            effort=np.array(state.tau_J),
            grippers=np.array([width / 2]),
        )

    def write(self, command: ArmCommand) -> None:
        """Move the target."""
        assert self._hand is not None  # connected
        self._aim(command.joints, self._settling.step(command.joints, self._measured))
        finger, force = float(command.grippers[0]), float(command.gripper_effort[0])
        self._hand.want(Grip(width=2 * finger, force=force))

    def close(self) -> None:
        """Come to rest; the robot then holds its place by itself."""
        if self._hand is not None:
            self._hand.close()
            self._hand = None
        if self._robot is not None:
            _end(self._package, self._robot)
            self._robot = self._motion = None

    def _begin(self, recover: bool) -> None:
        address = self._config.address
        self._package = package = _franky()
        real_time = package.RealtimeConfig
        config = real_time.Enforce if _has_real_time_kernel() else real_time.Ignore
        try:
            # In no local name: a traceback would keep it, and with it the one link there can be.
            self._robot = package.Robot(address, realtime_config=config)
            if recover:
                self._robot.recover_from_errors()
            state = self._robot.state
            check_mode(self._name(), state)
            self._hand = FrankaHand(package.Gripper(address), self._config.hand_speed)
            self._hold(np.array(state.q))
        except DriverFailed:
            self.close()
            raise
        except Exception as error:
            self.close()
            raise as_failure(self._name(), error, absent=True) from error
        self._stamp, self._heard = -1.0, time.monotonic()

    def _hold(self, position: np.ndarray) -> None:
        """Start the 1 kHz loop with its target at (J,) [rad], where the arm is."""
        assert self._package is not None
        self._measured = start = JointSample.at_rest(position)
        self._settling = Settling(STIFFNESS, FRICTION, 1 / self.rate)
        self._motion = self._package.JointImpedanceTrackingMotion(
            stiffness=STIFFNESS, damping=DAMPING
        )
        self._aim(start, np.zeros(len(position)))
        self._robot.move(self._motion, asynchronous=True)
        give_up = time.monotonic() + _TO_START
        while self._robot.state.robot_mode.name != "Move":
            if self._robot.poll_motion() or time.monotonic() > give_up:
                what = f"its control loop did not start within {_TO_START} s"
                raise DriverFailed(self._name(), "fault", what, "Try again.")
            time.sleep(0.002)

    def _aim(self, joints: JointSample, torque: np.ndarray) -> None:
        assert self._package is not None
        self._motion.set_reference(
            self._package.JointReference(joints.position, joints.velocity, torque)
        )

    def _check_fresh(self, stamp: float) -> None:
        now = time.monotonic()
        if stamp != self._stamp:
            self._stamp, self._heard = stamp, now
        elif now - self._heard > self._config.stale:
            what = f"nothing was heard of it for {now - self._heard:.3f} s"
            raise DriverFailed(self._name(), "link lost", what, "Check its cable, then enable it.")

    def _name(self) -> str:
        return f"Franka {self._kind} at {self._config.address}"


def _end(package: Any, robot: Any) -> None:
    """Damp the arm to rest and end the control loop, if there still is one."""
    try:
        if robot.is_in_control:
            robot.move(package.TorqueStopMotion(), asynchronous=True)
            robot.join_motion(2.0)
    except Exception as error:  # closing never raises
        log.info("%s did not end its motion: %s", robot.fci_hostname, error)


def _has_real_time_kernel() -> bool:
    return _REAL_TIME.exists() and _REAL_TIME.read_text().strip() == "1"


def _franky() -> ModuleType:
    """The library, which only this driver needs."""
    try:
        return import_module("franky")
    except ImportError as error:
        fix = "pip install franky-control"
        raise DriverFailed("Franka", "not there", str(error), fix) from None
