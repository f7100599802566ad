"""The physics of a scene: joints are commanded, and what has become of arm and things is told."""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import mujoco
import numpy as np

from handiwork.sim.manipulation.fr3 import FINGERS, JOINTS, TOOL
from handiwork.sim.manipulation.scene import TIMESTEP, build_scene
from handiwork.sim.manipulation.task import Poses, Situation, Task
from handiwork.sim.manipulation.things import Thing

YAW_MIDDLE = np.pi / 4  # [rad] of the tool with the wrist in the middle of its range


class Table:
    """The model of a task and its state. Not thread safe."""

    def __init__(self, task: Task) -> None:
        self.model = build_scene(task)
        self.data = mujoco.MjData(self.model)
        self._things = task.things
        self._arm = _indices(self.model, JOINTS)
        self._fingers = _indices(self.model, FINGERS)
        self._arm_servos = np.array([self.model.actuator(name).id for name in JOINTS])
        self._finger_servos = np.array([self.model.actuator(name).id for name in FINGERS])
        gain = self.model.actuator_gainprm[self._arm_servos, 0]
        # Seconds by which the servos' damping holds them behind a moving target.
        self._lag = -self.model.actuator_biasprm[self._arm_servos, 2] / gain  # (7,)
        self._tool = self.model.site(TOOL).id
        self._places = {
            thing.name: int(self.model.joint(thing.name).qposadr[0]) for thing in task.things
        }
        self._speeds = {
            thing.name: int(self.model.joint(thing.name).dofadr[0]) for thing in task.things
        }
        bodies = (self.model.body(name).id for name in ("hand", "left_finger", "right_finger"))
        self._hand_bodies = frozenset(bodies)
        self._thing_of_body = {self.model.body(thing.name).id: thing.name for thing in task.things}

    def reset(self, joints: np.ndarray, opening: float, poses: Poses) -> None:
        """Everything at rest: arm joints (7,) [rad], gripper opening [m], things (4,) each."""
        mujoco.mj_resetData(self.model, self.data)
        self.data.qpos[self._arm] = joints
        self.data.ctrl[self._arm_servos] = joints
        self.data.qpos[self._fingers] = self.data.ctrl[self._finger_servos] = opening / 2
        for name, (x, y, z, yaw) in poses.items():
            turn = [np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)]
            self.data.qpos[self._places[name] : self._places[name] + 7] = [x, y, z, *turn]
        mujoco.mj_forward(self.model, self.data)

    def advance(
        self, joints: np.ndarray, speeds: np.ndarray, opening: float, duration: float
    ) -> None:
        """Physics with the servos at joint positions and speeds (7,) and at a gripper opening."""
        self.data.ctrl[self._arm_servos] = joints + self._lag * speeds
        self.data.ctrl[self._finger_servos] = opening / 2
        mujoco.mj_step(self.model, self.data, nstep=round(duration / TIMESTEP))

    @property
    def tool(self) -> np.ndarray:
        """(4,) x, y, z [m], yaw [rad] within half a turn of `YAW_MIDDLE`."""
        turned = self.data.site_xmat[self._tool]
        off_middle = np.arctan2(turned[3], turned[0]) - YAW_MIDDLE
        yaw = YAW_MIDDLE + (off_middle + np.pi) % (2 * np.pi) - np.pi
        return np.append(self.data.site_xpos[self._tool], yaw)

    @property
    def opening(self) -> float:
        """Between the finger pads [m]."""
        return float(self.data.qpos[self._fingers].sum())

    @property
    def poses(self) -> dict[str, np.ndarray]:
        """(4,) x, y, z [m], canonical yaw [rad] of each thing."""
        return {thing.name: self._pose(thing) for thing in self._things}

    def situation(self) -> Situation:
        """Everything that is so now."""
        return Situation(
            tool=self.tool,
            opening=self.opening,
            poses=self.poses,
            speeds={
                name: float(np.linalg.norm(self.data.qvel[start : start + 3]))
                for name, start in self._speeds.items()
            },
            tilts={thing.name: self._tilt(thing.name) for thing in self._things},
            touched=self._touched(),
        )

    def _pose(self, thing: Thing) -> np.ndarray:
        start = self._places[thing.name]
        turned = self._rotation(thing.name)
        level = turned[:, 0] if np.hypot(*turned[:2, 0]) > 0.5 else turned[:, 1]
        yaw = thing.canonical(np.arctan2(level[1], level[0]))
        return np.append(self.data.qpos[start : start + 3], yaw)

    def _tilt(self, name: str) -> float:
        return float(np.arccos(np.clip(self._rotation(name)[2, 2], -1, 1)))

    def _rotation(self, name: str) -> np.ndarray:
        start = self._places[name] + 3
        matrix = np.empty(9)
        mujoco.mju_quat2Mat(matrix, self.data.qpos[start : start + 4])
        return matrix.reshape(3, 3)

    def _touched(self) -> frozenset[str]:
        names = set()
        for pair in self.model.geom_bodyid[self.data.contact.geom]:
            for thing, other in (pair, pair[::-1]):
                if other in self._hand_bodies and thing in self._thing_of_body:
                    names.add(self._thing_of_body[thing])
        return frozenset(names)


def _indices(model: mujoco.MjModel, names: tuple[str, ...]) -> np.ndarray:
    return np.array([model.joint(name).qposadr[0] for name in names])
