"""The mirror keeps what makes Push-T Push-T."""

import dataclasses

import numpy as np
import pytest

from handiwork.data.demonstrations import Demonstrations
from handiwork.data.push_t import observation
from handiwork.data.push_t_mirror import (
    mirrored_pictures,
    mirrored_points,
    mirrored_state,
    with_mirrored,
)
from handiwork.errors import BadValue
from handiwork.tasks import push_t
from handiwork_app.gym_push_t import GymPushT

AGENT = np.array([100.0, 50.0])


def demonstrations(task: str = "push_t") -> Demonstrations:
    blocks = np.array(
        [[300.0, 200.0, 0.7], [302.0, 200.0, 0.7], [310.0, 205.0, 0.8], [200.0, 220.0, -1.0]]
    )
    return Demonstrations(
        task=task,
        obs="state",
        state_names=tuple(f"s{index}" for index in range(18)),
        state_units=("px",) * 18,
        action_names=("x", "y"),
        action_units=("px",) * 2,
        frame="push_t_plane",
        period=0.1,
        cameras=(),
        arrays={
            "state": observation(np.tile(AGENT, (4, 1)), blocks).astype(np.float32),
            "action": np.array([[1, 2], [3, 4], [5, 6], [7, 8]], np.float32),
        },
        episode_ends=np.array([2, 4]),
        digest="",
    )


def test_a_mirrored_block_is_a_block_turned_the_other_way():
    angle = 0.7
    x, y = mirrored_points(np.array([300.0, 200.0]))
    mirrored_angle = np.pi / 2 - angle  # the goal, at pi / 4, stays where it is
    wanted = observation(mirrored_points(AGENT), np.array([x, y, mirrored_angle]))
    got = mirrored_state(observation(AGENT, np.array([300.0, 200.0, angle])))
    np.testing.assert_allclose(got, wanted, atol=1e-3)


def test_the_goal_is_its_own_mirror_image():
    state = observation(AGENT, push_t.GOAL_PX)
    np.testing.assert_allclose(mirrored_state(state)[:16], state[:16], atol=1e-3)


def test_a_mirror_of_a_mirror_changes_nothing():
    state = demonstrations().arrays["state"]
    np.testing.assert_allclose(mirrored_state(mirrored_state(state)), state, atol=1e-6)


def test_every_episode_comes_twice_and_ends_where_it_did():
    both = with_mirrored(demonstrations())
    assert both.episode_ends.tolist() == [2, 4, 6, 8]
    np.testing.assert_array_equal(both.arrays["action"][:2], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(both.arrays["action"][2], [510.0, 511.0])


def test_another_task_is_not_mirrored():
    with pytest.raises(BadValue, match="want push_t"):
        with_mirrored(demonstrations(task="lift"))


def test_a_picture_of_the_mirrored_scene_is_the_mirrored_picture():
    """Drawn by the published environment, whose walls are not quite in the middle."""
    gym = GymPushT("image")
    for agent, block in ((AGENT, [300.0, 200.0, 2.0]), ([400.0, 330.0], [180.0, 250.0, -2.0])):
        angle = np.pi / 2 - block[2]
        seen = drawn(gym, np.array(agent), np.array(block))
        other = np.array([*mirrored_points(np.array(block[:2])), angle])
        mirrored = drawn(gym, mirrored_points(np.array(agent)), other)
        assert apart(mirrored_pictures(seen), mirrored) < 1.0 < 3.0 < apart(seen, mirrored)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of their bytes."""
    return float(np.abs(one.astype(int) - other).mean())


def drawn(gym: GymPushT, agent: np.ndarray, block: np.ndarray) -> np.ndarray:
    """The environment's picture (96, 96, 3) of a scene that was laid so."""
    world = gym._environment
    world.agent.position, world.block.angle = agent.tolist(), float(block[2])
    world.block.position = block[:2].tolist()
    for body in (world.agent, world.block):
        world.space.reindex_shapes_for_body(body)
    return gym.observe()["image"][0]


def test_all_that_an_episode_holds_is_mirrored_together():
    plain = demonstrations()
    seen = dataclasses.replace(
        plain,
        obs="image",
        state_names=("x", "y"),
        state_units=("px", "px"),
        cameras=("top",),
        object_names=tuple(f"s{index}" for index in range(16)),
        arrays={
            "action": plain.arrays["action"],
            "state": plain.arrays["state"][:, 16:],
            "objects": plain.arrays["state"][:, :16],
            "image": np.random.default_rng(0).integers(0, 255, (4, 1, 6, 6, 3), dtype=np.uint8),
        },
    )
    both, numbers = with_mirrored(seen), with_mirrored(plain).arrays["state"]
    np.testing.assert_array_equal(both.arrays["state"], numbers[:, 16:])
    np.testing.assert_array_equal(both.arrays["objects"], numbers[:, :16])
    image = both.arrays["image"]
    np.testing.assert_array_equal(image[:2], seen.arrays["image"][:2])
    np.testing.assert_array_equal(image[2, 0, 1, 4], seen.arrays["image"][0, 0, 1, 4])
    np.testing.assert_array_equal(image[2, 0, 0, 0], seen.arrays["image"][0, 0, 5, 5])
    np.testing.assert_array_equal(image[2, 0, 0, 5], seen.arrays["image"][0, 0, 0, 5])
