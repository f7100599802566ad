import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits
from handiwork.robots.body import body_of
from handiwork.robots.registry import robot
from handiwork.safety import Ball, Gate, GateConfig, GateState, Watch, Workspace
from handiwork.safety.body_distance import BodyDistance

ARM = robot("wxai")
BODY = body_of(ARM)


def postures(count):
    draws = np.random.default_rng(0)
    return draws.uniform(ARM.lower, ARM.upper, (count, len(ARM.joints)))


def test_it_is_negative_exactly_where_shapes_touch():
    distance = BodyDistance(BODY)
    for positions in postures(60):
        assert (distance(positions) <= 1e-6) == bool(BODY.touching(positions))


def test_with_many_things_it_is_the_least_of_those_with_each():
    """Many things are searched in another way than few."""
    draws = np.random.default_rng(1)
    things = {
        f"ball {number}": Ball(centre=tuple(draws.uniform(-0.6, 0.6, 3)), radius=0.03)
        for number in range(30)
    }
    every = BodyDistance(BODY, things)
    each = [BodyDistance(BODY, {name: thing}) for name, thing in things.items()]
    for positions in postures(8):
        assert every(positions) == pytest.approx(min(d(positions) for d in each), abs=1e-6)
        assert every.nearest(positions) in [distance.nearest(positions) for distance in each]


def test_a_wall_comes_nearer_by_what_it_is_moved():
    gaps = []
    for x in (0.9, 0.8):
        wall = Workspace(lower=(x, -2.0, -2.0), upper=(x + 0.1, 2.0, 2.0))
        only_wall = BodyDistance(BODY, {"wall": wall}, far=1.0)
        straight = np.array([0.0, 1.2, 0.6, 0.0, 0.0, 0.0])
        gaps.append(only_wall(straight))
    assert gaps[0] >= gaps[1]


def test_what_is_far_is_all_alike():
    distance = BodyDistance(BODY, far=0.001)
    assert distance(ARM.home) == 0.001
    assert distance.nearest(ARM.home) is None


def test_before_a_wall_the_gate_stops_the_arm_without_touching_it():
    """The shoulder turns the arm sideways into a wall beside it."""
    wall = Workspace(lower=(-1.0, 0.2, -0.1), upper=(1.0, 0.3, 1.0))
    distance = BodyDistance(BODY, {"wall": wall})
    watch = Watch(name="the wall", distance=distance, slow=0.005, stop=0.001)
    gate = Gate(Limits.of(ARM), GateConfig(period=0.005), ARM.home, [watch])
    gate.enable(ARM.home, 0.0, 0.0)
    wanted = ARM.home.copy()
    for step in range(1, 500):
        now = 0.005 * step
        wanted[0] = min(0.005 * step, 1.5)
        sent = gate.step(JointSample.at_rest(wanted), gate.position, now, now)
        if step % 20 == 0 or gate.state is not GateState.ENABLED:
            assert distance(sent.position) > 0
    assert gate.state is GateState.STOPPED
    assert gate.reason.startswith("the wall")
    assert 0.1 < gate.position[0] < 1.4
