"""A robot watched against itself and against what stands round it.

Some shapes are near each other in every posture: neighbours but one, or a base on its table. They
would slow the robot all the time, so pairs that are near at home are only kept from touching.

Shapes: J joints.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot
from handiwork.safety.body_distance import BodyDistance
from handiwork.safety.volumes import Ball
from handiwork.safety.watch import Watch
from handiwork.safety.workspace import Workspace

_SHARE = 0.1  # of a core that looks may take, each of three distances
_TRIES = 5  # distances that are timed
_SHORTEST = 0.02  # [s] between looks


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Below `slow` [m] the robot slows down, at `stop` [m] it stops."""

    slow: float = 0.02
    stop: float = 0.005

    @property
    def near(self) -> float:
        """[m] of pairs at home, below which they are neighbours."""
        return 2 * self.slow


NEIGHBOURS = Margins(slow=0.002, stop=0.0005)  # of pairs that are near each other at home


def body_watches(
    robot: Robot, things: Mapping[str, Workspace | Ball], margins: Margins
) -> tuple[Watch, ...]:
    """Of the robot to itself and to things in its base frame [m], by name.

    Each kind of pair has a watch of its own: an arm that sleeps folded on itself, a hair apart,
    must not hide that something else comes nearer. Looks are the rarer the longer a distance takes
    on this machine.
    """
    body = body_of(robot)
    at_home = BodyDistance(body, things).pair_distances(robot.home)
    own = np.arange(len(at_home)) < len(body.geometry.collisionPairs)
    near = at_home < margins.near
    kinds = (
        ("another part of the robot", own & ~near, margins),
        ("a neighbouring part", own & near, NEIGHBOURS),
        ("a thing", ~own & ~near, margins),
        ("what it stands on", ~own & near, NEIGHBOURS),
    )
    return tuple(
        _watch(name, BodyDistance(body, things, far=kept.near, only=only), kept, robot.home)
        for name, only, kept in kinds
        if only.any()
    )


def _watch(name: str, distance: BodyDistance, margins: Margins, home: np.ndarray) -> Watch:
    period = max(_SHORTEST, 3 * _seconds(distance, home) / _SHARE)
    return Watch(name=name, distance=distance, slow=margins.slow, stop=margins.stop, period=period)


def _seconds(distance: BodyDistance, home: np.ndarray) -> float:
    """Of processor time that one distance takes [s]."""
    began = time.thread_time()
    for _ in range(_TRIES):
        distance(home)
    return (time.thread_time() - began) / _TRIES
