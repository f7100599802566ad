"""A thing's yaw is told up to the turns after which it looks the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from handiwork.sim.manipulation.things import Part, Thing

folds = st.integers(1, 4)
yaws = st.floats(-7, 7)


def thing(fold: int) -> Thing:
    return Thing(name="it", parts=(Part(half=(1, 1, 1)),), mass=1, rest=1, fold=fold)


@given(fold=folds, yaw=yaws)
def test_canonical_yaws_lie_in_one_turn_of_the_symmetry(fold: int, yaw: float):
    canonical = thing(fold).canonical(yaw)
    assert -np.pi / fold - 1e-12 < canonical <= np.pi / fold + 1e-12
    parts = (canonical - yaw) / (2 * np.pi / fold)
    assert abs(parts - round(parts)) < 1e-9


@given(fold=folds, yaw=yaws, turns=st.integers(-3, 3))
def test_yaws_that_look_the_same_are_told_the_same(fold: int, yaw: float, turns: int):
    one = thing(fold).canonical(yaw)
    other = thing(fold).canonical(yaw + turns * 2 * np.pi / fold)
    apart = abs(one - other)
    assert min(apart, 2 * np.pi / fold - apart) < 1e-9


def test_the_border_belongs_to_the_upper_side():
    assert np.isclose(thing(4).canonical(np.pi / 4), np.pi / 4)
    assert np.isclose(thing(1).canonical(-np.pi), np.pi)
