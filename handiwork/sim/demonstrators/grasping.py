"""Taking hold of a thing and bringing it somewhere, from the true poses.

Shapes: a pose is (4,): x, y, z [m], yaw [rad] in base.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.sim.demonstrators.stages import Check, Goal, Stage
from handiwork.sim.manipulation.fr3 import MAX_OPENING
from handiwork.sim.manipulation.task import Situation
from handiwork.sim.manipulation.things import Thing
from handiwork.sim.manipulation.world import HIGHEST, LOWEST

SQUEEZE = 0.02  # [m] by which the commanded opening is less than what is held
LOOSE = 0.012  # [m] of opening more than the width, by which a thing is let go


@dataclass(frozen=True, kw_only=True)
class Grip:
    """How a thing is held.

    point: where, in the thing's frame [m]. width: between the fingers [m].
    folds: how many yaws of the tool, evenly spaced, hold it alike.
    """

    thing: Thing
    width: float
    folds: int
    point: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def place(self, now: Situation) -> np.ndarray:
        """(3,) the point to take hold of, in base [m]."""
        pose = now.poses[self.thing.name]
        return pose[:3] + np.append(turned(np.array(self.point[:2]), pose[3]), self.point[2])

    def held(self, now: Situation) -> bool:
        """Whether the thing is between the fingers and fills them."""
        filled = abs(now.opening - self.width) < 0.006
        near = bool(np.linalg.norm(now.tool[:3] - self.place(now)) < 0.03)
        return filled and near and self.thing.name in now.touched


def turned(point: np.ndarray, yaw: float) -> np.ndarray:
    """(2,) turned by yaw."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.array([cos * point[0] - sin * point[1], sin * point[0] + cos * point[1]])


def nearest(yaw: float, folds: int, reference: float) -> float:
    """Of the yaws that are whole parts of a turn away from one, that nearest to a reference."""
    part = 2 * np.pi / folds
    return yaw + part * np.round((reference - yaw) / part)


def choices(yaw: float, folds: int, reference: float) -> list[float]:
    """The equivalent yaws that the wrist reaches well, the nearest to a reference first."""
    part, margin = 2 * np.pi / folds, 0.05
    low, high = LOWEST[3] + margin, HIGHEST[3] - margin
    count = np.arange(np.ceil((low - yaw) / part), np.floor((high - yaw) / part) + 1)
    return sorted((yaw + part * count).tolist(), key=lambda choice: abs(choice - reference))


def pick_up(grip: Grip, yaw: float, height: float, generator: np.random.Generator) -> list[Stage]:
    """Go above a thing, in some bend, take hold of it with the tool near a yaw, and raise it."""
    depth = generator.uniform(-0.004, 0.004)
    above = generator.uniform(0.05, 0.08)

    def over(lift: float, opening: float) -> Goal:
        def goal(now: Situation) -> np.ndarray:
            pose = now.poses[grip.thing.name]
            x, y, z = grip.place(now)
            return np.array([x, y, z + lift, nearest(pose[3], grip.folds, yaw), opening])

        return goal

    wide, tight = MAX_OPENING, grip.width - SQUEEZE
    return [
        detour(over(above + 0.05, wide), generator),
        Stage(goal=over(above, wide), near=0.02, turned=0.15, through=True),
        Stage(goal=over(depth, wide), speed=0.22, near=0.005, care=0.4),
        Stage(goal=over(depth, tight), near=0.02, until=grip.held, care=0.2),
        raise_held(grip, height),
    ]


def raise_held(grip: Grip, height: float) -> Stage:
    """Straight up to a height of the tool [m]."""

    def up(now: Situation) -> np.ndarray:
        return np.array([now.tool[0], now.tool[1], height, now.tool[3], grip.width - SQUEEZE])

    return Stage(goal=_frozen(up), near=0.02, through=True, holds=grip.held)


def carried_to(place: Goal, grip: Grip, folds: int, yaw: float) -> Goal:
    """Where the tool goes so that what is held comes to a place, with the tool near a yaw.

    place: gives the pose (4,) that the thing is to have. folds: how many yaws of the thing, evenly
    spaced, will do.
    """

    def goal(now: Situation) -> np.ndarray:
        pose, wanted = now.poses[grip.thing.name], place(now)
        turn = nearest(wanted[3] + now.tool[3] - pose[3], folds, yaw)
        offset = turned(turned(now.tool[:2] - pose[:2], -now.tool[3]), turn)
        height = wanted[2] + now.tool[2] - pose[2]
        return np.array([*(wanted[:2] + offset), height, turn, grip.width - SQUEEZE])

    return goal


def let_go(grip: Grip, height: float) -> list[Stage]:
    """Open the fingers where they are and go up."""
    loose = min(grip.width + 2 * LOOSE, MAX_OPENING)

    def here(now: Situation) -> np.ndarray:
        return np.append(now.tool, loose)

    def up(now: Situation) -> np.ndarray:
        return np.array([now.tool[0], now.tool[1], height, now.tool[3], loose])

    opened: Check = lambda now: now.opening > grip.width + LOOSE  # noqa: E731
    return [
        Stage(goal=_frozen(here), near=0.05, until=opened, care=0.2),
        Stage(goal=_frozen(up), near=0.03, through=True, care=0.4),
    ]


def detour(goal: Goal, generator: np.random.Generator, holds: Check = lambda now: True) -> Stage:
    """Towards a goal by a point on its left or its right, which is passed at some distance."""
    side, share = generator.choice([-1.0, 1.0]) * generator.uniform(0.02, 0.08), 0.5
    start: list[np.ndarray] = []

    def by(now: Situation) -> np.ndarray:
        if not start:
            start.append(now.tool[:2])
        end = goal(now)
        way = end[:2] - start[0]
        across = np.array([-way[1], way[0]]) / max(float(np.linalg.norm(way)), 0.05)
        return np.array([*(start[0] + share * way + side * across), *end[2:]])

    return Stage(goal=by, near=0.05, turned=np.inf, through=True, holds=holds)


def _frozen(goal: Goal) -> Goal:
    """The goal as it is when it is first asked for."""
    first: list[np.ndarray] = []

    def same(now: Situation) -> np.ndarray:
        if not first:
            first.append(goal(now))
        return first[0]

    return same
