"""Planning problems with an answer, seeded: pairs of postures in a scene around an arm.

A start and a goal are random postures around home with the tool in the scene's regions. A pair
counts only if a long search, apart from the planner that is measured, joins it: OMPL's RRT-Connect
for up to 10 s with samples 10 mrad apart, whose path must be free at 1 mrad. What that search
cannot join is left out, and counted.

Shapes: J joints of the robot, G joints of the group, N postures.
"""

from dataclasses import dataclass

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.clearance import clearance_of
from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.edge_checker import EdgeChecker
from handiwork.planning.light_hulls import light_geometry
from handiwork.planning.problem_scenes import Block, Setting, Stand, at, scene_of
from handiwork.planning.rrt_connect import RRTConnect
from handiwork.planning.sampled_motion import SampledMotion
from handiwork.planning.state_checker import StateChecker
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot

_LONG = 10.0  # [s] of the search that a problem must yield to
_CANDIDATES = 2000  # random postures at a time
_AROUND_HOME = 1.5  # [rad] that a joint of a start or goal is from home at most
_ROUNDS = 2000  # of candidates, at most
_SEARCHES = 3  # for a pair, where paths that were found graze something


@dataclass(frozen=True, eq=False)
class Problem:
    """From one posture to another, both (G,) [rad]."""

    start: np.ndarray
    goal: np.ndarray


@dataclass(frozen=True, eq=False)
class Drawn:
    """Problems that can be solved, and how many pairs were left out on the way to them."""

    problems: list[Problem]
    left_out: int


def solvable_problems(robot: Robot, setting: Setting, stand: Stand, count: int, seed: int) -> Drawn:
    """That many problems, the same ones for the same seed."""
    generator = np.random.default_rng(seed)
    search = _Search(robot, setting, stand)
    starts = search.postures(setting.start, count, generator)
    goals = search.postures(setting.goal, count, generator)
    problems: list[Problem] = []
    for tried in range(20 * count):
        if len(problems) == count:
            return Drawn(problems, tried - count)
        start = starts[generator.integers(len(starts))]
        goal = goals[generator.integers(len(goals))]
        if search.joins(start, goal):
            problems.append(Problem(start, goal))
    raise ValueError(f"only {len(problems)} of {count} problems for {robot.name} can be solved")


class _Search:
    """Postures with the tool in a region, and the long search."""

    def __init__(self, robot: Robot, setting: Setting, stand: Stand) -> None:
        body, group = body_of(robot), robot.group(stand.group)
        scene = scene_of(setting, stand)
        home = body.configuration(robot.home)
        self._world = CollisionWorld(body.model, light_geometry(body), group.joints, home, scene)
        self._checker = StateChecker(self._world)
        self._checker.keep_clear(clearance_of(robot, self._world))
        self._proof = EdgeChecker(self._checker, 1e-3)
        self._stand = stand
        columns = robot.columns(group)
        self._lower, self._upper = robot.lower[columns], robot.upper[columns]
        self._nearest = np.maximum(self._lower, robot.home[columns] - _AROUND_HOME)
        self._furthest = np.minimum(self._upper, robot.home[columns] + _AROUND_HOME)
        self._data = self._world.model.createData()
        frame = group.tool.frame if group.tool else group.base_link
        self._tool = self._world.model.getFrameId(frame)

    def postures(self, region: Block, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count, G) free postures with the tool in the region."""
        low, high = at(region[0], self._stand), at(region[1], self._stand)
        found: list[np.ndarray] = []
        for _ in range(_ROUNDS):
            size = (_CANDIDATES, len(self._lower))
            for posture in generator.uniform(self._nearest, self._furthest, size):
                point = self._point(posture)
                if (point > low).all() and (point < high).all() and self._checker.free(posture):
                    found.append(posture)
            if len(found) >= count:
                return np.array(found[:count])
        raise ValueError(
            f"found {len(found)} free postures with the tool in {region}, want {count}"
        )

    def joins(self, start: np.ndarray, goal: np.ndarray) -> bool:
        """Whether a long search finds a path, and the path is free at 1 mrad."""
        search = RRTConnect(self._lower, self._upper, 0.5)
        motions = SampledMotion(self._checker, 0.01)
        for _ in range(_SEARCHES):
            path = search.search(start, goal[None], self._checker.free, motions, _LONG)
            if path is None:
                return False
            if self._proof.path_free(path):
                return True
        return False

    def _point(self, posture: np.ndarray) -> np.ndarray:
        model = self._world.model
        pin.forwardKinematics(model, self._data, self._world.configuration(posture))
        return pin.updateFramePlacement(model, self._data, self._tool).translation
