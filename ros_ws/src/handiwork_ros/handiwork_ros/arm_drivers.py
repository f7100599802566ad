"""Which driver an arm server is told to use, by name, and the clock that goes with it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from handiwork.drivers.trossen import TrossenConfig, TrossenDriver
from handiwork.errors import BadValue, UnknownName
from handiwork.ports import ArmDriver
from handiwork.robots.robot import Robot
from handiwork.sim.sim_driver import SimDriver

DRIVERS = ("sim", "trossen")


@dataclass(frozen=True, kw_only=True)
class Wiring:
    """A driver, the loop's clock [s], and whether that clock is a simulator's."""

    driver: ArmDriver
    clock: Callable[[], float]
    simulated: bool


def wiring(name: str, robot: Robot, address: str, longest_silence: float) -> Wiring:
    """The driver of that name for a robot; a link silent for longer [s] is lost.

    Raises:
        UnknownName: there is no such driver.
        BadValue: it drives another robot.
    """
    if name == "sim":
        simulated = SimDriver(robot)
        return Wiring(driver=simulated, clock=lambda: simulated.time, simulated=True)
    if name == "trossen":
        if robot.name != "wxai":
            raise BadValue(
                "arm server", "robot", robot.name, "wxai", "That is what trossen drives."
            )
        address = address or TrossenConfig.address
        config = TrossenConfig(address=address, stale=longest_silence)
        start = time.monotonic()
        return Wiring(
            driver=TrossenDriver(config), clock=lambda: time.monotonic() - start, simulated=False
        )
    raise UnknownName("driver", name, DRIVERS, "Say for example driver:=sim.")
