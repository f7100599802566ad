"""A robot in motion: positions of joints and fingers in, what they do out.

Shapes: J joints of the robot, G grippers, in its own order.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import mujoco
import numpy as np

from handiwork.control.arm_values import ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.robot import Robot
from handiwork.sim.robot_scene import build_robot


class RobotWorld:
    """One robot and one clock. Not thread safe."""

    def __init__(self, robot: Robot, timestep: float = 0.002) -> None:
        self.robot = robot
        self.model = build_robot(robot, timestep)
        self.data = mujoco.MjData(self.model)
        self._joints = _Servos(self.model, robot.names)
        self._grippers = [group.gripper for group in robot.groups if group.gripper is not None]
        self._leaders = np.array(
            [self.model.joint(gripper.joints[0]).qposadr[0] for gripper in self._grippers], int
        )
        self._fingers = _Servos(
            self.model, [name for gripper in self._grippers for name in gripper.joints]
        )
        self._still = np.zeros(len(robot.names))
        self.reset()

    @property
    def time(self) -> float:
        """Since the world was made [s]."""
        return self.data.time

    def reset(self) -> None:
        """At rest in the robot's home, fingers apart."""
        opened = np.array([gripper.upper for gripper in self._grippers])
        self.data.qvel[:] = 0.0
        self._joints.put(self.data, self.robot.home)
        self._fingers.put(self.data, self._spread(opened))
        mujoco.mj_forward(self.model, self.data)

    def step(self, joints: JointSample, grippers: np.ndarray, steps: int = 1) -> None:
        """So many steps with the servos at positions (J,) [rad] and first fingers at (G,) [m].

        The drives feed the commanded velocity forward, so that a steady motion is followed without
        the lag of their own damping.
        """
        self._joints.aim(self.data, joints.position, joints.velocity)
        self._fingers.aim(self.data, self._spread(grippers))
        mujoco.mj_step(self.model, self.data, steps)

    def press_with(self, efforts: np.ndarray) -> None:
        """The most that each gripper's fingers press with, (G,) [N]."""
        shares = [
            effort
            for effort, gripper in zip(efforts, self._grippers, strict=True)
            for _ in gripper.joints
        ]
        self._fingers.limit(self.model, np.array(shares))

    def reading(self) -> ArmReading:
        """What the robot would say."""
        position, velocity, effort = self._joints.state(self.data)
        return ArmReading(
            joints=JointSample(position, velocity, self._still),
            grippers=self.data.qpos[self._leaders],
            effort=effort,
        )

    def _spread(self, grippers: np.ndarray) -> np.ndarray:
        """Positions of all fingers [m] from those of the first of each, (G,)."""
        return np.array(
            [
                ratio * position
                for position, gripper in zip(grippers, self._grippers, strict=True)
                for ratio in gripper.ratios
            ]
        )


class _Servos:
    """Named joints, and the servos of those that have one."""

    def __init__(self, model: mujoco.MjModel, names: tuple[str, ...] | list[str]) -> None:
        joints = [model.joint(name) for name in names]
        self._positions = np.array([joint.qposadr[0] for joint in joints], int)
        self._velocities = np.array([joint.dofadr[0] for joint in joints], int)
        servo_of = {int(model.actuator_trnid[index, 0]): index for index in range(model.nu)}
        self._driven = np.array([joint.id in servo_of for joint in joints], bool)
        self._servos = np.array(
            [servo_of[joint.id] for joint in joints if joint.id in servo_of], int
        )
        gain = model.actuator_gainprm[self._servos, 0]
        self._lag = -model.actuator_biasprm[self._servos, 2] / gain  # [s] behind a moving target

    def put(self, data: mujoco.MjData, positions: np.ndarray) -> None:
        data.qpos[self._positions] = positions
        data.ctrl[self._servos] = positions[self._driven]

    def aim(
        self, data: mujoco.MjData, positions: np.ndarray, velocities: np.ndarray | None = None
    ) -> None:
        target = positions[self._driven]
        if velocities is not None:
            target = target + self._lag * velocities[self._driven]
        data.ctrl[self._servos] = target

    def limit(self, model: mujoco.MjModel, efforts: np.ndarray) -> None:
        most = efforts[self._driven]
        model.actuator_forcelimited[self._servos] = True
        model.actuator_forcerange[self._servos] = np.stack([-most, most], axis=1)

    def state(self, data: mujoco.MjData) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return (
            data.qpos[self._positions],
            data.qvel[self._velocities],
            data.qfrc_actuator[self._velocities],
        )
