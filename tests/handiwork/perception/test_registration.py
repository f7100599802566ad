"""Registration finds the motion that was made, in any frame."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from handiwork.perception.known_object import pose_difference
from handiwork.perception.known_objects import CUBE, MUG, T_BLOCK
from handiwork.perception.registration import Rest, register

SCALES = np.geomspace(0.02, 0.004, 12)


def rest_of(pose, loose=1e3):
    """What resting says of a pose in base, as good as nothing unless told."""
    return Rest(
        table=np.array([0.0, 0.0, 1.0]),
        level=0.0,
        up=pose[None, 2, :3],
        heights=pose[None, 2, 3],
        height_deviation=loose,
        tilt_deviation=loose,
    )


def some_pose(seed, turn=0.15, shift=0.01):
    draws = np.random.default_rng(seed)
    pose = np.eye(4)
    pose[:3, :3] = Rotation.from_rotvec(draws.normal(0, turn, 3)).as_matrix()
    pose[:3, 3] = draws.normal(0, shift, 3)
    return pose


def found(thing, points, starts, rest):
    return register(thing.surface, thing.field.nearest, points, starts, rest, SCALES, 0.001)


@pytest.mark.parametrize("thing", [T_BLOCK, CUBE, MUG], ids=lambda thing: thing.name)
def test_a_small_motion_is_undone(thing):
    truth = some_pose(0, turn=1.0, shift=0.3)
    points = thing.surface.points[::7] @ truth[:3, :3].T + truth[:3, 3]
    start = truth @ some_pose(1)
    fit = found(thing, points, start[None], rest_of(start))
    far, turn = pose_difference(fit.poses[0], truth, np.eye(4)[None])
    assert far < 2e-4 and turn < 4e-3


def test_moving_points_and_start_together_moves_the_answer():
    motion = some_pose(5, turn=2.0, shift=1.0)
    points = T_BLOCK.surface.points[::9] + np.random.default_rng(0).normal(0, 0.001, 3)
    start = some_pose(2)
    here = found(T_BLOCK, points, start[None], rest_of(start)).poses[0]
    there = found(
        T_BLOCK,
        points @ motion[:3, :3].T + motion[:3, 3],
        (motion @ start)[None],
        rest_of(motion @ start),
    ).poses[0]
    np.testing.assert_allclose(there, motion @ here, atol=1e-6)


def test_many_starts_at_once_end_where_each_would_alone():
    starts = np.array([some_pose(seed) for seed in range(4)])
    points = CUBE.surface.points[::9]
    rest = Rest(
        table=np.array([0.0, 0.0, 1.0]),
        level=0.0,
        up=starts[:, 2, :3],
        heights=starts[:, 2, 3],
        height_deviation=1e3,
        tilt_deviation=1e3,
    )
    together = found(CUBE, points, starts, rest).poses
    for start, pose in zip(starts, together, strict=True):
        alone = found(CUBE, points, start[None], rest_of(start)).poses[0]
        np.testing.assert_allclose(pose, alone, atol=1e-8)


def test_the_order_of_points_does_not_matter():
    points, start = T_BLOCK.surface.points[::9], some_pose(3)
    shuffled = points[np.random.default_rng(0).permutation(len(points))]
    first, second = (
        found(T_BLOCK, cloud, start[None], rest_of(start)).poses[0] for cloud in (points, shuffled)
    )
    np.testing.assert_allclose(first, second, atol=1e-9)


def test_resting_on_the_table_holds_what_the_points_do_not():
    top = T_BLOCK.surface.points[T_BLOCK.surface.points[:, 2] > 0.0299]
    start = some_pose(4, turn=0.03, shift=0.003)
    fit = found(T_BLOCK, top + np.array([0, 0, 0.004]), start[None], rest_of(np.eye(4), loose=1e-5))
    assert abs(fit.poses[0, 2, 3]) < 1e-4
    assert fit.poses[0, 2, 2] > 1 - 1e-6
