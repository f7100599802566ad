"""The mirror keeps what makes Push-T Push-T."""

import numpy as np
import pytest

from handiwork.data.demonstrations import Demonstrations
from handiwork.data.push_t import observation
from handiwork.data.push_t_mirror import mirrored_points, mirrored_state, with_mirrored
from handiwork.errors import BadValue
from handiwork.tasks import push_t

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
    with pytest.raises(BadValue, match="want push_t with obs=state"):
        with_mirrored(demonstrations(task="lift"))
