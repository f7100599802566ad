"""Which pairs of a robot's shapes are worth testing for collision.

Pairs on one joint or on neighbouring joints are left out; of the rest, those that touch in nearly
all of many random postures (their hulls overlap by design), and those of links that never come near
each other.

Source: the rules of MoveIt's setup assistant (adjacent, always, never), whose "always" is 95 % of
the samples; "never" is stricter here: not within 2 cm, by any shape that moves with the two links.
Shapes: S collision shapes, P pairs of them.
"""

from typing import TYPE_CHECKING

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

if TYPE_CHECKING:
    from handiwork.robots.body import Body

SAMPLES = 2000  # postures in which nearness is looked for
SAMPLES_OF_ALWAYS = 100  # the first of them, in which all touches are counted
ALWAYS = 0.95
NEAR = 0.02  # [m]


def pairs_that_can_touch(body: "Body", geometry: pin.GeometryModel) -> list[tuple[int, int]]:
    """Numbers of shapes in `geometry`, by pairs; the same ones every time."""
    pairs = _apart(body.model, geometry)
    tested = geometry.copy()
    for first, second in pairs:
        tested.addCollisionPair(pin.CollisionPair(first, second))
    near, touches = _sampled(body, tested)
    joints = [shape.parentJoint for shape in geometry.geometryObjects]
    moving = {
        (joints[first], joints[second])
        for (first, second), close in zip(pairs, near, strict=True)
        if close
    }
    return [
        (first, second)
        for (first, second), count in zip(pairs, touches, strict=True)
        if (joints[first], joints[second]) in moving and count < ALWAYS * SAMPLES_OF_ALWAYS
    ]


def _apart(model: pin.Model, geometry: pin.GeometryModel) -> list[tuple[int, int]]:
    """Pairs of shapes whose joints are neither the same nor neighbours, lower joint first."""
    joints = [shape.parentJoint for shape in geometry.geometryObjects]
    numbers = sorted(range(len(joints)), key=lambda number: joints[number])
    parents = list(model.parents)
    return [
        (first, second)
        for place, first in enumerate(numbers)
        for second in numbers[place + 1 :]
        if joints[first] != joints[second] and parents[joints[second]] != joints[first]
    ]


def _sampled(body: "Body", geometry: pin.GeometryModel) -> tuple[np.ndarray, np.ndarray]:
    """(P,) whether each pair came near, and (P,) how often it touched at first."""
    generator, robot = np.random.default_rng(0), body.robot
    data, placed = body.model.createData(), pin.GeometryData(geometry)
    first, second = np.array([(pair.first, pair.second) for pair in geometry.collisionPairs]).T
    middles, radii = _spheres(geometry)
    reach = radii[first] + radii[second] + NEAR
    near, touches = np.zeros(len(reach), bool), np.zeros(len(reach), int)
    postures = generator.uniform(robot.lower, robot.upper, (SAMPLES, len(robot.joints)))
    for number, positions in enumerate(postures):
        pin.updateGeometryPlacements(
            body.model, data, geometry, placed, body.configuration(positions)
        )
        now = np.array([place.act(m) for place, m in zip(placed.oMg, middles, strict=True)])
        close = np.linalg.norm(now[first] - now[second], axis=1) < reach
        counted = number < SAMPLES_OF_ALWAYS
        for pair in np.flatnonzero(close if counted else close & ~near):
            gap = pin.computeDistance(geometry, placed, int(pair)).min_distance
            near[pair] |= gap < NEAR
            touches[pair] += counted and gap <= 0
    return near, touches


def _spheres(geometry: pin.GeometryModel) -> tuple[np.ndarray, np.ndarray]:
    """(S, 3) middles in the shapes' own frames and (S,) radii [m] of spheres that hold them."""
    for shape in geometry.geometryObjects:
        shape.geometry.computeLocalAABB()
    shapes = [shape.geometry for shape in geometry.geometryObjects]
    return np.array([s.aabb_center for s in shapes]), np.array([s.aabb_radius for s in shapes])
