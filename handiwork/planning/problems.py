"""Planning problems with an answer, seeded: scenes around an arm, and pairs of postures in them.

Scenes are drawn for an arm of 0.85 m reach that stands on a table at the origin, x forward, and
scaled and moved for each robot. A start and a goal are random postures around home with the tool
in the scene's regions; a pair counts only if a long search, apart from the
planner that is measured, joins it.

Shapes: J joints of the robot, G joints of the group, N postures.
"""

from dataclasses import dataclass

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.edge_checker import EdgeChecker
from handiwork.planning.light_hulls import light_geometry
from handiwork.planning.rrt_connect import RRTConnect
from handiwork.planning.sampled_motion import SampledMotion
from handiwork.planning.scene import Obstacle, Scene, placed
from handiwork.planning.shapes import Box
from handiwork.planning.state_checker import StateChecker
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot

_LONG = 10.0  # [s] of the search that a problem must yield to
_CANDIDATES = 2000  # random postures at a time
_AROUND_HOME = 1.5  # [rad] that a joint of a start or goal is from home at most
_ROUNDS = 2000  # of candidates, at most

Corner = tuple[float, float, float]
Block = tuple[Corner, Corner]  # two corners: lowest and highest


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A scene for the arm of 0.85 m reach: blocks, and where the tool starts and ends [m]."""

    blocks: tuple[Block, ...]
    start: Block
    goal: Block


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Which arm of a robot is asked, where its table's origin is [m], and its size."""

    group: str
    origin: Corner
    scale: float


@dataclass(frozen=True, eq=False)
class Problem:
    """From one posture to another, both (G,) [rad]."""

    start: np.ndarray
    goal: np.ndarray


_TABLE: Block = ((0.2, -0.7, -0.05), (0.9, 0.7, -0.01))
_ROOM: Block = ((0.25, -0.5, 0.1), (0.7, 0.5, 0.7))

SETTINGS = {
    "open": Setting(blocks=(_TABLE,), start=_ROOM, goal=_ROOM),
    "boxes": Setting(
        blocks=(
            _TABLE,
            ((0.35, -0.45, -0.01), (0.47, -0.33, 0.35)),
            ((0.55, -0.2, -0.01), (0.67, -0.08, 0.45)),
            ((0.35, 0.05, -0.01), (0.45, 0.15, 0.25)),
            ((0.55, 0.2, -0.01), (0.7, 0.32, 0.3)),
            ((0.3, 0.4, -0.01), (0.42, 0.52, 0.5)),
            ((0.4, -0.1, 0.75), (0.6, 0.1, 0.85)),
        ),
        start=((0.25, -0.5, 0.05), (0.7, 0.5, 0.5)),
        goal=((0.25, -0.5, 0.05), (0.7, 0.5, 0.5)),
    ),
    "wall": Setting(
        blocks=(_TABLE, ((0.3, -0.02, -0.01), (0.8, 0.02, 0.45))),
        start=((0.3, 0.12, 0.05), (0.7, 0.5, 0.4)),
        goal=((0.3, -0.5, 0.05), (0.7, -0.12, 0.4)),
    ),
    "shelf": Setting(
        blocks=(
            _TABLE,
            ((0.45, -0.37, -0.01), (0.77, -0.35, 0.7)),
            ((0.45, 0.35, -0.01), (0.77, 0.37, 0.7)),
            ((0.75, -0.35, -0.01), (0.77, 0.35, 0.7)),
            ((0.45, -0.35, 0.31), (0.75, 0.35, 0.33)),
            ((0.45, -0.35, 0.68), (0.75, 0.35, 0.7)),
        ),
        start=((0.2, -0.4, 0.3), (0.4, 0.4, 0.8)),
        goal=((0.5, -0.28, 0.06), (0.65, 0.28, 0.6)),
    ),
    "narrow": Setting(
        blocks=(
            _TABLE,
            ((0.4, -0.15, -0.01), (0.8, -0.11, 0.6)),
            ((0.4, 0.11, -0.01), (0.8, 0.15, 0.6)),
        ),
        start=((0.25, 0.25, 0.1), (0.6, 0.5, 0.6)),
        goal=((0.5, -0.04, 0.1), (0.7, 0.04, 0.45)),
    ),
}

STANDS = {
    "panda": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=1.0),
    "fr3": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=1.0),
    "wxai": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=0.75),
    "g1": Stand(group="left_arm", origin=(0.0, 0.25, -0.22), scale=0.7),
}


def scene_of(setting: Setting, stand: Stand) -> Scene:
    """The blocks of a setting, at the size and place of a robot's stand."""
    obstacles = []
    for number, (low, high) in enumerate(setting.blocks):
        low, high = _at(low, stand), _at(high, stand)
        size = tuple((high - low).tolist())
        middle = placed(*((low + high) / 2).tolist())
        obstacles.append(
            Obstacle(name=f"block_{number}", shape=Box(size=size), base_from_shape=middle)
        )
    return Scene(obstacles=tuple(obstacles))


def solvable_problems(
    robot: Robot, setting: Setting, stand: Stand, count: int, seed: int
) -> list[Problem]:
    """That many problems, the same ones for the same seed."""
    generator = np.random.default_rng(seed)
    search = _Search(robot, setting, stand)
    starts = search.postures(setting.start, count, generator)
    goals = search.postures(setting.goal, count, generator)
    problems = []
    for _ in range(20 * count):
        if len(problems) == count:
            return problems
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
        low, high = _at(region[0], self._stand), _at(region[1], self._stand)
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
        path = search.search(start, goal[None], self._checker.free, motions, _LONG)
        return path is not None and self._proof.path_free(path)

    def _point(self, posture: np.ndarray) -> np.ndarray:
        model = self._world.model
        pin.forwardKinematics(model, self._data, self._world.configuration(posture))
        return pin.updateFramePlacement(model, self._data, self._tool).translation


def _at(corner: Corner, stand: Stand) -> np.ndarray:
    return np.array(stand.origin) + stand.scale * np.array(corner)
