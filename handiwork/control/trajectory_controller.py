"""A joint trajectory controller without ROS: the rules that MoveIt, Servo and RViz count on.

Any arm server drives one of these from its loop: `command` once a tick, `follow` for a topic
message, `start` and `cancel` for the action.

Source: joint_trajectory_controller (ros2_controllers, branches jazzy and kilted) and its
documentation; names of parameters and codes are the original's.
Shapes: J joints.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.sampling import sample
from handiwork.control.tolerances import JointConstraint, Tolerances
from handiwork.control.trajectory_request import GoalRequest, TrajectoryRequest
from handiwork.control.trajectory_rules import (
    check_names,
    check_points,
    check_time,
    to_trajectory,
)
from handiwork.errors import RejectedTrajectory

log = logging.getLogger(__name__)

SUCCESSFUL, INVALID_GOAL = 0, -1  # control_msgs/action/FollowJointTrajectory
PATH_TOLERANCE_VIOLATED, GOAL_TOLERANCE_VIOLATED = -4, -5
_REMEMBERED_GOALS = 32


class GoalState(Enum):
    """Where a goal of the action stands."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    ABORTED = "aborted"
    CANCELED = "canceled"


@dataclass(frozen=True, kw_only=True)
class GoalStatus:
    """How a goal stands, with the action's error code and text."""

    state: GoalState
    code: int = SUCCESSFUL
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class ControllerConfig:
    """Parameters of joint_trajectory_controller, with its names.

    One default differs: interpolate_from_desired_state is true, because chunks are streamed and
    each trajectory continues the one before it, not the measured state that lags behind.
    """

    joints: tuple[str, ...]
    allow_partial_joints_goal: bool = False
    interpolate_from_desired_state: bool = True
    allow_nonzero_velocity_at_trajectory_end: bool = False
    stopped_velocity_tolerance: float = 0.01  # [rad/s] 0 = not checked
    goal_time: float = 0.0  # [s] after the end; 0 = wait for ever
    constraints: Mapping[str, JointConstraint] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = set(self.constraints) - set(self.joints)
        if unknown:
            raise ValueError(
                f"constraints must name joints of {self.joints}, got {sorted(unknown)}"
            )


class TrajectoryController:
    """Follows the newest trajectory and answers for the goal that somebody waits for."""

    def __init__(self, config: ControllerConfig, position: np.ndarray) -> None:
        self.config = config
        self.reference = JointSample.at_rest(position)
        self._trajectory: JointTrajectory | None = None
        self._defaults = Tolerances.defaults(
            config.joints, config.constraints, config.stopped_velocity_tolerance, config.goal_time
        )
        self._tolerances = self._defaults
        self._first_tick = False
        self._count = 0
        self._goals: dict[int, GoalStatus] = {}
        self.active_goal: int | None = None

    def check(self, request: TrajectoryRequest, now: float) -> None:
        """Let a trajectory through, or raise.

        Raises:
            RejectedTrajectory: a goal is then rejected, a topic message dropped with an error.
        """
        config = self.config
        check_names(request, config.joints, config.allow_partial_joints_goal)
        check_points(request, config.allow_nonzero_velocity_at_trajectory_end)
        check_time(request, now)

    def follow(self, request: TrajectoryRequest, now: float, measured: JointSample) -> None:
        """Follow a topic message. It replaces the trajectory but ends no goal."""
        self.check(request, now)
        arrival = self.reference
        if not self.config.interpolate_from_desired_state:
            unknown = np.full(len(measured.position), np.nan)  # nobody measures accelerations
            arrival = JointSample(measured.position, measured.velocity, unknown)
        self._trajectory = to_trajectory(request, self.config.joints, now, arrival)
        self._first_tick = True

    def start(self, goal: GoalRequest, now: float, measured: JointSample) -> int:
        """Follow an action goal, whose number is returned. A goal still active is aborted."""
        self.follow(goal.trajectory, now, measured)
        self._end_goal(
            GoalState.ABORTED, INVALID_GOAL, "Current goal preempted by new incoming action."
        )
        self._tolerances = self._defaults.with_goal(goal, self.config.joints)
        self._count += 1
        self.active_goal = self._count
        self._remember(self._count, GoalStatus(state=GoalState.RUNNING))
        return self._count

    def command(self, now: float, measured: JointSample) -> JointSample:
        """One tick: the command for `now`; ends the goal or holds where tolerances say so."""
        trajectory = self._trajectory
        if trajectory is None:
            return self.reference
        desired = sample(trajectory, now)
        if now < trajectory.end or self._first_tick:
            broken = self._tolerances.path.broken(desired, measured)
            if broken is not None:
                return self._give_up(measured, PATH_TOLERANCE_VIOLATED, broken)
        self._first_tick = False
        self.reference = desired
        if now >= trajectory.end:
            return self._arrive(trajectory, now, measured)
        return desired

    def cancel(self, now: float, measured: JointSample) -> None:
        """Cancel the active goal, if any, and hold the measured position. Always accepted."""
        if self.active_goal is None:
            return
        self._end_goal(GoalState.CANCELED, SUCCESSFUL, f"Goal cancelled at {now:.3f} s.")
        self._hold(measured.position)

    def hold(
        self, position: np.ndarray, why: str = "Current goal ended: the arm was reset."
    ) -> None:
        """Drop the trajectory and hold a position, as after activation, a stop or a reset."""
        self._end_goal(GoalState.ABORTED, INVALID_GOAL, why)
        self._hold(position)

    def query(self, time: float) -> JointSample:
        """What the trajectory in force asks for at `time` [s].

        Raises:
            RejectedTrajectory: there is none, or the time is outside it.
        """
        trajectory = self._trajectory
        if trajectory is None:
            raise RejectedTrajectory("no trajectory is being followed. Ask while one is.")
        if not trajectory.start <= time <= trajectory.end:
            raise RejectedTrajectory(
                f"{time:.3f} s is outside the trajectory, "
                f"want {trajectory.start:.3f} to {trajectory.end:.3f} s. Ask for a time inside it."
            )
        return sample(trajectory, time)

    def status(self, number: int) -> GoalStatus:
        """How a goal stands; the newest 32 are remembered."""
        return self._goals[number]

    def _arrive(
        self, trajectory: JointTrajectory, now: float, measured: JointSample
    ) -> JointSample:
        """Past the end: succeed within the goal tolerances, wait, or give up after goal_time."""
        broken = self._tolerances.goal.broken(self.reference, measured)
        if broken is None:
            self._end_goal(GoalState.SUCCEEDED, SUCCESSFUL, "Goal successfully reached!")
            self._trajectory = None  # nothing more to judge: the last point is held
            self._tolerances = self._defaults
            return self.reference
        late = now - trajectory.end
        if self._tolerances.goal_time and late > self._tolerances.goal_time:
            text = f"{broken}, {late:.3f} s after the end"
            return self._give_up(measured, GOAL_TOLERANCE_VIOLATED, text)
        return self.reference

    def _give_up(self, measured: JointSample, code: int, broken: str) -> JointSample:
        what = "path" if code == PATH_TOLERANCE_VIOLATED else "goal"
        text = f"Aborted, {what} tolerance violated: {broken}."
        log.warning(text)
        self._end_goal(GoalState.ABORTED, code, text)
        self._hold(measured.position)
        return self.reference

    def _hold(self, position: np.ndarray) -> None:
        self._trajectory = None
        self._tolerances = self._defaults
        self.reference = JointSample.at_rest(position)

    def _end_goal(self, state: GoalState, code: int, text: str) -> None:
        if self.active_goal is not None:
            self._remember(self.active_goal, GoalStatus(state=state, code=code, text=text))
            self.active_goal = None

    def _remember(self, number: int, status: GoalStatus) -> None:
        self._goals[number] = status
        self._goals.pop(number - _REMEMBERED_GOALS, None)
