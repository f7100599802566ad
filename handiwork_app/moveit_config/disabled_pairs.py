"""Which pairs of links MoveIt need not test, and why: by the rules that our planner keeps.

Reasons are those of MoveIt's setup assistant. Adjacent: on one joint or on neighbouring ones.
Default: they touch where the robot rests, so their touching says nothing; the fingers of a gripper,
which meet when it closes, are such a pair. Never: they did not come near each other in any of the
random postures of `handiwork.robots.self_collision`.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import Body, body_of
from handiwork.robots.robot import Robot

Reason = Literal["Adjacent", "Default", "Never"]


@dataclass(frozen=True, kw_only=True)
class DisabledPair:
    """Two links, in the order of their names."""

    first: str
    second: str
    reason: Reason


def disabled_pairs(robot: Robot, fingers: set[frozenset[str]]) -> tuple[DisabledPair, ...]:
    """All pairs that are not tested; `fingers` are pairs of links of one gripper.

    Raises:
        MissingModel: the package that carries the model, or a mesh, is not installed.
    """
    body = body_of(robot)
    shapes = body.geometry.geometryObjects
    links = [body.model.frames[shape.parentFrame].name for shape in shapes]
    joints = {link: shape.parentJoint for link, shape in zip(links, shapes, strict=True)}
    tested = {
        frozenset((links[pair.first], links[pair.second])) for pair in body.geometry.collisionPairs
    }
    resting = _touching_at_home(body, links)
    parents = list(body.model.parents)
    found = []
    for first, second in combinations(sorted(joints), 2):
        pair, lower, upper = frozenset((first, second)), *sorted((joints[first], joints[second]))
        if pair in tested:
            continue
        if pair in fingers:
            reason: Reason = "Default"
        elif lower == upper or parents[upper] == lower:
            reason = "Adjacent"
        else:
            reason = "Default" if pair in resting else "Never"
        found.append(DisabledPair(first=first, second=second, reason=reason))
    return tuple(found)


def _touching_at_home(body: Body, links: list[str]) -> set[frozenset[str]]:
    """Pairs of links that touch at home, of all pairs."""
    geometry = body.geometry.copy()
    geometry.addAllCollisionPairs()
    data = pin.GeometryData(geometry)
    home = body.configuration(body.robot.home)
    pin.computeCollisions(body.model, body.model.createData(), geometry, data, home, False)
    return {
        frozenset((links[pair.first], links[pair.second]))
        for pair, result in zip(geometry.collisionPairs, data.collisionResults, strict=True)
        if result.isCollision()
    }
