"""What the quick checkers say is what looking at every pair, everywhere, says."""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import pytest

from handiwork.planning import (
    AllowedCollisions,
    Attached,
    Box,
    Compound,
    Cylinder,
    Mesh,
    Obstacle,
    Planner,
    Recheck,
    Scene,
    Sphere,
    placed,
)
from handiwork.planning.motion_bounds import pair_rates
from handiwork.planning.motion_speeds import MotionSpeeds
from handiwork.planning.recheck import postures_along
from handiwork.robots.registry import robot

WEDGE = Mesh(
    vertices=np.array([[0, 0, 0], [0.2, 0, 0], [0, 0.2, 0], [0, 0, 0.4]], float),
    triangles=np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]),
)
CLUTTER = Scene(
    obstacles=(
        Obstacle(
            name="box", shape=Box(size=(0.2, 0.3, 0.4)), base_from_shape=placed(0.4, 0.2, 0.2, 0.5)
        ),
        Obstacle(name="ball", shape=Sphere(radius=0.12), base_from_shape=placed(0.3, -0.3, 0.4)),
        Obstacle(
            name="post",
            shape=Cylinder(radius=0.05, length=0.8),
            base_from_shape=placed(-0.3, 0.3, 0.4),
        ),
        Obstacle(name="wedge", shape=WEDGE, base_from_shape=placed(-0.3, -0.4, 0.2)),
    )
)


def random_postures(planner: Planner, count: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.uniform(planner.lower, planner.upper, (count, len(planner.lower)))


def brute_force_touches(recheck: Recheck, posture: np.ndarray) -> bool:
    """Every pair of full hulls, with no broad phase."""
    world = recheck.world
    return pin.computeCollisions(
        world.model,
        world.model.createData(),
        world.geometry,
        world.geometry.createData(),
        world.configuration(posture),
        False,
    )


@pytest.mark.parametrize("name", ["panda", "wxai"])
def test_the_broad_phase_never_disagrees_with_brute_force(name: str):
    planner, recheck = Planner(robot(name), CLUTTER), Recheck(robot(name), CLUTTER)
    planner.checker.keep_clear(np.zeros(len(planner.world.pairs)))
    postures = random_postures(planner, 200)
    said = [planner.checker.free(posture) for posture in postures]
    assert said == [not brute_force_touches(recheck, posture) for posture in postures]
    assert 20 < sum(said) < 190


def test_hulls_made_lighter_never_free_a_posture_that_touches():
    planner, recheck = Planner(robot("g1"), CLUTTER), Recheck(robot("g1"), CLUTTER)
    postures = random_postures(planner, 60)
    free = [posture for posture in postures if planner.checker.free(posture)]
    assert len(free) > 10
    assert not any(brute_force_touches(recheck, posture) for posture in free)


def test_the_two_that_touch_are_named():
    planner = Planner(robot("panda"), CLUTTER)
    for posture in random_postures(planner, 100):
        assert (planner.checker.touching(posture) is None) == planner.checker.free(posture)


def test_a_motion_is_proven_free_exactly_where_samples_at_1_mrad_are():
    planner, recheck = Planner(robot("panda"), CLUTTER), Recheck(robot("panda"), CLUTTER)
    postures = [q for q in random_postures(planner, 100, seed=1) if planner.checker.free(q)]
    said = []
    for start, end in zip(postures[:20], postures[20:40], strict=True):
        end = start + 0.3 * (end - start)
        proven = planner.proof.free(start, end)
        dense = recheck.first_touch(np.array([start, end]), 1e-3) is None
        assert dense or not proven
        said.append((proven, dense))
    assert said.count((False, True)) <= 1  # a graze between two samples
    assert said.count((True, True)) > 3 and said.count((False, False)) > 2


def test_no_pair_comes_nearer_than_its_bound():
    planner = Planner(robot("panda"), CLUTTER)
    world = planner.world
    rates = pair_rates(world.model, world.geometry, world.pairs)[:, world.velocity_columns]
    generator = np.random.default_rng(3)
    for start in random_postures(planner, 40, seed=2):
        change = generator.uniform(-0.2, 0.2, len(start))
        before, after = all_distances(planner, start), all_distances(planner, start + change)
        apart = (before > 0) & (after > 0)
        assert (np.abs(after - before) <= rates @ np.abs(change) + 1e-6)[apart].all()


@pytest.mark.parametrize("name", ["panda", "wxai", "g1"])
def test_on_one_motion_no_pair_comes_nearer_than_its_bound_for_it(name: str):
    """In any part of the motion; and that bound is much closer than the one for all motions."""
    # coal has no distance from a hull made lighter to a mesh.
    planner = Planner(robot(name), CLUTTER.without("wedge"))
    world, speeds = planner.world, MotionSpeeds(planner.world)
    worst = pair_rates(world.model, world.geometry, world.pairs)[:, world.velocity_columns]
    bounds, bounds_of_all = [], []
    for start, end in random_postures(planner, 12, seed=4).reshape(6, 2, -1):
        change = 0.4 * (end - start)
        bounds.append(speeds.rates(start, change))
        bounds_of_all.append(worst @ np.abs(change))
        shares = np.sort(np.random.default_rng(5).uniform(0.0, 1.0, 25))
        distances = np.array([all_distances(planner, start + at * change) for at in shares])
        apart = (distances[1:] > 0) & (distances[:-1] > 0)
        allowed = np.diff(shares)[:, None] * bounds[-1] + 1e-6
        assert (np.abs(np.diff(distances, axis=0)) <= allowed)[apart].all()
    assert np.sum(bounds) < 0.75 * np.sum(bounds_of_all)


def all_distances(planner: Planner, posture: np.ndarray) -> np.ndarray:
    """(P,) of the pairs [m]."""
    world = planner.world
    data, placed_at = world.model.createData(), world.geometry.createData()
    q = world.configuration(posture)
    pin.computeDistances(world.model, data, world.geometry, placed_at, q)
    return np.array([result.min_distance for result in placed_at.distanceResults])


def test_what_may_touch_is_not_looked_at_and_all_else_is():
    crate = Obstacle(
        name="crate", shape=Box(size=(0.1, 0.1, 0.1)), base_from_shape=placed(0.31, 0, 0.45)
    )
    panda = robot("panda")
    touching = Planner(panda, Scene(obstacles=(crate,)))
    assert not touching.checker.free(panda.home)
    links = ("panda_hand", "panda_leftfinger", "panda_rightfinger", "panda_link7")
    allowed = AllowedCollisions.of([(link, "crate") for link in links])
    assert Planner(panda, Scene(obstacles=(crate,), allowed=allowed)).checker.free(panda.home)
    others = AllowedCollisions.of([("panda_link3", "crate")])
    assert not Planner(panda, Scene(obstacles=(crate,), allowed=others)).checker.free(panda.home)


def test_what_is_attached_moves_with_its_link_and_may_touch_only_where_told():
    panda = robot("panda")
    stick = Attached(
        name="stick",
        shape=Cylinder(radius=0.01, length=0.3),
        link="panda_hand",
        link_from_shape=placed(0, 0, 0.25),
        touch_links=("panda_leftfinger", "panda_rightfinger"),
    )
    table = Obstacle(
        name="table", shape=Box(size=(0.3, 0.3, 0.02)), base_from_shape=placed(0.3, 0, 0.3)
    )
    assert Planner(panda, Scene(obstacles=(table,))).checker.free(panda.home)
    assert Planner(panda, Scene(attached=(stick,))).checker.free(panda.home)
    both = Planner(panda, Scene(obstacles=(table,), attached=(stick,)))
    assert both.checker.touching(panda.home) == ("stick", "table")


def test_postures_along_a_path_are_as_near_as_asked_and_end_where_it_ends():
    path = np.array([[0.0, 0.0], [0.1, -0.3], [0.1, 0.0]])
    postures = postures_along(path, 0.01)
    assert np.abs(np.diff(postures, axis=0)).max() <= 0.01 + 1e-12
    np.testing.assert_allclose(postures[[0, -1]], path[[0, -1]])


def test_a_thing_of_several_parts_is_touched_where_its_parts_are_and_nowhere_else():
    parts = (
        (placed(0.0, 0.0, 0.2), Box(size=(0.2, 0.3, 0.4))),
        (placed(0.0, -0.6, 0.4), Sphere(radius=0.12)),
    )
    turned = placed(0.4, 0.2, 0.0, 0.5)
    one = Scene(
        obstacles=(Obstacle(name="thing", shape=Compound(parts=parts), base_from_shape=turned),)
    )
    apart = Scene(
        obstacles=tuple(
            Obstacle(name=str(number), shape=shape, base_from_shape=turned @ pose)
            for number, (pose, shape) in enumerate(parts)
        )
    )
    planners = [Planner(robot("panda"), scene) for scene in (one, apart)]
    postures = random_postures(planners[0], 150)
    said = [[planner.checker.free(posture) for posture in postures] for planner in planners]
    assert said[0] == said[1] and 0 < sum(said[0]) < 150
