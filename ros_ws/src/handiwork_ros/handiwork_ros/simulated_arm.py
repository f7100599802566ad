"""The arm at the Push-T table behind its controller and its gate: one tick is one physics step.

Shapes: J joints, L links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from handiwork.control.arm_values import ArmCommand, ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits
from handiwork.control.trajectory_controller import ControllerConfig, TrajectoryController
from handiwork.safety import Gate, GateConfig
from handiwork.sim.push_t_world import PushTWorld
from handiwork_ros.arm_loop import ArmLoop
from handiwork_ros.arm_snapshot import ArmSnapshot, Part
from handiwork_ros.command_log import CommandLog
from handiwork_ros.group_control import GroupControl
from handiwork_ros.real_time_loop import LoopStatistics

GROUP = "arm"


class Motion(Enum):
    """Whether simulated time goes on."""

    STOPPED = 0
    PLAYING = 1
    PAUSED = 2


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The world at `stamp` [s].

    position, velocity: (J,) measured [rad], [rad/s].
    qpos: all generalised positions. block_px (3,), rod_px (2,): ground truth in the plane.
    link_positions (L, 3) [m] and link_turns (L, 4) w, x, y, z: links in base.
    """

    stamp: float
    position: np.ndarray
    velocity: np.ndarray
    qpos: np.ndarray
    block_px: np.ndarray
    rod_px: np.ndarray
    link_positions: np.ndarray
    link_turns: np.ndarray


class TableDriver:
    """The arm of the Push-T world as a driver: each read is one physics step later."""

    grippers: tuple[str, ...] = ()

    def __init__(self, world: PushTWorld) -> None:
        self.world = world
        self.names = world.config.robot.names
        self.rate = 1 / world.dt
        self.target = world.joint_positions
        self._still = np.zeros(len(self.names))

    def connect(self) -> None:
        """It is there."""

    def recover(self) -> None:
        """Nothing ever fails."""

    def read(self) -> ArmReading:
        """One step on, towards what was written last."""
        self.world.step(self.target)
        joints = JointSample(self.world.joint_positions, self.world.joint_velocities, self._still)
        return ArmReading(joints=joints, grippers=self._still[:0])

    def write(self, command: ArmCommand) -> None:
        """Aim the servos."""
        self.target = command.joints.position

    def close(self) -> None:
        """The world stands still."""


class SimulatedArm:
    """The world and the loop that runs it; `control` is what a trajectory server serves."""

    def __init__(
        self,
        world: PushTWorld,
        log: CommandLog | None,
        snapshot_rate: float,
        catch_up: float,
        priority: int,
        on_snapshot: Callable[[], object],
    ) -> None:
        self.log = log
        self._motion = Motion.PLAYING
        self._world, self._driver = world, TableDriver(world)
        self._on_snapshot = on_snapshot
        self._every = max(round(1 / (snapshot_rate * world.dt)), 1)
        self._ticks = 0
        model = world.model
        bodies = [model.body(index).name for index in range(model.nbody)]
        self.links = tuple(name for name in bodies if name.startswith("link_"))
        self._links = np.array([model.body(name).id for name in self.links])
        robot = world.config.robot
        limits, gate = Limits.of(robot), GateConfig(period=world.dt)
        controller = TrajectoryController(ControllerConfig(joints=robot.names), robot.home)
        self._loop = ArmLoop(
            self._driver,
            {GROUP: Part(controller=controller, columns=np.arange(len(robot.names)))},
            (),
            lambda position: Gate(limits, gate, position),
            lambda: world.time,
            catch_up=catch_up,
            priority=priority,
            on_tick=self._on_tick,
        )
        self.control = GroupControl(self._loop, GROUP)
        self.snapshot = self._look(world.time)

    @property
    def motion(self) -> Motion:
        """Whether simulated time goes on."""
        return self._motion

    @motion.setter
    def motion(self, motion: Motion) -> None:
        self._motion = motion
        self._loop.paused = motion is not Motion.PLAYING

    @property
    def rate(self) -> float:
        """Ticks per second that the loop aims at."""
        return self._driver.rate

    @property
    def now(self) -> float:
        """Simulated time [s]."""
        return self._world.time

    def start(self) -> None:
        """Let time run, the arm enabled."""
        self._loop.connect()
        self._loop.enable()

    def stop(self) -> None:
        """Stop for good."""
        self._loop.close()

    def statistics(self) -> LoopStatistics:
        """How well the loop keeps wall time."""
        return self._loop.statistics()

    def reset(self, start: int | np.ndarray) -> np.ndarray:
        """Put the task to a start (see PushTWorld.reset) and hold there; time goes on."""
        with self._loop.lock:
            state = self._world.reset(start)
            self._driver.target = self._world.joint_positions
            self._loop.put_at(self._driver.target)
            if self.log is not None:
                self.log.cut(self.now)
        return state

    def advance(self, steps: int) -> None:
        """Make so many physics steps now, as fast as they go; for a paused simulation."""
        self._loop.advance(steps)

    def _on_tick(self, shot: ArmSnapshot) -> None:
        if self.log is not None:
            self.log.add(shot.stamp, shot.sent.position)
        self._ticks += 1
        if self._ticks % self._every == 0:
            self.snapshot = self._look(shot.stamp)
            self._on_snapshot()

    def _look(self, stamp: float) -> Snapshot:
        world = self._world
        return Snapshot(
            stamp=stamp,
            position=world.joint_positions,
            velocity=world.joint_velocities,
            qpos=world.qpos,
            block_px=world.block_pose_px(),
            rod_px=world.rod_px(),
            link_positions=world.data.xpos[self._links],
            link_turns=world.data.xquat[self._links],
        )
