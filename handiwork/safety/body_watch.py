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
_TOUCHING, _NEARLY = 0.0005, 0.002  # [m] stop and slow of pairs that are near at home


@dataclass(frozen=True, kw_only=True)
class Margins:
    """Below `slow` [m] the robot slows down, at `stop` [m] it stops."""

    slow: float = 0.02
    stop: float = 0.005


def body_watches(
    robot: Robot, things: Mapping[str, Workspace | Ball], margins: Margins
) -> tuple[Watch, ...]:
    """Of the robot to itself and to things in its base frame [m], by name.

    Looks are the rarer the longer a distance takes on this machine.
    """
    body = body_of(robot)
    at_home = BodyDistance(body, things).pair_distances(robot.home)
    near = at_home < 2 * margins.slow
    watches = []
    for name, only, slow, stop in (
        ("a part of the robot or a thing", ~near, margins.slow, margins.stop),
        ("a neighbouring part", near, _NEARLY, _TOUCHING),
    ):
        if only.any():
            distance = BodyDistance(body, things, far=2 * slow, only=only)
            period = max(_SHORTEST, 3 * _seconds(distance, robot.home) / _SHARE)
            watches.append(Watch(name=name, distance=distance, slow=slow, stop=stop, period=period))
    return tuple(watches)


def _seconds(distance: BodyDistance, home: np.ndarray) -> float:
    """Of processor time that one distance takes [s]."""
    began = time.thread_time()
    for _ in range(_TRIES):
        distance(home)
    return (time.thread_time() - began) / _TRIES
