"""franky-sim on one address of this machine, until its input ends; `fault` makes a reflex of it.

What franky-sim leaves out is added: after a reflex the motion is over, none begins, and the state
names the error, until the automatic error recovery. And it waits for its controller: on a machine
that has other things to do, simulated time slows down, and no arm swings on an old torque. The
tool's poses and twists, a quarter of its work, are not computed: nobody here reads them.
"""

import queue
import select
import sys
import threading
from typing import Any

import numpy as np
import pinocchio as pin
from franky_sim import SimulationServer
from franky_sim.franka_robot_protocol import (
    AutomaticErrorRecoveryCommand,
    MoveStatus,
    RobotCommand,
    RobotMode,
)
from franky_sim.franka_robot_server import FrankaRobotServer
from franky_sim.franka_robot_state import FrankaRobotState
from franky_sim.franka_server import BaseCommand, FrankaServer
from franky_sim.mujoco_simulator import MujocoSimulator

PATIENCE = 0.05  # [s] for the controller's answer to a state
HAND_EVERY = 20  # ticks between states of the hand: a real one does not send a thousand a second
CARTESIAN_REFLEX = tuple(place == 7 for place in range(41))  # its place in libfranka's errors


class Untold:
    """A part of the state that is always the same."""

    observers: dict[str, Any] = {}  # noqa: RUF012, nobody adds to it

    def __init__(self, value: Any) -> None:
        self._value = value

    def get(self, time: float) -> Any:
        return self._value

    def finalize(self, *_: Any) -> None:
        pass

    def has_explicit_value(self, time: float) -> bool:
        return False


def without_poses(robot: Any) -> None:
    """Leave out what only Cartesian motions need."""
    parts = robot._tracked_state_components
    parts.update({name: Untold(pin.SE3.Identity()) for name in parts if name.startswith("O_T_")})
    parts.update({name: Untold(np.zeros(6)) for name in parts if name.startswith("O_d")})


class Recovery(AutomaticErrorRecoveryCommand):
    """Clears the reflex."""

    def handle(self, server: Any) -> None:
        server.reflex = False
        super().handle(server)


class RobotWithReflexes(FrankaRobotServer):
    """The robot of franky-sim, which can fail."""

    reflex = False
    ticks = 0

    def send_state(self) -> None:
        """The arm's at every tick, the hand's now and then."""
        FrankaServer.send_state(self)
        self.ticks += 1
        if self.ticks % HAND_EVERY == 0 and self.gripper_server is not None:
            self.gripper_server.send_state()

    def await_command(self) -> None:
        """Return when the controller has answered, or late."""
        if self.current_motion_id:
            select.select([self._FrankaServer__udp_socket], [], [], PATIENCE)

    def fail(self) -> None:
        """End the motion by a reflex."""
        motion = self.current_motion_id
        self.stop_motion(send_preemption_signal=False)
        self.reset_current_motion_id()
        self.reflex = True
        self.send_state()
        if motion:
            BaseCommand.send_response(
                self._tcp_socket, RobotCommand.kMove, motion, MoveStatus.kReflexAborted
            )

    def start_motion(self, *arguments: Any) -> None:
        if self.reflex:
            raise RuntimeError("there was a reflex")
        super().start_motion(*arguments)

    @property
    def robot_state(self) -> FrankaRobotState:
        """With the reflex, if there is one."""
        state = super().robot_state
        if not self.reflex:
            return state
        return state.replace(
            robot_mode=RobotMode.kReflex, errors=CARTESIAN_REFLEX, reflex_reason=CARTESIAN_REFLEX
        )


class ServerWithReflexes(SimulationServer):
    """Takes words from a queue between its ticks."""

    def init(self) -> None:
        """As the original, with the other robot."""
        for robot in self.sim.robots:
            server = RobotWithReflexes(robot, self._remaining_hostname_candidates)
            commands = server._FrankaServer__command_class_map
            commands[RobotCommand.kAutomaticErrorRecovery] = Recovery
            server.init()
            self.robot_servers.append(server)
        self.sim.start()


def main() -> None:
    """Serve; words come line by line."""
    words: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for word in sys.stdin:
            words.put(word.strip())
        words.put("quit")

    with MujocoSimulator() as sim:
        without_poses(sim.add_robot())
        with ServerWithReflexes(sim, hostname_candidates=[sys.argv[1]]) as server:
            threading.Thread(target=listen, daemon=True).start()
            while True:
                server.run_once()
                robot = server.robot_servers[0]
                robot.await_command()
                if words.empty():
                    continue
                if words.get() == "quit":
                    return
                robot.fail()


if __name__ == "__main__":
    main()
