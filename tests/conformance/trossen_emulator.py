"""trossen-arm-sim on one address of this machine, until its input ends; `fault` makes it fail."""

import sys

from trossen_arm_sim.protocol import ErrorState
from trossen_arm_sim.server import TrossenArmSimServer
from trossen_arm_sim.sim import WidowXSim


def main() -> None:
    """Serve; words come line by line."""
    sim = WidowXSim()
    sim.start()
    server = TrossenArmSimServer(sim, host=sys.argv[1])
    server.start()
    for word in sys.stdin:
        if word.strip() == "fault":
            server.fault(ErrorState.JOINT_OVERHEATED, "joint 1 is too hot")


if __name__ == "__main__":
    main()
