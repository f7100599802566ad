"""A world does what it is told, shows what is there, and is the same again for the same seed."""

import numpy as np
import pytest

from handiwork.errors import BadValue, UnknownName, WrongShape
from handiwork.sim.manipulation.lift import CUBE, HALF, Lift
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import (
    ACTION_NAMES,
    HIGHEST,
    LOWEST,
    PERIOD,
    SPEEDS,
    START,
    START_SPREAD,
    ManipulationWorld,
)


@pytest.fixture(scope="module")
def world() -> ManipulationWorld:
    return ManipulationWorld(Lift())


def rest(world: ManipulationWorld, action: np.ndarray, steps: int) -> None:
    for _ in range(steps):
        world.step(action)


@pytest.mark.parametrize("task", TASKS)
def test_the_same_seed_and_actions_give_the_same_numbers(task: str):
    first, second = (ManipulationWorld(TASKS[task]) for _ in range(2))
    second.reset(5)
    rest(second, START, 3)  # what went on before does not matter
    generator = np.random.default_rng(0)
    actions = START + START_SPREAD * generator.uniform(-1, 1, (6, 5))
    seen = []
    for one in (first, second):
        observed = [one.reset(9)["state"]]
        for action in actions:
            one.step(action)
            observed.append(one.observe()["state"])
        seen.append(np.array(observed))
    np.testing.assert_array_equal(*seen)
    assert not np.array_equal(first.reset(10)["state"], seen[0][0])


@pytest.mark.parametrize("task", TASKS)
def test_every_number_of_the_state_has_a_name_and_a_unit(task: str):
    world = ManipulationWorld(TASKS[task])
    state = world.reset(1)["state"]
    assert state.dtype == np.float32
    assert len(state) == len(world.state_names) == len(world.state_units)
    by_name = dict(zip(world.state_names, state, strict=True))
    for thing in TASKS[task].things:
        pose = [by_name[f"{thing.name}_{part}"] for part in ("x", "y", "z", "yaw")]
        np.testing.assert_allclose(pose, world.situation.poses[thing.name], atol=1e-6)


@pytest.mark.parametrize("task", TASKS)
def test_starts_spread_over_the_table_and_stay_where_they_are(task: str):
    world = ManipulationWorld(TASKS[task])
    name = TASKS[task].things[0].name
    places = []
    for seed in range(8):
        world.reset(seed)
        start = world.situation.poses[name]
        places.append(start[:2])
        if seed < 2:
            rest(world, world.target, 3)
            np.testing.assert_allclose(world.situation.poses[name], start, atol=1e-3)
    assert (np.ptp(places, axis=0) > [0.1, 0.12]).all()


def test_the_tool_goes_where_it_is_told_to_a_millimetre(world: ManipulationWorld):
    world.reset(0)
    for action in ([0.40, 0.2, 0.10, 2.5, 0.08], [0.55, -0.2, 0.25, -0.9, 0.03]):
        rest(world, np.array(action), 25)
        tool = np.append(world.situation.tool, world.situation.opening)
        np.testing.assert_allclose(tool, action, atol=1e-3)


def test_the_target_moves_no_faster_than_allowed_and_stays_in_reach(world: ManipulationWorld):
    world.reset(0)
    far = np.array([2.0, 2.0, -1.0, 9.0, 1.0])
    for _ in range(12):
        before = world.target
        world.step(far)
        assert (np.abs(world.target - before) <= SPEEDS * PERIOD + 1e-12).all()
    reached = np.clip(far, LOWEST, HIGHEST)
    np.testing.assert_allclose(world.target, reached)


def test_bad_actions_and_unknown_sights_are_refused(world: ManipulationWorld):
    with pytest.raises(WrongShape, match=r"\(5,\)"):
        world.step(np.zeros(4))
    with pytest.raises(BadValue, match="finite"):
        world.step(np.full(len(ACTION_NAMES), np.nan))
    with pytest.raises(UnknownName, match="Known: image, points, state"):
        ManipulationWorld(Lift(), "smell")


def test_time_runs_out(world: ManipulationWorld):
    world.reset(2)
    rest(world, world.target, world.time_limit_steps - 1)
    assert not world.over
    world.step(world.target)
    assert world.over and not world.success and world.score == 0.0


def test_pictures_show_the_cube_to_both_cameras_and_not_in_the_state():
    world = ManipulationWorld(Lift(), "image")
    seen = world.reset(1)
    assert seen["image"].shape == (2, 84, 84, 3) and seen["image"].dtype == np.uint8
    assert seen["state"].shape == (5,) and len(world.state_names) == 5
    red, green, blue = np.moveaxis(seen["image"].astype(int), -1, 0)
    cube = (red > 2 * green) & (red > 2 * blue)
    assert (cube.sum(axis=(1, 2)) > 15).all()
    np.testing.assert_array_equal(seen["image"], world.reset(1)["image"])


def test_points_lie_on_the_cube_where_it_is():
    world = ManipulationWorld(Lift(), "points")
    points = world.reset(1)["points"]
    assert points.shape == (512, 3) and points.dtype == np.float32
    x, y, _, yaw = world.situation.poses[CUBE.name]
    cos, sin = np.cos(yaw), np.sin(yaw)
    own = (points[:, :2] - [x, y]) @ np.array([[cos, -sin], [sin, cos]])  # in the cube's frame
    on_cube = np.abs(own).max(axis=1) < HALF + 0.003
    assert on_cube.sum() > 50
    height = points[on_cube, 2]
    assert height.max() < 2 * HALF + 0.002 and np.isclose(height.max(), 2 * HALF, atol=0.002)
    # Each point is on the top or on a side, none is inside.
    to_side = np.abs(np.abs(own[on_cube]).max(axis=1) - HALF)
    assert (np.minimum(to_side, np.abs(height - 2 * HALF)) < 0.003).all()
    assert points[:, 2].min() > 0.003  # no table
