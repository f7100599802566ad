from dataclasses import replace

import numpy as np
import pytest
import shapely

from handiwork.sim.push_t_world import PushTWorld
from handiwork.sim.rgbd import Rgbd, RgbdConfig
from handiwork.tasks.push_t import BLOCK_HEIGHT, CENTRE_PX, GOAL_PX, keypoints, transform

STATE = np.array([430.0, 80.0, 150.0, 330.0, 0.5])  # block clear of arm and goal, near the camera


@pytest.fixture(scope="module")
def world() -> PushTWorld:
    world = PushTWorld()
    world.reset(STATE)
    return world


@pytest.fixture(scope="module")
def eyes(world):
    eyes = Rgbd(world)
    yield eyes
    eyes.close()


def pixel_of(world: PushTWorld, point_px: np.ndarray, height: float) -> tuple[int, int]:
    """Row and column of a point of the plane at a height [m]."""
    point = np.array([*world.config.square.to_base(point_px), height])
    column, row = np.rint(world.camera().project(point)).astype(int)
    return row, column


def middle_of_block() -> np.ndarray:
    return transform(CENTRE_PX[None] / 3, STATE[2:])[0]  # in the middle of the bar


def test_depth_through_the_camera_model_is_the_scene_in_base_coordinates(world, eyes):
    _, depth = eyes.render_clean()
    places = [(middle_of_block(), BLOCK_HEIGHT), (np.array([100.0, 450.0]), 0.0)]
    for point, height in places:
        row, column = pixel_of(world, point, height)
        got = world.camera().deproject(np.array([column, row]), depth[row, column])
        want = world.config.square.to_base(point)
        np.testing.assert_allclose(got[:2], want, atol=1e-3)  # half a pixel
        assert got[2] == pytest.approx(height, abs=1e-5)


def test_the_top_of_the_block_is_seen_where_its_outline_says(world, eyes):
    """No red pixel at the block's height outside the outline, none missing inside it."""
    rgb, depth = eyes.render_clean()
    camera = world.camera()
    columns, rows = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    points = camera.deproject(np.stack([columns, rows], axis=-1), depth)
    red = rgb[..., 0] > 3.0 * rgb[..., 1]
    top = red & (np.abs(points[..., 2] - BLOCK_HEIGHT) < 1e-4)
    outline = shapely.Polygon(keypoints(STATE[2:]))
    seen = world.config.square.to_plane(points[top][:, :2])
    assert shapely.contains_xy(outline.buffer(1.0), *seen.T).all()
    grid = np.stack(np.meshgrid(np.arange(0, 512.0, 2), np.arange(0, 512.0, 2)), -1).reshape(-1, 2)
    inside = grid[shapely.contains_xy(outline.buffer(-3.0), *grid.T)]
    assert len(inside) > 1000
    assert all(top[pixel_of(world, point, BLOCK_HEIGHT)] for point in inside)


def test_block_mark_and_table_differ_in_colour(world, eyes):
    rgb, _ = eyes.render_clean()
    block = rgb[pixel_of(world, middle_of_block(), BLOCK_HEIGHT)].astype(int)
    goal = rgb[pixel_of(world, transform(CENTRE_PX[None] / 3, GOAL_PX)[0], 0.0)].astype(int)
    table = rgb[pixel_of(world, np.array([100.0, 450.0]), 0.0)].astype(int)
    assert block[0] > 3 * max(block[1], block[2])
    assert goal[1] > 1.15 * max(goal[0], goal[2])
    assert np.ptp(table) < 0.1 * table.max()


def test_depth_noise_has_the_declared_size(world):
    config = RgbdConfig(edge_dropout=0.0, lateral_noise=0, hole_rate=0.0, axial_noise=0.01, seed=1)
    eyes = Rgbd(world, config)
    _, clean = eyes.render_clean()
    clean = clean.copy()
    residuals = [eyes.render()[1] * 1e-3 - clean for _ in range(5)]
    eyes.close()
    near = clean < 1.0
    standard = np.concatenate([residual[near] / clean[near] ** 2 for residual in residuals])
    assert standard.std() == pytest.approx(config.axial_noise, rel=0.03)
    assert abs(np.median(standard)) < 0.03 * config.axial_noise  # disparity errs evenly, not depth


def test_colour_noise_has_the_declared_size(world):
    eyes = Rgbd(world, RgbdConfig(colour_noise=4.0))
    clean = eyes.render_clean()[0].astype(float)
    noisy, _ = eyes.render()
    eyes.close()
    between = (clean > 30) & (clean < 225)
    assert (noisy - clean)[between].std() == pytest.approx(4.0, rel=0.03)


def test_depth_is_missing_only_at_edges_and_out_of_range(world):
    config = RgbdConfig(edge_dropout=1.0, hole_rate=0.0, axial_noise=0.0, farthest=0.9)
    eyes = Rgbd(world, config)
    _, clean = eyes.render_clean()
    clean = clean.copy()
    _, depth = eyes.render()
    eyes.close()
    assert np.all(depth[clean > config.farthest] == 0)
    jumps = np.zeros(clean.shape)
    for axis in (0, 1):
        for shift in (1, -1):
            jumps = np.maximum(jumps, np.abs(clean - np.roll(clean, shift, axis)))
    inner = np.zeros(clean.shape, bool)
    inner[1:-1, 1:-1] = True
    measurable = inner & (clean < config.farthest)
    np.testing.assert_array_equal(depth[measurable] == 0, jumps[measurable] > config.edge_jump)


def test_without_noise_depth_is_the_scene_to_half_a_millimetre(world):
    quiet = RgbdConfig(
        colour_noise=0.0,
        axial_noise=0.0,
        disparity_step=0.0,
        edge_dropout=0.0,
        lateral_noise=0,
        hole_rate=0.0,
    )
    eyes = Rgbd(world, quiet)
    _, clean = eyes.render_clean()
    clean = clean.copy()
    rgb, depth = eyes.render()
    seen = depth > 0
    np.testing.assert_allclose(depth[seen] * 1e-3, clean[seen], atol=0.51e-3)
    np.testing.assert_array_equal(rgb, eyes.render_clean()[0])
    eyes.close()


def test_the_same_seed_gives_the_same_noise_and_another_does_not(world):
    pictures = []
    for seed in (0, 0, 1):
        eyes = Rgbd(world, replace(RgbdConfig(), seed=seed))
        pictures.append(eyes.render())
        eyes.close()
    np.testing.assert_array_equal(pictures[0][0], pictures[1][0])
    np.testing.assert_array_equal(pictures[0][1], pictures[1][1])
    assert np.any(pictures[0][1] != pictures[2][1])


def test_a_picture_given_away_is_not_overwritten_by_the_next(eyes):
    rgb, depth = eyes.render()
    kept = rgb.copy(), depth.copy()
    eyes.render()
    np.testing.assert_array_equal(rgb, kept[0])
    np.testing.assert_array_equal(depth, kept[1])
