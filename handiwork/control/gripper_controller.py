"""A gripper action controller without ROS: one finger moves, the others follow it.

The command approaches the goal inside the gripper's speed. A goal succeeds within its tolerance;
fingers that stop short of it, as on a thing that they hold, have stalled.

Source: parallel_gripper_action_controller and gripper_action_controller (ros2_controllers, branches
jazzy and kilted): names and defaults of parameters, check_for_success. One default differs:
goal_tolerance, since theirs of 0.01 is a quarter of these grippers' stroke.
"""

from dataclasses import dataclass

import ruckig

from handiwork.control.trajectory_controller import GoalState
from handiwork.errors import RejectedTrajectory
from handiwork.robots.group import Gripper

_TO_SPEED = 0.1  # [s] from rest to the gripper's speed, half of it to full acceleration
_SLACK = 0.001  # [m] by which a goal may lie outside the stroke
_REMEMBERED_GOALS = 32


@dataclass(frozen=True, kw_only=True)
class GripperConfig:
    """Parameters of the original, with its names."""

    goal_tolerance: float = 0.002  # [m] of the first finger
    allow_stalling: bool = False  # a goal whose fingers stall succeeds instead of being aborted
    stall_velocity_threshold: float = 0.001  # [m/s]
    stall_timeout: float = 1.0  # [s]


@dataclass(frozen=True, kw_only=True)
class GripperStatus:
    """How a goal stands."""

    state: GoalState
    stalled: bool = False
    reached_goal: bool = False


class GripperController:
    """Drives one gripper; positions are those of its first finger [m]."""

    def __init__(self, gripper: Gripper, config: GripperConfig, period: float) -> None:
        self.gripper, self.config = gripper, config
        self.effort = gripper.effort
        self._solver = ruckig.Ruckig(1, period)
        self._way, self._next = ruckig.InputParameter(1), ruckig.OutputParameter(1)
        acceleration = gripper.velocity / _TO_SPEED
        self._way.max_velocity = [gripper.velocity]
        self._way.max_acceleration = [2 * acceleration]
        self._way.max_jerk = [4 * acceleration / _TO_SPEED]
        self._goals: dict[int, GripperStatus] = {}
        self._count = 0
        self._moved = 0.0  # [s] when the fingers were last seen to move
        self._seen: tuple[float, float] | None = None  # time and position of the last tick
        self.active_goal: int | None = None
        self.anchor(gripper.upper)

    @property
    def command(self) -> float:
        """What was commanded last [m]."""
        return self._way.current_position[0]

    def anchor(self, position: float) -> None:
        """Hold a position; the active goal ends ABORTED."""
        self._end(GripperStatus(state=GoalState.ABORTED))
        self._way.current_position = self._way.target_position = [position]
        self._way.current_velocity = self._way.current_acceleration = [0.0]

    def check(self, position: float) -> None:
        """Let a goal through, or raise.

        Raises:
            RejectedTrajectory: outside the stroke.
        """
        low, high = self.gripper.lower - _SLACK, self.gripper.upper + _SLACK
        if not low <= position <= high:
            raise RejectedTrajectory(
                f"the gripper is wanted at {position:.4g} m, "
                f"want {self.gripper.lower} to {self.gripper.upper} m of the first finger."
            )

    def start(self, position: float, effort: float, now: float) -> int:
        """Go to a position; returns the goal's number. A goal still active ends ABORTED.

        effort: [N] the most to press with; 0 means as much as the gripper may.

        Raises:
            RejectedTrajectory: outside the stroke.
        """
        self.check(position)
        self._end(GripperStatus(state=GoalState.ABORTED))
        low, high = self.gripper.lower, self.gripper.upper
        self._way.target_position = [min(max(position, low), high)]
        self.effort = min(effort, self.gripper.effort) if effort > 0 else self.gripper.effort
        self._moved = now
        self._count += 1
        self.active_goal = self._count
        self._remember(self._count, GripperStatus(state=GoalState.RUNNING))
        return self._count

    def cancel(self) -> None:
        """Stop on the way; always accepted."""
        self._end(GripperStatus(state=GoalState.CANCELED))
        self._way.target_position = [self._stopping_point()]

    def status(self, number: int) -> GripperStatus:
        """How a goal stands; the newest 32 are remembered."""
        return self._goals[number]

    def step(self, now: float, measured: float) -> float:
        """One tick: the command for `now` [m]; ends the goal where it is reached or stalled."""
        self._solver.update(self._way, self._next)
        self._next.pass_to_input(self._way)
        self._judge(now, measured)
        return self.command

    def _judge(self, now: float, measured: float) -> None:
        if self._seen is None or now - self._seen[0] > 0.02:  # speeds over a few ticks, for noise
            if self._seen is not None:
                speed = abs(measured - self._seen[1]) / (now - self._seen[0])
                if speed > self.config.stall_velocity_threshold:
                    self._moved = now
            self._seen = now, measured
        if self.active_goal is None:
            return
        if abs(measured - self._way.target_position[0]) < self.config.goal_tolerance:
            self._end(GripperStatus(state=GoalState.SUCCEEDED, reached_goal=True))
        elif now - self._moved > self.config.stall_timeout:
            state = GoalState.SUCCEEDED if self.config.allow_stalling else GoalState.ABORTED
            self._end(GripperStatus(state=state, stalled=True))

    def _stopping_point(self) -> float:
        """Near enough: where the fingers are after braking from the present speed [m]."""
        speed, strongest = self._way.current_velocity[0], self._way.max_acceleration[0]
        return self.command + speed * abs(speed) / strongest

    def _end(self, status: GripperStatus) -> None:
        if self.active_goal is not None:
            self._remember(self.active_goal, status)
            self.active_goal = None

    def _remember(self, number: int, status: GripperStatus) -> None:
        self._goals[number] = status
        self._goals.pop(number - _REMEMBERED_GOALS, None)
