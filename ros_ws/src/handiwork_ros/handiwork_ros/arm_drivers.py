"""Which driver an arm server is told to use, by name, and the clock that goes with it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from handiwork.drivers.franka import FrankaConfig, FrankaDriver
from handiwork.drivers.side_by_side import SideBySide
from handiwork.drivers.trossen import TrossenConfig, TrossenDriver
from handiwork.drivers.unitree import SERVED, UnitreeConfig, UnitreeDriver, network_at
from handiwork.errors import BadValue, UnknownName
from handiwork.ports import ArmDriver
from handiwork.robots.robot import Robot
from handiwork.sim.sim_driver import SimDriver
from handiwork_ros.interbotix_driver import InterbotixConfig, InterbotixDriver
from handiwork_ros.interbotix_setup import GRIPPER_MODES, Modes

DRIVERS = ("sim", "trossen", "unitree", "franka", "interbotix")


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """A driver, the loop's clock [s], and whether that clock is a simulator's.

    served: the robot with only those groups that the driver commands; None: with all it has.
    """

    driver: ArmDriver
    clock: Callable[[], float]
    simulated: bool
    served: Robot | None = None


def wiring(
    name: str,
    robot: Robot,
    address: str,
    longest_silence: float,
    gripper_mode: str = "linear_position",
) -> Wiring:
    """The driver of that name for a robot; a link silent for longer [s] is lost.

    Raises:
        UnknownName: there is no such driver.
        BadValue: it drives another robot.
    """
    if name == "sim":
        simulated = SimDriver(robot)
        return Wiring(driver=simulated, clock=lambda: simulated.time, simulated=True)
    if name == "franka":
        return _franka(robot, address, longest_silence)
    if name == "trossen":
        return _real(_trossen(robot, address, longest_silence))
    if name == "unitree":
        return _unitree(robot, address, longest_silence)
    if name == "interbotix":
        return _interbotix(robot, address, longest_silence, gripper_mode)
    raise UnknownName("driver", name, DRIVERS, "Say for example driver:=sim.")


def _real(driver: ArmDriver, served: Robot | None = None) -> Wiring:
    """On a clock that starts now."""
    start = time.monotonic()
    return Wiring(
        driver=driver, clock=lambda: time.monotonic() - start, simulated=False, served=served
    )


def _trossen(robot: Robot, address: str, longest_silence: float) -> ArmDriver:
    def arm(address: str) -> TrossenDriver:
        return TrossenDriver(TrossenConfig(address=address, stale=longest_silence))

    if robot.name == "wxai":
        return arm(address or TrossenConfig.address)
    if robot.name != "wxai_pair":
        raise BadValue(
            "arm server", "robot", robot.name, "wxai or wxai_pair", "That is what trossen drives."
        )
    addresses = address.split("+")
    if len(addresses) != 2 or not all(addresses):
        fix = "As in address:=192.168.1.5+192.168.1.4; two arms cannot have the delivered one."
        raise BadValue("arm server", "address", address, "LEFT+RIGHT for two arms", fix)
    return SideBySide(robot, [arm(each) for each in addresses])


def _unitree(robot: Robot, address: str, longest_silence: float) -> Wiring:
    if robot.name != "g1":
        raise BadValue("arm server", "robot", robot.name, "g1", "That is what unitree drives.")
    config = UnitreeConfig(network=network_at(address), stale=longest_silence)
    return _real(UnitreeDriver(config), served=SERVED)


def _franka(robot: Robot, address: str, longest_silence: float) -> Wiring:
    if robot.name not in ("fr3", "panda"):
        raise BadValue(
            "arm server", "robot", robot.name, "fr3 or panda", "That is what franka drives."
        )
    config = FrankaConfig(address=address or FrankaConfig.address, stale=longest_silence)
    return _real(FrankaDriver(robot, config))


def _interbotix(robot: Robot, address: str, longest_silence: float, gripper_mode: str) -> Wiring:
    if robot.name != "wx250s":
        raise BadValue(
            "arm server", "robot", robot.name, "wx250s", "That is what interbotix drives."
        )
    if gripper_mode not in GRIPPER_MODES:
        want = " or ".join(GRIPPER_MODES)
        raise BadValue("arm server", "gripper_mode", gripper_mode, want, "See docs/arm_servers.md.")
    config = InterbotixConfig(
        namespace=address or InterbotixConfig.namespace,
        modes=Modes(gripper=gripper_mode),
        stale=longest_silence,
    )
    return _real(InterbotixDriver(config))
