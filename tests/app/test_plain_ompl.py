"""OMPL as it comes, on the planner's own checker."""

import time

import numpy as np

from handiwork.planning import Box, Obstacle, Planner, Scene, placed
from handiwork.robots.registry import robot
from handiwork_app.plain_ompl import plain_path

PANDA = robot("panda")


def turned(angle: float) -> np.ndarray:
    posture = PANDA.home.copy()
    posture[0] = angle
    return posture


def test_plain_ompl_joins_start_and_goal_around_a_post():
    post = Obstacle(
        name="post", shape=Box(size=(0.1, 0.1, 1.0)), base_from_shape=placed(0.35, 0.0, 0.5)
    )
    planner = Planner(PANDA, Scene(obstacles=(post,)))
    path = plain_path(planner, turned(0.6), turned(-0.6), 20.0)
    assert path is not None and len(path) > 2
    np.testing.assert_allclose(path[[0, -1]], [turned(0.6), turned(-0.6)])
    assert all(planner.checker.free(posture) for posture in path)


def test_plain_ompl_gives_up_when_its_time_is_over():
    """Walls on both sides of the shoulder, and a ceiling too low to pass upright between them."""
    walls = [
        Obstacle(name=name, shape=Box(size=size), base_from_shape=placed(x, 0.0, z))
        for name, size, x, z in (
            ("front wall", (3.0, 0.02, 3.0), 1.64, 0.0),
            ("back wall", (3.0, 0.02, 3.0), -1.64, 0.0),
            ("ceiling", (6.0, 6.0, 0.02), 0.0, 0.85),
        )
    ]
    planner = Planner(PANDA, Scene(obstacles=tuple(walls)))
    begun = time.monotonic()
    assert plain_path(planner, turned(np.pi / 2), turned(-np.pi / 2), 0.01) is None
    assert time.monotonic() - begun < 5.0  # also where other programs take their share
