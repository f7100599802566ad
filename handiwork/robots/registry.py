"""Every robot by its name, as said on the command line: robot=wxai."""

from collections.abc import Mapping

from handiwork.errors import UnknownName
from handiwork.robots.fr3 import FR3
from handiwork.robots.g1 import G1
from handiwork.robots.panda import PANDA
from handiwork.robots.robot import Robot
from handiwork.robots.wx250s import WX250S
from handiwork.robots.wxai import WXAI
from handiwork.robots.wxai_pair import WXAI_PAIR

ROBOTS: Mapping[str, Robot] = {
    robot.name: robot for robot in (WXAI, WX250S, FR3, PANDA, G1, WXAI_PAIR)
}


def robot(name: str) -> Robot:
    """The robot of that name.

    Raises:
        UnknownName: there is none; the message lists those that there are.
    """
    if name not in ROBOTS:
        raise UnknownName("robot", name, ROBOTS, "Say for example robot=wxai.")
    return ROBOTS[name]
