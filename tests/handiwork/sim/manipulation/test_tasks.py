"""A task is done exactly when its things are where they should be, let go of and at rest."""

from collections.abc import Mapping

import numpy as np
import pytest

from handiwork.sim.manipulation.insertion import CLEARANCE, NUT, POST, THICK
from handiwork.sim.manipulation.pick_place import BIN, BRICK, HALF, INSIDE
from handiwork.sim.manipulation.stack import HEIGHT, LOWER, LOWER_HALF, UPPER
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import START, ManipulationWorld

SUPPORT = np.array([0.45, 0.05, LOWER_HALF, 0.3])
ON_TOP = np.array([0.45, 0.05, LOWER_HALF + HEIGHT, 0.3])
IN_BIN = np.array([*BIN, HALF[2] + 0.006, 0.4])
ON_POST = np.array([*POST, THICK, 0.0])


def moved(pose: np.ndarray, *by: float) -> np.ndarray:
    return pose + np.array(by)


def verdict(task: str, poses: Mapping[str, np.ndarray], steps: int = 8) -> bool:
    """Whether a task is done once its things, put there, have come to rest."""
    world = ManipulationWorld(TASKS[task])
    world.reset(0)
    world.table.reset(world._servo.reset(START[:4]), START[4], poses)
    for _ in range(steps):
        world.step(START)
    return world.success


@pytest.mark.parametrize(("height", "done"), [(0.049, False), (0.051, True)])
def test_a_cube_is_lifted_from_five_centimetres_on(height: float, done: bool):
    world = ManipulationWorld(TASKS["lift"])
    world.reset(0)
    cube = {"cube": np.array([0.5, 0.0, 0.02 + height, 0.0])}
    world.table.reset(world._servo.reset(START[:4]), START[4], cube)
    assert world.task.success(world.table.situation()) is done


@pytest.mark.parametrize(
    ("offset", "done"),
    [
        ((0, 0, 0), True),
        ((0.04, 0.03, 0), True),
        ((0, INSIDE[1] + 0.10, 0), False),  # on the table beside it
        ((0, INSIDE[1] + 0.005, 0.06), False),  # lying on the wall or fallen out
    ],
)
def test_a_brick_is_placed_when_it_lies_inside_the_bin(offset: tuple, done: bool):
    pose = moved(IN_BIN, *offset, 0)
    outside = verdict("pick_place", {BRICK.name: pose}, steps=15)
    assert outside is done


@pytest.mark.parametrize(
    ("offset", "done"),
    [((0, 0, 0), True), ((0.012, 0.0, 0), True), ((0.05, 0, 0.0), False), ((0.2, 0, 0.0), False)],
)
def test_a_cube_is_stacked_when_it_rests_on_the_other(offset: tuple, done: bool):
    poses = {UPPER.name: moved(ON_TOP, *offset, 0.5), LOWER.name: SUPPORT}
    assert verdict("stack", poses, steps=12) is done


@pytest.mark.parametrize("way", range(4))
def test_a_nut_goes_on_the_post_in_four_ways(way: int):
    above = moved(ON_POST, 0, 0, 0.045, way * np.pi / 2)
    assert verdict("insertion", {NUT.name: above}, steps=12)


@pytest.mark.parametrize(
    ("offset", "yaw"),
    [
        ((0.7 * CLEARANCE, 0.7 * CLEARANCE), 0.0),
        ((0.0, 0.0), 0.1),
    ],
)
def test_a_nut_with_some_play_left_slides_down(offset: tuple, yaw: float):
    assert verdict("insertion", {NUT.name: moved(ON_POST, *offset, 0.045, yaw)}, steps=12)


@pytest.mark.parametrize(
    ("offset", "yaw"),
    [((0.008, 0.0), 0.0), ((0.0, 0.0), np.pi / 4), ((0.0, 0.12), 0.0)],
)
def test_a_nut_askew_or_aside_does_not_go_on(offset: tuple, yaw: float):
    assert not verdict("insertion", {NUT.name: moved(ON_POST, *offset, 0.045, yaw)}, steps=12)


def test_what_still_moves_or_is_held_is_not_done():
    world = ManipulationWorld(TASKS["stack"])
    world.reset(0)
    poses = {UPPER.name: moved(ON_TOP, 0, 0, 0.003, 0), LOWER.name: SUPPORT}
    world.table.reset(world._servo.reset(START[:4]), START[4], poses)
    now = world.table.situation()
    still = dict.fromkeys(now.speeds, 0.0)
    change = {**now.__dict__, "speeds": still}
    assert world.task.success(type(now)(**change))
    assert not world.task.success(type(now)(**{**change, "speeds": {**still, UPPER.name: 0.1}}))
    assert not world.task.success(type(now)(**{**change, "touched": frozenset({UPPER.name})}))
