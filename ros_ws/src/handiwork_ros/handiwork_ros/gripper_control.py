"""One gripper's share of the loop, as its server sees it."""

from handiwork.control.gripper_controller import GripperController, GripperStatus
from handiwork.errors import RejectedTrajectory
from handiwork_ros.arm_loop import ArmLoop


class GripperControl:
    """What gripper_server serves; positions are those of the first finger [m]."""

    def __init__(self, loop: ArmLoop, index: int) -> None:
        self._loop, self._index = loop, index
        self._controller: GripperController = loop.grippers[index]
        self.joint = self._controller.gripper.joints[0]

    @property
    def position(self) -> float:
        """Measured [m]; what was commanded where nothing was measured yet."""
        shot = self._loop.snapshot
        return (
            self._controller.command if shot is None else float(shot.reading.grippers[self._index])
        )

    @property
    def effort(self) -> float:
        """Measured [N]; 0 where the robot does not say."""
        shot = self._loop.snapshot
        if shot is None or shot.reading.gripper_effort is None:
            return 0.0
        return float(shot.reading.gripper_effort[self._index])

    def check(self, position: float) -> None:
        """Say whether a goal would be taken.

        Raises:
            RejectedTrajectory: outside the stroke, or nothing may move.
        """
        if not self._loop.enabled:
            raise RejectedTrajectory(
                f"nothing may move: {self._loop.reason.rstrip('.')}. Enable the arm first."
            )
        self._controller.check(position)

    def begin(self, position: float, effort: float) -> int:
        """Go there; returns the goal's number. effort: [N] at most, 0 as much as it may.

        Raises:
            RejectedTrajectory: outside the stroke, or nothing may move.
        """
        with self._loop.lock:
            self.check(position)
            return self._controller.start(position, effort, self._loop.now())

    def cancel(self) -> None:
        """Stop on the way."""
        with self._loop.lock:
            self._controller.cancel()

    def status(self, number: int) -> GripperStatus:
        """How the goal of that number stands."""
        with self._loop.lock:
            return self._controller.status(number)
