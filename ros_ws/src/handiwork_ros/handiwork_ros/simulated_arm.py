"""The simulated arm behind its controller, in wall time: one tick is one physics step.

Everything that ticks belongs to the loop's thread; everyone else goes through the methods here,
which wait for the tick in progress, and reads `snapshot`, which is replaced and never changed.
Shapes: J joints, L links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.trajectory_controller import GoalStatus, TrajectoryController
from handiwork.control.trajectory_request import GoalRequest, TrajectoryRequest
from handiwork.sim.push_t_world import PushTWorld
from handiwork_ros.command_log import CommandLog
from handiwork_ros.real_time_loop import LoopStatistics, RealTimeLoop


class Motion(Enum):
    """Whether simulated time goes on."""

    STOPPED = 0
    PLAYING = 1
    PAUSED = 2


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The world and its controller at `stamp` [s].

    position, velocity: (J,) measured [rad], [rad/s]. reference: what is commanded.
    qpos: all generalised positions. block_px (3,), rod_px (2,): ground truth in the plane.
    link_positions (L, 3) [m] and link_turns (L, 4) w, x, y, z: links in base.
    """

    stamp: float
    position: np.ndarray
    velocity: np.ndarray
    reference: JointSample
    qpos: np.ndarray
    block_px: np.ndarray
    rod_px: np.ndarray
    link_positions: np.ndarray
    link_turns: np.ndarray


class SimulatedArm:
    """A world, a controller and the loop that runs both."""

    def __init__(
        self,
        world: PushTWorld,
        controller: TrajectoryController,
        log: CommandLog | None,
        snapshot_rate: float,
        catch_up: float,
        priority: int,
        on_snapshot: Callable[[], object],
    ) -> None:
        self.motion = Motion.PLAYING
        self.controller = controller
        self.log = log
        self._world = world
        self._on_snapshot = on_snapshot
        self._every = max(round(1 / (snapshot_rate * world.dt)), 1)
        self._ticks = 0
        model = world.model
        bodies = [model.body(index).name for index in range(model.nbody)]
        self.links = tuple(name for name in bodies if name.startswith("link_"))
        self._links = np.array([model.body(name).id for name in self.links])
        self._still = np.zeros(len(world.joint_positions))
        self._reference = controller.reference
        self.snapshot = self._look()
        self._loop = RealTimeLoop(self._tick, world.dt, catch_up, priority)

    @property
    def rate(self) -> float:
        """Ticks per second that the loop aims at."""
        return 1 / self._world.dt

    @property
    def now(self) -> float:
        """Simulated time [s]."""
        return self._world.time

    def start(self) -> None:
        """Let time run."""
        self._loop.start()

    def stop(self) -> None:
        """Stop for good."""
        self._loop.stop()

    def statistics(self) -> LoopStatistics:
        """How well the loop keeps wall time."""
        return self._loop.statistics()

    def check(self, request: TrajectoryRequest) -> None:
        """Say whether the controller would take it.

        Raises:
            RejectedTrajectory: its rules do not allow it.
        """
        self.controller.check(request, self.now)

    def status(self, number: int) -> GoalStatus:
        """How the goal of that number stands."""
        with self._loop.lock:
            return self.controller.status(number)

    def follow(self, request: TrajectoryRequest) -> None:
        """Replace what the arm follows.

        Raises:
            RejectedTrajectory: the controller's rules do not allow it.
        """
        with self._loop.lock:
            self.controller.follow(request, self.now, self._measured())

    def begin(self, goal: GoalRequest) -> int:
        """Follow a goal; returns its number. The one before it ends ABORTED.

        Raises:
            RejectedTrajectory: the controller's rules do not allow it.
        """
        with self._loop.lock:
            return self.controller.start(goal, self.now, self._measured())

    def cancel(self) -> None:
        """End the active goal and stay where the arm is now."""
        with self._loop.lock:
            self.controller.cancel(self.now, self._measured())

    def reset(self, start: int | np.ndarray) -> np.ndarray:
        """Put the task to a start (see PushTWorld.reset) and hold there; time goes on."""
        with self._loop.lock:
            state = self._world.reset(start)
            self.controller.hold(self._world.joint_positions)
            if self.log is not None:
                self.log.cut(self.now)
            self._loop.excuse()
        return state

    def advance(self, steps: int) -> None:
        """Make so many physics steps now, as fast as they go; for a paused simulation."""
        with self._loop.lock:
            for _ in range(steps):
                self._step()
            self._loop.excuse()

    def _tick(self) -> None:
        if self.motion is Motion.PLAYING:
            self._step()

    def _step(self) -> None:
        now = self._world.time
        self._reference = self.controller.command(now, self._measured())
        if self.log is not None:
            self.log.add(now, self._reference.position)
        self._world.step(self._reference.position)
        self._ticks += 1
        if self._ticks % self._every == 0:
            self.snapshot = self._look()
            self._on_snapshot()

    def _measured(self) -> JointSample:
        world = self._world
        return JointSample(
            position=world.joint_positions,
            velocity=world.joint_velocities,
            acceleration=self._still,  # not measured
        )

    def _look(self) -> Snapshot:
        world = self._world
        return Snapshot(
            stamp=world.time,
            position=world.joint_positions,
            velocity=world.joint_velocities,
            reference=self._reference,
            qpos=world.qpos,
            block_px=world.block_pose_px(),
            rod_px=world.rod_px(),
            link_positions=world.data.xpos[self._links],
            link_turns=world.data.xquat[self._links],
        )
