"""How far joints may be from where they should be, on the way and at the end.

Zero means not checked. Accelerations are not measured, so their tolerances are not checked.

Source: joint_trajectory_controller (ros2_controllers, branch kilted), tolerances.hpp.
Shapes: J joints.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.trajectory_request import GoalRequest, Tolerance

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class JointConstraint:
    """Parameters constraints.<joint>.*; 0 = not checked."""

    trajectory: float = 0.0  # [rad] on the way
    goal: float = 0.0  # [rad] at the end


@dataclass(frozen=True, kw_only=True, eq=False)
class StateTolerance:
    """Allowed errors of J joints: (J,) [rad] and (J,) [rad/s]."""

    names: tuple[str, ...]
    position: np.ndarray
    velocity: np.ndarray

    def broken(self, desired: JointSample, measured: JointSample) -> str | None:
        """The first joint that is out of tolerance, in words, or None."""
        checks = (
            ("rad", self.position, desired.position, measured.position),
            ("rad/s", self.velocity, desired.velocity, measured.velocity),
        )
        for unit, allowed, want, got in checks:
            error = np.abs(want - got)
            outside = (allowed > 0) & (error > allowed)
            if outside.any():
                joint = int(outside.argmax())
                return (
                    f"{self.names[joint]} is off by {error[joint]:.4f} {unit}, "
                    f"allowed {allowed[joint]:.4f}"
                )
        return None

    def overridden(self, wanted: Mapping[str, Tolerance]) -> "StateTolerance":
        """These tolerances with those of a goal put over them."""
        position, velocity = self.position.copy(), self.velocity.copy()
        for name, tolerance in wanted.items():
            joint = self.names.index(name)
            position[joint] = resolve(position[joint], tolerance.position)
            velocity[joint] = resolve(velocity[joint], tolerance.velocity)
        return StateTolerance(names=self.names, position=position, velocity=velocity)


@dataclass(frozen=True, kw_only=True, eq=False)
class Tolerances:
    """Everything that one goal is judged by; goal_time [s] after the end, 0 = wait for ever."""

    path: StateTolerance
    goal: StateTolerance
    goal_time: float

    @staticmethod
    def defaults(
        joints: tuple[str, ...],
        constraints: Mapping[str, JointConstraint],
        stopped_velocity: float,
        goal_time: float,
    ) -> "Tolerances":
        """The tolerances that the controller's parameters give."""
        each = [constraints.get(name, JointConstraint()) for name in joints]
        still = np.zeros(len(joints))
        path, goal = (np.array([getattr(c, what) for c in each]) for what in ("trajectory", "goal"))
        return Tolerances(
            path=StateTolerance(names=joints, position=path, velocity=still),
            goal=StateTolerance(names=joints, position=goal, velocity=still + stopped_velocity),
            goal_time=goal_time,
        )

    def with_goal(self, goal: GoalRequest, joints: tuple[str, ...]) -> "Tolerances":
        """Put a goal's tolerances over these; as in the original, bad ones leave the defaults."""
        try:
            for name in (*goal.path_tolerance, *goal.goal_tolerance):
                if name not in joints:
                    raise ValueError(f"tolerance of unknown joint {name!r}")
            return Tolerances(
                path=self.path.overridden(goal.path_tolerance),
                goal=self.goal.overridden(goal.goal_tolerance),
                goal_time=resolve(self.goal_time, goal.goal_time_tolerance),
            )
        except ValueError as error:
            log.warning("%s: the controller's own tolerances are kept. Check the goal.", error)
            return self


def resolve(default: float, wanted: float) -> float:
    """A goal's tolerance: 0 keeps the default, -1 lifts the limit (0), others replace it."""
    if wanted == 0.0:
        return default
    if wanted == -1.0:
        return 0.0
    if not wanted > 0.0:
        raise ValueError(f"tolerance {wanted}, want -1, 0 or more")
    return wanted
