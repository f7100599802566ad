"""A G1 that stands: MuJoCo behind rt/lowstate and rt/arm_sdk on one network, until its input ends.

    python unitree_emulator.py lo:17

Its own controller holds every joint where it was at first, legs for good, arms and waist as far as
the weight leaves them to it. A command with a wrong checksum or for another machine is ignored; the
last good one counts on. It says `ready` once. The words `fault` (an elbow's hot winding), `corrupt`
(states with a wrong checksum) and `silent` hold until `well`.

Source: see handiwork.drivers.unitree.arm_sdk; that arms keep their last target when commands stop:
phanthymotus-driver, pull request 309.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import sys
import threading
import time
from collections.abc import Iterator

import mujoco
import numpy as np
from cyclonedds.domain import Domain, DomainParticipant
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic

from handiwork.drivers.unitree.arm_sdk import COMMANDED
from handiwork.drivers.unitree.idl import LowCmd, LowState
from handiwork.drivers.unitree.layout import LOW_CMD, LOW_STATE
from handiwork.drivers.unitree.link import COMMANDS, STATES
from handiwork.drivers.unitree.network import Network, network_at
from handiwork.robots.g1 import G1
from handiwork.sim.robot_scene import build_robot

PERIOD = 0.002  # [s] of physics and of rt/lowstate
LONGEST_DELAY = 0.1  # [s] that is made up for
MACHINE = 5  # 29 joints, rev 1.0
WEIGHT = 29  # the motor whose place it has
ELBOW, HOT_WINDING = 18, 0x200
JOINTS = len(G1.joints)
STIFFNESS, DAMPING = 150.0, 5.0  # of its own controller
FRICTION = 0.1  # [Nm] of every joint, as in mujoco_menagerie's unitree_g1
HEAVIER = 1.05  # than its model says: cables, covers, whatever the driver cannot know


class Body:
    """All joints under torques, the pelvis fixed, with weight."""

    def __init__(self) -> None:
        self._model = model = build_robot(G1, PERIOD)
        model.body_gravcomp[:] = 0.0
        model.dof_frictionloss[:] = FRICTION
        model.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_ACTUATION
        model.body_mass[:] *= HEAVIER
        model.body_inertia[:] *= HEAVIER
        self._data = mujoco.MjData(model)
        mujoco.mj_setConst(model, self._data)
        joints = [model.joint(name) for name in G1.names]
        self._at = np.array([joint.qposadr[0] for joint in joints])
        self._dofs = np.array([joint.dofadr[0] for joint in joints])
        self._data.qpos[self._at] = G1.home
        mujoco.mj_forward(model, self._data)
        self.torque = np.zeros(JOINTS)

    @property
    def position(self) -> np.ndarray:
        """(29,) [rad]."""
        return self._data.qpos[self._at]

    @property
    def velocity(self) -> np.ndarray:
        """(29,) [rad/s]."""
        return self._data.qvel[self._dofs]

    @property
    def acceleration(self) -> np.ndarray:
        """(29,) [rad/s^2]."""
        return self._data.qacc[self._dofs]

    @property
    def weight(self) -> np.ndarray:
        """(29,) [Nm] that gravity and motion take."""
        return self._data.qfrc_bias[self._dofs]

    def step(self, torque: np.ndarray) -> None:
        """(29,) [Nm] for one period."""
        self.torque = torque
        self._data.qfrc_applied[self._dofs] = torque
        mujoco.mj_step(self._model, self._data)


class Controllers:
    """The robot's own and the commanded one, on the same motors."""

    def __init__(self) -> None:
        self._command = LOW_CMD.blank()

    def take(self, command: np.ndarray) -> None:
        """It counts from now on, if it is whole and for this machine."""
        if LOW_CMD.is_sealed(command) and command["mode_machine"] == MACHINE:
            self._command = command

    def torque(self, body: Body) -> np.ndarray:
        """(29,) [Nm]."""
        position, velocity = body.position, body.velocity
        own = STIFFNESS * (G1.home - position) - DAMPING * velocity + body.weight
        motors = self._command["motor_cmd"]
        aimed = motors[:JOINTS]
        commanded = (
            aimed["kp"] * (aimed["q"] - position)
            + aimed["kd"] * (aimed["dq"] - velocity)
            + aimed["tau"]
        )
        share = np.zeros(JOINTS)
        share[COMMANDED] = np.clip(motors["q"][WEIGHT], 0.0, 1.0)
        return share * commanded + (1 - share) * own


class Wire:
    """The robot's end."""

    def __init__(self, network: Network) -> None:
        self._domain = Domain(network.domain, network.configuration())
        participant = DomainParticipant(network.domain)
        self._commands = DataReader(participant, Topic(participant, COMMANDS, LowCmd))
        self._states = DataWriter(participant, Topic(participant, STATES, LowState))

    def commands(self) -> Iterator[np.ndarray]:
        """Those that came since the last call."""
        for sample in self._commands.take():
            if isinstance(sample, LowCmd):
                yield sample.message

    def tell(self, state: np.ndarray) -> None:
        self._states.write(LowState(state))


class Words:
    """What the tests say, as it stands."""

    def __init__(self) -> None:
        self.now: set[str] = set()
        self.over = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            word = line.strip()
            self.now = set() if word == "well" else {*self.now, word}
        self.over.set()


def state_of(body: Body, tick: int, words: set[str]) -> np.ndarray:
    """() record of `LOW_STATE`."""
    state = LOW_STATE.blank()
    state["mode_machine"], state["tick"] = MACHINE, tick
    state["imu_state"]["quaternion"][0] = 1.0
    motors = state["motor_state"][:JOINTS]
    motors["mode"], motors["temperature"], motors["vol"] = 1, 40, 48.0
    motors["q"], motors["dq"], motors["ddq"] = body.position, body.velocity, body.acceleration
    motors["tau_est"] = body.torque
    if "fault" in words:
        motors["motorstate"][ELBOW] = HOT_WINDING
    LOW_STATE.sealed(state)
    if "corrupt" in words:
        state["crc"] ^= 1
    return state


def main() -> None:
    """Keep wall time."""
    wire, body, controllers, words = Wire(network_at(sys.argv[1])), Body(), Controllers(), Words()
    print("ready", flush=True)
    due = begin = time.monotonic()
    while not words.over.is_set():
        for command in wire.commands():
            controllers.take(command)
        body.step(controllers.torque(body))
        if "silent" not in words.now:
            wire.tell(state_of(body, round((due - begin) * 1e3), words.now))
        due += PERIOD
        now = time.monotonic()
        if now < due:
            time.sleep(due - now)
        elif now - due > LONGEST_DELAY:
            due = now


if __name__ == "__main__":
    main()
