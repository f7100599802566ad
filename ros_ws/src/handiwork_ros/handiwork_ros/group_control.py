"""One controller's share of the loop, as its server sees it: on the stack's clock, names and all.

The loop's clock starts near zero, where doubles resolve jerks; `epoch` is what the stack's clock
said then.
"""

from dataclasses import dataclass, replace

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.trajectory_controller import GoalStatus
from handiwork.control.trajectory_request import GoalRequest, TrajectoryRequest
from handiwork.errors import RejectedTrajectory
from handiwork_ros.arm_loop import ArmLoop


@dataclass(frozen=True, kw_only=True)
class GroupSnapshot:
    """K joints of one group at `stamp` [s] of the stack's clock."""

    stamp: float
    measured: JointSample
    reference: JointSample
    sent: JointSample


class GroupControl:
    """What joint_trajectory_server serves."""

    def __init__(self, loop: ArmLoop, group: str, epoch: float = 0.0) -> None:
        self._loop, self._epoch = loop, epoch
        self._part = loop.parts[group]
        self._controller = self._part.controller
        self.names = self._controller.config.joints

    @property
    def snapshot(self) -> GroupSnapshot | None:
        """The newest tick; None before the first."""
        shot = self._loop.snapshot
        if shot is None:
            return None
        sent = JointSample(shot.sent.position, shot.sent.velocity, shot.sent.acceleration)
        return GroupSnapshot(
            stamp=shot.stamp + self._epoch,
            measured=self._part.of(shot.reading.joints),
            reference=self._part.of(shot.reference),
            sent=self._part.of(sent),
        )

    def check(self, request: TrajectoryRequest) -> None:
        """Say whether the controller would take it.

        Raises:
            RejectedTrajectory: its rules do not allow it, or nothing may move.
        """
        self._check_enabled()
        self._controller.check(self._here(request), self._loop.now())

    def status(self, number: int) -> GoalStatus:
        """How the goal of that number stands."""
        with self._loop.lock:
            return self._controller.status(number)

    def follow(self, request: TrajectoryRequest) -> None:
        """Replace what the group follows.

        Raises:
            RejectedTrajectory: the controller's rules do not allow it, or nothing may move.
        """
        with self._loop.lock:
            self._check_enabled()
            self._controller.follow(self._here(request), self._loop.now(), self._measured())

    def begin(self, goal: GoalRequest) -> int:
        """Follow a goal; returns its number. The one before it ends ABORTED.

        Raises:
            RejectedTrajectory: the controller's rules do not allow it, or nothing may move.
        """
        with self._loop.lock:
            self._check_enabled()
            goal = replace(goal, trajectory=self._here(goal.trajectory))
            return self._controller.start(goal, self._loop.now(), self._measured())

    def cancel(self) -> None:
        """End the active goal and stay where the group is now."""
        with self._loop.lock:
            self._controller.cancel(self._loop.now(), self._measured())

    def query(self, time: float) -> JointSample:
        """What the trajectory in force asks for at `time` [s] of the stack's clock.

        Raises:
            RejectedTrajectory: there is none, or the time is outside it.
        """
        with self._loop.lock:
            return self._controller.query(time - self._epoch)

    def _measured(self) -> JointSample:
        return self._part.of(self._loop.measured())

    def _here(self, request: TrajectoryRequest) -> TrajectoryRequest:
        """On the loop's clock; stamp 0 means now on either."""
        if not request.stamp or not self._epoch:
            return request
        return replace(request, stamp=request.stamp - self._epoch)

    def _check_enabled(self) -> None:
        if not self._loop.enabled:
            raise RejectedTrajectory(
                f"nothing may move: {self._loop.reason.rstrip('.')}. Enable the arm first."
            )
