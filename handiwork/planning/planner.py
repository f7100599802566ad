"""Collision-free paths for one group of a robot's joints.

The straight motion is tried first, then RRT-Connect with motions checked at samples, which is
quick; what it finds is shortened, and given out only if `EdgeChecker` proves it free at 1 mrad. For
a piece without that proof a detour is searched, then a whole new path, with samples half as far
apart.

Shapes: J joints of the robot, G joints of the group, K goals, N points of a path.
"""

import time
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from handiwork.control.limits import Limits
from handiwork.errors import InCollision, NoPath, OutsideLimits, WrongShape
from handiwork.planning.clearance import clearance_of, pair_distances
from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.edge_checker import EdgeChecker
from handiwork.planning.light_hulls import light_geometry
from handiwork.planning.rrt_connect import RRTConnect
from handiwork.planning.sampled_motion import SampledMotion
from handiwork.planning.scene import Scene
from handiwork.planning.shortcuts import cut_corners, skip_postures
from handiwork.planning.state_checker import StateChecker
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot


@dataclass(frozen=True, kw_only=True)
class PlannerConfig:
    """How a search goes about it."""

    spacing: float = 0.1  # [rad] between samples of a motion while searching
    proof: float = 1e-3  # [rad] between samples, where there is no proof, of a path given out
    reach: float = 1.0  # [rad] a tree grows by at most in one step, over all joints together
    first_try: float = 0.25  # [s] of search before a new one is begun, which gets twice as long
    detour: float = 0.05  # [s] of search around what touches between two samples
    shortcuts: int = 6  # random ones that are tried on a path with corners
    seed: int = 0  # of the random shortcuts

    def __post_init__(self) -> None:
        if not 0 < self.proof <= self.spacing:
            raise ValueError(f"proof must be in (0, spacing={self.spacing}], got {self.proof}")
        if min(self.reach, self.first_try, self.detour) <= 0 or self.shortcuts < 0:
            raise ValueError("reach, first_try and detour must be positive, shortcuts at least 0")


class Planner:
    """Plans for one group of a robot in one scene. Holds pinocchio's and coal's work space."""

    def __init__(
        self,
        robot: Robot,
        scene: Scene,
        group: str | None = None,
        positions: np.ndarray | None = None,
        config: PlannerConfig | None = None,
    ) -> None:
        """Joints outside the group stay at `positions` (J,) [rad]; at home if not given.

        Raises:
            UnknownName: the robot has no such group, or a scene's object hangs on no link of it.
        """
        self.robot, self.group = robot, robot.group(group)
        self.config = config or PlannerConfig()
        body = body_of(robot)
        resting = robot.home if positions is None else positions
        self.world = CollisionWorld(
            body.model, light_geometry(body), self.group.joints, body.configuration(resting), scene
        )
        columns, whole = robot.columns(self.group), Limits.of(robot)
        self.lower, self.upper = robot.lower[columns], robot.upper[columns]
        self.limits = Limits(
            names=self.group.joints,
            lower=self.lower,
            upper=self.upper,
            velocity=whole.velocity[columns],
            acceleration=whole.acceleration[columns],
            jerk=whole.jerk[columns],
        )
        self.checker = StateChecker(self.world)
        self._clearance = clearance_of(robot, self.world)
        self.checker.keep_clear(self._clearance)
        self.proof = EdgeChecker(self.checker, self.config.proof)
        self._search = RRTConnect(self.lower, self.upper, self.config.reach)
        self._generator = np.random.default_rng(self.config.seed)

    def path(self, start: np.ndarray, goals: np.ndarray, seconds: float) -> np.ndarray:
        """A free path (N, G) [rad] from `start` (G,) to whichever of `goals` (K, G) it reaches.

        Goals outside the limits or in collision are left out as long as one is left.

        Raises:
            OutsideLimits: the start, or every goal, is outside the joint limits.
            InCollision: something touches at the start, or at every goal; names the two.
            NoPath: none was found in that many seconds.
        """
        deadline = time.monotonic() + seconds
        self.keep_clear(start)
        self.check_posture(start, "start")
        goals = self._allowed(np.atleast_2d(goals), start)
        for goal in goals:
            if self._straight(start, goal):
                return np.array([start, goal])
        spacing, slice_ = self.config.spacing, self.config.first_try
        while (left := deadline - time.monotonic()) > 0:
            found = self._searched(start, goals, spacing, min(left, slice_))
            if found is None:  # a tree that grew badly is better begun anew
                slice_ *= 2
                continue
            path = self._mended(found, spacing, deadline)
            if path is not None:
                return path
            spacing /= 2
        raise NoPath(
            f"{self.robot.name} found no free path for {self.group.name} in {seconds:g} s. "
            "Give it more time, another goal, or clear the way."
        )

    def check_posture(self, positions: np.ndarray, where: str) -> None:
        """Refuse (G,) [rad] outside the limits or in collision; `where` is "start" or "goal".

        Raises:
            WrongShape, OutsideLimits, InCollision: the first thing that is wrong with it.
        """
        if positions.shape != (len(self.group.joints),):
            raise WrongShape(f"the {where}", positions.shape, f"({len(self.group.joints)},)")
        outside = ~((positions >= self.lower - 1e-6) & (positions <= self.upper + 1e-6))
        if outside.any():
            joint = int(outside.argmax())
            raise OutsideLimits(
                where,
                self.group.joints[joint],
                float(positions[joint]),
                f"{self.lower[joint]:.4f} to {self.upper[joint]:.4f} rad",
                f"Ask {self.robot.name} for a {where} inside its joint limits.",
            )
        if not self.checker.free(positions):
            first, second = self.checker.touching(positions) or ("?", "?")
            raise InCollision(where, first, second)

    def keep_clear(self, start: np.ndarray) -> None:
        """From now on keep bodies apart, but for those that are nearer at `start` (G,) [rad]: the
        arm must get away. Whatever is planned begins with this.
        """
        self.checker.keep_clear(self._clearance)
        if np.shape(start) != (len(self.group.joints),) or self.checker.free(start):
            return
        apart = pair_distances(self.world, start, self._clearance > 0)
        self.checker.keep_clear(np.where(apart < self._clearance, 0.0, self._clearance))

    def _allowed(self, goals: np.ndarray, start: np.ndarray) -> np.ndarray:
        """(K, G) those that can be taken, nearest to the start first."""
        allowed, refusals = [], []
        for goal in goals:
            try:
                self.check_posture(goal, "goal")
                allowed.append(goal)
            except (OutsideLimits, InCollision) as refusal:
                refusals.append(refusal)
        if not allowed:
            raise refusals[0]
        return np.array(sorted(allowed, key=lambda goal: float(np.abs(goal - start).max())))

    def _straight(self, start: np.ndarray, goal: np.ndarray) -> bool:
        quick = SampledMotion(self.checker, 4 * self.config.spacing)
        return quick.free(start, goal) and self.proof.free(start, goal)

    def _mended(self, path: np.ndarray, spacing: float, deadline: float) -> np.ndarray | None:
        """The path (N, G) proven free, with detours where it is not; None where there is none.

        What touches between two samples is most often a corner, with a way around it close by.
        """
        pieces = [path[:1]]
        for start, end in pairwise(path):
            if self.proof.free(start, end):
                pieces.append(end[None])
                continue
            finer, left = spacing / 2, min(self.config.detour, deadline - time.monotonic())
            if finer < self.config.proof or left <= 0:
                return None
            detour = self._searched(start, end[None], finer, left)
            mended = None if detour is None else self._mended(detour, finer, deadline)
            if mended is None:
                return None
            pieces.append(mended[1:])
        return np.concatenate(pieces)

    def _searched(
        self, start: np.ndarray, goals: np.ndarray, spacing: float, seconds: float
    ) -> np.ndarray | None:
        """A shortened path (N, G) that is free at samples, or None where time ran out."""
        motions = SampledMotion(self.checker, spacing)
        path = self._search.search(start, goals, self.checker.free, motions, seconds)
        if path is None:
            return None
        path = skip_postures(path, motions.free)
        path = cut_corners(path, motions.free, self.config.shortcuts, self._generator)
        return skip_postures(path, motions.free)
