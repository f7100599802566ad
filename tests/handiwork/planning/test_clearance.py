"""A planned motion stays further from the robot itself than where the gate would stop it."""

import itertools

import numpy as np
import pytest

from handiwork.errors import InCollision
from handiwork.planning import Planner, Scene
from handiwork.planning.clearance import pair_distances
from handiwork.planning.motion_planning import MotionPlanning
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork.safety.body_watch import Margins

WX250S = robot("wx250s")


def nearest(planner: Planner, positions: np.ndarray) -> float:
    watched = planner.world.clearance > 0
    return float(pair_distances(planner.world, positions, watched).min())


def postures_between(low: float, high: float, count: int) -> list[np.ndarray]:
    """(G,) each, whose own bodies are so near each other [m], and touch nowhere."""
    planner = Planner(WX250S, Scene())
    draws, found = np.random.default_rng(0), []
    while len(found) < count:
        q = draws.uniform(planner.lower, planner.upper)
        if low < nearest(planner, q) < high:
            found.append(q)
    return found


def tool_at(positions: np.ndarray) -> np.ndarray:
    """(1, 4, 4) the tool's pose there."""
    return Kinematics(WX250S).tool(positions)[None]


def test_a_goal_nearer_to_itself_than_the_gate_allows_is_refused():
    (near,) = postures_between(0.0005, Margins().stop, 1)
    with pytest.raises(InCollision, match="nearly"):
        Planner(WX250S, Scene()).path(WX250S.home, near, 1.0)


def test_an_arm_that_is_nearer_to_itself_gets_away():
    (near,) = postures_between(0.0005, Margins().stop, 1)
    planner = Planner(WX250S, Scene())
    path = planner.path(near, WX250S.home, 5.0)
    np.testing.assert_allclose(path[[0, -1]], [near, WX250S.home])


def test_what_was_near_at_an_earlier_start_is_kept_apart_again():
    (near,) = postures_between(0.0005, Margins().stop, 1)
    planning = MotionPlanning(WX250S)
    planning.to_postures("arm", near, WX250S.home[None], 5.0)
    assert planning.straight("arm", WX250S.home, tool_at(near)).fraction < 1.0
    with pytest.raises(InCollision, match="nearly"):
        planning.to_postures("arm", WX250S.home, near[None], 1.0)


def test_a_straight_way_leads_out_of_what_is_too_near():
    (near,) = postures_between(0.0005, Margins().stop, 1)
    planning = MotionPlanning(WX250S)
    back = near + 0.05 * (WX250S.home - near)
    assert planning.straight("arm", near, tool_at(back)).fraction == 1.0


def test_near_is_not_touching():
    (near,) = postures_between(0.0005, Margins().stop, 1)
    assert MotionPlanning(WX250S).touching("arm", near) is None


def test_no_path_passes_the_arm_itself_nearer_than_the_gate_allows():
    planner = Planner(WX250S, Scene())
    clear = postures_between(0.008, 0.03, 4)
    for start, goal in itertools.pairwise(clear):
        path = planner.path(start, goal, 5.0)
        for first, second in itertools.pairwise(path):
            for share in np.linspace(0, 1, 50):
                assert nearest(planner, first + share * (second - first)) > Margins().stop
