"""The loop of every arm server: read, controllers, gate, write; one tick at a time.

Everything that ticks belongs to the loop's thread; everyone else goes through the methods here and
those of GroupControl, which wait for the tick in progress, and reads `snapshot`, which is replaced
and never changed.

Shapes: J joints and G grippers of the robot.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handiwork.control.arm_values import ArmCommand
from handiwork.control.gripper_controller import GripperController
from handiwork.control.joint_trajectory import JointSample
from handiwork.errors import DriverFailed
from handiwork.ports import ArmDriver
from handiwork.safety import Gate, GateState
from handiwork_ros.arm_snapshot import ArmSnapshot, Part
from handiwork_ros.real_time_loop import LoopStatistics, RealTimeLoop


class ArmLoop:
    """A robot, its controllers, its gate, and the thread that runs them.

    Connected, it holds its place; only once enabled it takes commands. A driver that fails, a gate
    that stops and whoever disables it end all goals with the reason, and nothing moves until it is
    enabled again.
    """

    def __init__(
        self,
        driver: ArmDriver,
        parts: Mapping[str, Part],
        grippers: Sequence[GripperController],
        make_gate: Callable[[np.ndarray], Gate],
        clock: Callable[[], float],
        *,
        catch_up: float,
        priority: int,
        on_tick: Callable[[ArmSnapshot], object],
    ) -> None:
        """Args:
        parts: controllers by group.
        grippers: in the driver's order.
        make_gate: a new gate for an arm that rests at (J,) [rad].
        clock: seconds, increasing from tick to tick.
        catch_up: lateness that is made up for [s].
        on_tick: runs in the loop's thread.
        """
        self.driver, self.parts, self.grippers = driver, parts, grippers
        self.paused = False
        self.failure: DriverFailed | None = None
        self.snapshot: ArmSnapshot | None = None
        self.now = clock
        self._make_gate, self._on_tick = make_gate, on_tick
        self._gate = make_gate(np.zeros(len(driver.names)))
        self._loop = RealTimeLoop(self._tick, 1 / driver.rate, catch_up, priority)
        self.lock = self._loop.lock

    @property
    def state(self) -> GateState:
        """Of the gate."""
        return self._gate.state

    @property
    def reason(self) -> str:
        """Why nothing may move; empty while enabled."""
        return str(self.failure) if self.failure is not None else self._gate.reason

    @property
    def enabled(self) -> bool:
        """Whether commands are followed."""
        return self._gate.state is GateState.ENABLED and self.failure is None

    @property
    def connected(self) -> bool:
        """Whether the loop runs."""
        return self._loop.alive

    def connect(self) -> None:
        """Take hold of the robot and hold it where it is.

        Raises:
            DriverFailed: it cannot be reached.
        """
        self.driver.connect()
        self._begin()
        self._loop.start()

    def close(self) -> None:
        """Let go; what runs ends with the reason."""
        self._loop.stop()
        self._end_goals("the arm server let go of the robot")
        self._gate.disable()
        self.driver.close()

    def enable(self) -> None:
        """Take commands from now on, from where the arm is; after a failure, reach for it again.

        Raises:
            DriverFailed: the robot still fails.
            RefusedCommand: the gate does not allow it now.
        """
        with self.lock:
            if self.enabled:
                return
            self._recover()
            self._gate.release_emergency_stop()
            self._gate.enable(self._reading.joints.position, self.now(), self.now())
            self._hold("the arm was enabled")
            self._loop.excuse()

    def recover(self) -> None:
        """After a failure, reach for the robot again and hold it; it is enabled apart.

        Raises:
            DriverFailed: the robot still fails.
        """
        with self.lock:
            self._recover()
            self._loop.excuse()

    def disable(self) -> None:
        """Come to rest, hold, and take no more commands."""
        with self.lock:
            self._gate.disable()
            self._end_goals("the arm was disabled")

    def press_emergency_stop(self) -> None:
        """Come to rest and hold until somebody enables the arm."""
        with self.lock:
            self._gate.press_emergency_stop()
            self._end_goals(self._gate.reason)

    def put_at(self, position: np.ndarray) -> None:
        """Somebody put the arm elsewhere: hold it there, (J,) [rad]. The caller has the lock."""
        self._gate = self._make_gate(position)
        self._gate.enable(position, self.now(), self.now())
        for part in self.parts.values():
            part.controller.hold(position[part.columns])
        self._loop.excuse()

    def advance(self, ticks: int) -> None:
        """So many ticks now, as fast as they go; for a simulation that is paused."""
        with self.lock:
            for _ in range(ticks):
                self._step()
            self._loop.excuse()

    def statistics(self) -> LoopStatistics:
        """How well the loop keeps wall time."""
        return self._loop.statistics()

    def measured(self) -> JointSample:
        """The newest reading; the caller has the lock."""
        return self._reading.joints

    def _recover(self) -> None:
        if self.failure is not None:
            self.driver.recover()
            self._begin()

    def _begin(self) -> None:
        """Everything anew, at rest where the robot is."""
        self._reading = self.driver.read()
        self._gate = self._make_gate(self._reading.joints.position)
        self._hold("the arm server took hold of the robot")
        for gripper, position in zip(self.grippers, self._reading.grippers, strict=True):
            gripper.anchor(float(position))
        self.failure = None

    def _tick(self) -> None:
        if self.paused or self.failure is not None:
            return
        try:
            self._step()
        except DriverFailed as error:
            self.failure = error
            self._gate.stop(str(error))
            self._end_goals(str(error))

    def _step(self) -> None:
        self._reading = reading = self.driver.read()
        now = self.now()
        wanted = None
        if enabled := self._gate.state is GateState.ENABLED:
            wanted = self._wanted(now)
        sent = self._gate.step(wanted, reading.joints.position, now, now)
        if enabled and sent.state is not GateState.ENABLED:
            self._end_goals(self._gate.reason)
        joints = JointSample(sent.position, sent.velocity, sent.acceleration)
        grippers = np.array(
            [
                gripper.step(now, float(position))
                for gripper, position in zip(self.grippers, reading.grippers, strict=True)
            ]
        )
        efforts = np.array([gripper.effort for gripper in self.grippers])
        self.driver.write(ArmCommand(joints=joints, grippers=grippers, gripper_effort=efforts))
        self.snapshot = ArmSnapshot(
            stamp=now, reading=reading, reference=wanted or joints, sent=sent, grippers=grippers
        )
        self._on_tick(self.snapshot)

    def _wanted(self, now: float) -> JointSample:
        """What all controllers together ask for; joints that none has stay where they are."""
        whole = JointSample.at_rest(self._gate.position)
        whole = JointSample(whole.position, whole.velocity.copy(), whole.acceleration.copy())
        for part in self.parts.values():
            at = part.columns
            share = part.controller.command(now, part.of(self._reading.joints))
            whole.position[at] = share.position
            whole.velocity[at] = share.velocity
            whole.acceleration[at] = share.acceleration
        return whole

    def _end_goals(self, reason: str) -> None:
        self._hold(f"The arm was stopped: {reason.rstrip('.')}. Enable it to go on.")
        for gripper in self.grippers:
            gripper.anchor(gripper.command)

    def _hold(self, why: str) -> None:
        """All controllers hold what was sent last; goals that run end ABORTED."""
        for part in self.parts.values():
            part.controller.hold(self._gate.position[part.columns], why)
