"""Demonstrations do the task, in several ways, smoothly, and are the same again."""

import numpy as np
import pytest

from handiwork.sim.demonstrators.demonstrate import demonstrate
from handiwork.sim.demonstrators.disturbance import DisturbanceConfig
from handiwork.sim.demonstrators.planners import PLANNERS
from handiwork.sim.demonstrators.recording import as_demonstrations
from handiwork.sim.demonstrators.stages import Demonstrator
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import HIGHEST, LOWEST, ManipulationWorld

CALM = DisturbanceConfig(spread=(0.0,) * 5, push_rate=0.0)
FASTEST = np.array([0.0475, 0.0475, 0.0475, 0.26, 0.0301])  # per step: speed x hurry x period


@pytest.fixture(scope="module", params=TASKS)
def world(request: pytest.FixtureRequest) -> ManipulationWorld:
    return ManipulationWorld(TASKS[request.param])


def test_every_task_has_a_demonstrator():
    assert PLANNERS.keys() == TASKS.keys()


def test_disturbed_demonstrations_do_the_task_smoothly(world: ManipulationWorld):
    for seed in range(3):
        done = demonstrate(world, PLANNERS[world.task.name], seed, DisturbanceConfig())
        actions = done.arrays["action"]
        assert done.success and len(actions) < 100
        assert (np.abs(np.diff(actions, axis=0)).max(axis=0) < FASTEST).all()
        assert ((actions >= LOWEST - 1e-6) & (actions <= HIGHEST + 1e-6)).all()


def test_the_same_seed_gives_the_same_demonstration(world: ManipulationWorld):
    planner = PLANNERS[world.task.name]
    first, _, again = (demonstrate(world, planner, seed, DisturbanceConfig()) for seed in (4, 5, 4))
    for name, values in first.arrays.items():
        np.testing.assert_array_equal(values, again.arrays[name])


def test_from_one_start_there_are_several_ways(world: ManipulationWorld):
    """Where the wrist's range allows it, plans differ in the yaw that the thing is taken with."""
    ways = []
    for seed in range(8):
        world.reset(seed)
        plans = [
            PLANNERS[world.task.name](world.situation, np.random.default_rng(draw))
            for draw in range(10)
        ]
        ways.append(len({round(float(plan[2].goal(world.situation)[3]), 3) for plan in plans}))
    assert max(ways) == 2


def test_what_is_recorded_is_what_was_meant_not_what_was_executed():
    world = ManipulationWorld(TASKS["lift"])
    calm = demonstrate(world, PLANNERS["lift"], 0, CALM).arrays
    strong = DisturbanceConfig(spread=(0.02, 0.02, 0.0, 0.0, 0.0), push_rate=0.0)
    rough = demonstrate(world, PLANNERS["lift"], 0, strong).arrays
    # The first target is the same; what the arm did with it is not.
    np.testing.assert_array_equal(calm["action"][0], rough["action"][0])
    assert np.abs(calm["state"][1, :2] - rough["state"][1, :2]).max() > 1e-3


def test_a_thing_that_is_lost_is_taken_up_again():
    world = ManipulationWorld(TASKS["lift"])
    world.reset(0)
    generator = np.random.default_rng(0)
    demonstrator = Demonstrator(PLANNERS["lift"], world.situation, generator)
    dropped = False
    for _ in range(120):
        action = demonstrator.act(world.situation)
        if not dropped and world.situation.poses["cube"][2] > 0.035:
            action[4], dropped = 0.08, True  # the fingers are forced open once
        world.step(action)
        if dropped and demonstrator.finished and world.success:
            break
    assert dropped and world.success


def test_episodes_are_laid_end_to_end_with_the_world_s_names():
    world = ManipulationWorld(TASKS["lift"])
    kept = [demonstrate(world, PLANNERS["lift"], seed, CALM) for seed in (0, 1)]
    data = as_demonstrations(world, kept, {"seed": 0})
    lengths = [len(item.arrays["action"]) for item in kept]
    np.testing.assert_array_equal(data.episode_ends, np.cumsum(lengths))
    np.testing.assert_array_equal(data.arrays["state"][lengths[0]], kept[1].arrays["state"][0])
    assert (data.task, data.obs, data.state_names) == ("lift", "state", world.state_names)
