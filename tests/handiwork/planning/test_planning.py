"""Paths: free when looked at again, refused with a reason when there is none."""

import time
from itertools import pairwise

import numpy as np
import pytest

from handiwork.errors import BadValue, InCollision, NoPath, UnknownName, Unreachable, WrongShape
from handiwork.planning import (
    Box,
    Obstacle,
    Planner,
    PlannerConfig,
    Recheck,
    Scene,
    goal_postures,
    placed,
    straight_path,
)
from handiwork.planning.problem_scenes import SETTINGS, STANDS, scene_of
from handiwork.planning.problems import solvable_problems
from handiwork.planning.shortcuts import cut_corners, skip_postures
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot

PANDA = robot("panda")
CRATE = Obstacle(
    name="crate", shape=Box(size=(0.2, 0.2, 0.2)), base_from_shape=placed(0.3, 0, 0.42)
)


def box(name: str, size: tuple[float, float, float], x: float, y: float, z: float) -> Obstacle:
    return Obstacle(name=name, shape=Box(size=size), base_from_shape=placed(x, y, z))


@pytest.mark.parametrize(
    ("name", "setting"), [("panda", "shelf"), ("wxai", "wall"), ("g1", "boxes")]
)
def test_a_path_is_free_at_1_mrad_when_looked_at_again(name: str, setting: str):
    stand = STANDS[name]
    drawn = solvable_problems(robot(name), SETTINGS[setting], stand, 2, seed=1)
    scene = scene_of(SETTINGS[setting], stand)
    planner = Planner(robot(name), scene, stand.group)
    recheck = Recheck(robot(name), scene, stand.group)
    for problem in drawn.problems:
        path = planner.path(problem.start, problem.goal, 20.0)
        np.testing.assert_array_equal(path[[0, -1]], [problem.start, problem.goal])
        assert ((path >= planner.lower) & (path <= planner.upper)).all()
        assert recheck.first_touch(path) is None


def test_problems_are_the_same_for_the_same_seed_and_both_ends_are_free():
    stand, setting = STANDS["wxai"], SETTINGS["narrow"]
    first, again = (solvable_problems(robot("wxai"), setting, stand, 2, seed=3) for _ in range(2))
    planner = Planner(robot("wxai"), scene_of(setting, stand), stand.group)
    for one, other in zip(first.problems, again.problems, strict=True):
        np.testing.assert_array_equal(one.start, other.start)
        np.testing.assert_array_equal(one.goal, other.goal)
        assert planner.checker.free(one.start) and planner.checker.free(one.goal)


def test_what_touches_between_two_samples_is_gone_around():
    """Samples so far apart that a thin plate in the way is missed by most of them."""
    plate = box("plate", (0.3, 0.005, 0.6), 0.45, 0.0, 0.3)
    planner = Planner(PANDA, Scene(obstacles=(plate,)), config=PlannerConfig(spacing=0.8))
    recheck = Recheck(PANDA, Scene(obstacles=(plate,)))
    start, goal = PANDA.home.copy(), PANDA.home.copy()
    start[[0, 1]], goal[[0, 1]] = (0.7, 0.1), (-0.7, 0.1)
    path = planner.path(start, goal, 20.0)
    assert len(path) > 2
    np.testing.assert_array_equal(path[[0, -1]], [start, goal])
    assert recheck.first_touch(path) is None


def test_of_several_goals_one_that_can_be_taken_is_reached():
    turned = PANDA.home.copy()
    turned[0] = np.pi / 2
    planner = Planner(PANDA, Scene(obstacles=(box("post", (0.1, 0.1, 1.0), 0.0, 0.35, 0.5),)))
    free = PANDA.home.copy()
    free[0] = -np.pi / 2
    path = planner.path(PANDA.home, np.array([turned, free]), 5.0)
    np.testing.assert_array_equal(path[-1], free)


def test_a_wall_without_a_gap_is_refused_within_the_time():
    """Walls on both sides of the shoulder, and a ceiling too low to pass upright between them."""
    walls = (
        box("front wall", (3.0, 0.02, 3.0), 1.64, 0.0, 0.0),
        box("back wall", (3.0, 0.02, 3.0), -1.64, 0.0, 0.0),
        box("ceiling", (6.0, 6.0, 0.02), 0.0, 0.0, 0.85),
    )
    left, right = PANDA.home.copy(), PANDA.home.copy()
    left[0], right[0] = np.pi / 2, -np.pi / 2
    planner = Planner(PANDA, Scene(obstacles=walls))
    begun = time.monotonic()
    with pytest.raises(NoPath, match=r"no free path for arm in 0\.5 s"):
        planner.path(left, right, 0.5)
    assert time.monotonic() - begun < 5.0  # also where other programs take their share


def test_a_start_or_goal_in_collision_names_the_two_bodies():
    planner = Planner(PANDA, Scene(obstacles=(CRATE,)))
    away = PANDA.home.copy()
    away[0] = np.pi / 2
    with pytest.raises(InCollision, match="at the start 'panda_leftfinger' touches 'crate'"):
        planner.path(PANDA.home, away, 1.0)
    with pytest.raises(InCollision, match="at the goal 'panda_leftfinger' touches 'crate'"):
        planner.path(away, PANDA.home, 1.0)


def test_a_goal_outside_the_limits_names_the_joint_and_what_it_may_do():
    beyond = PANDA.home.copy()
    beyond[3] = 0.5
    with pytest.raises(
        BadValue, match=r"the goal: panda_joint4 is 0\.5, want -3\.0718 to -0\.0698"
    ):
        Planner(PANDA, Scene()).path(PANDA.home, beyond, 1.0)


def test_a_goal_that_is_not_a_number_is_refused():
    nowhere = np.full(7, np.nan)
    with pytest.raises(BadValue, match="nan"):
        Planner(PANDA, Scene()).path(PANDA.home, nowhere, 1.0)


def test_a_posture_of_another_robot_is_refused():
    with pytest.raises(WrongShape, match="the start has shape"):
        Planner(PANDA, Scene()).path(robot("wxai").home, PANDA.home, 1.0)


def test_an_unknown_group_is_refused_with_those_there_are():
    with pytest.raises(UnknownName, match=r"no group named 'leg'\. Known: arm"):
        Planner(PANDA, Scene(), "leg")


def test_postures_for_a_pose_all_take_it_and_touch_nothing():
    planner, kinematics = Planner(PANDA, Scene(obstacles=(CRATE,))), Kinematics(PANDA)
    pose = kinematics.tool(PANDA.home)
    pose[:3, 3] += (0.1, 0.35, 0.0)
    postures = goal_postures(planner, kinematics, pose, PANDA.home)
    assert len(postures) > 1
    for posture in postures:
        np.testing.assert_allclose(kinematics.tool(posture), pose, atol=1e-4)
        assert planner.checker.free(posture)


def test_a_pose_out_of_reach_and_one_in_the_way_are_different_refusals():
    planner, kinematics = Planner(PANDA, Scene(obstacles=(CRATE,))), Kinematics(PANDA)
    blocked = kinematics.tool(PANDA.home)
    with pytest.raises(InCollision, match="'crate'"):
        goal_postures(planner, kinematics, blocked, PANDA.home)
    far = blocked.copy()
    far[0, 3] = 2.0
    with pytest.raises(Unreachable, match=r"x=2\.0000"):
        goal_postures(planner, kinematics, far, PANDA.home)


def test_a_straight_path_keeps_the_tool_on_the_line():
    planner, kinematics = Planner(PANDA, Scene()), Kinematics(PANDA)
    start = kinematics.tool(PANDA.home)
    end = start.copy()
    end[:3, 3] += (0.1, 0.2, -0.15)
    straight = straight_path(planner, kinematics, PANDA.home, end[None])
    assert straight.fraction == 1.0 and not straight.reason
    points = np.array([kinematics.tool(posture)[:3, 3] for posture in straight.path])
    shares = np.linspace(0.0, 1.0, len(points))[:, None]
    line = start[:3, 3] + shares * (end - start)[:3, 3]
    np.testing.assert_allclose(points, line, atol=1e-4)


def test_a_straight_path_ends_before_what_is_in_its_way_and_says_what():
    wall = box("wall", (0.02, 1.0, 1.0), 0.5, 0.0, 0.5)
    planner, kinematics = Planner(PANDA, Scene(obstacles=(wall,))), Kinematics(PANDA)
    end = kinematics.tool(PANDA.home)
    end[0, 3] += 0.3
    straight = straight_path(planner, kinematics, PANDA.home, end[None])
    assert 0.1 < straight.fraction < 1.0
    assert "touches 'wall' on the way" in straight.reason
    assert planner.proof.path_free(straight.path)


def test_a_shortcut_never_begins_where_a_path_was_not_looked_at():
    """The path crosses a bar between its two samples; a shortcut may not stand in the bar."""

    def free(start: np.ndarray, end: np.ndarray) -> bool:
        return not 0.4 < end[0] < 0.6

    path = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    for seed in range(20):
        cut = cut_corners(path, free, 5, np.random.default_rng(seed))
        assert not ((cut[:, 0] > 0.4) & (cut[:, 0] < 0.6)).any()


def test_shortcuts_never_make_a_path_longer_nor_cross_what_is_not_free():
    """In the plane, around a square in the middle."""

    def free(start: np.ndarray, end: np.ndarray) -> bool:
        points = start + np.linspace(0, 1, 200)[:, None] * (end - start)
        return not (np.abs(points) < 0.5).all(1).any()

    corners = np.array([[-1, 0], [-1, 0.3], [-1, 1], [-0.5, 1], [0.5, 1], [1, 1], [1, 0]], float)
    fewer = skip_postures(corners, free)
    cut = cut_corners(fewer, free, 30, np.random.default_rng(0))
    lengths = [
        np.linalg.norm(np.diff(path, axis=0), axis=1).sum() for path in (corners, fewer, cut)
    ]
    assert lengths[0] >= lengths[1] > lengths[2]
    assert all(free(start, end) for start, end in pairwise(cut))
    np.testing.assert_array_equal(cut[[0, -1]], corners[[0, -1]])
