"""Push-T as published: its starts, its rules, and pictures like those of the demonstrations."""

import numpy as np
import pytest

from handiwork.tasks.push_t import SUCCESS_COVERAGE, coverage, initial_state, keypoints
from handiwork_app.gym_push_t import STEPS, GymPushT


def test_the_state_is_corners_and_agent_at_the_published_start():
    state = initial_state(9)
    want = np.concatenate([keypoints(state[2:]).ravel(), state[:2]])
    np.testing.assert_allclose(GymPushT().reset(9)["state"], want, rtol=1e-6)


def test_an_episode_is_over_after_300_steps_and_the_same_again():
    environment, scores = GymPushT(), []
    for _ in range(2):
        environment.reset(3)
        generator = np.random.default_rng(0)
        for _ in range(STEPS):
            assert not environment.over
            environment.step(generator.uniform(100, 400, 2))
        scores.append((environment.score, *environment.observe()["state"]))
        assert environment.over and not environment.success
    assert scores[0] == scores[1]


def test_targets_outside_the_plane_are_brought_into_it():
    states = []
    for target in ([600.0, -50.0], [512.0, 0.0]):
        environment = GymPushT()
        environment.reset(3)
        environment.step(np.array(target))
        states.append(environment.observe()["state"])
    np.testing.assert_array_equal(*states)


def test_a_picture_shows_the_agent_where_the_state_says():
    environment = GymPushT("image")
    seen = environment.reset(3)
    assert seen["image"].shape == (1, 96, 96, 3) and seen["image"].dtype == np.uint8
    x, y = (seen["state"] * 96 / 512).astype(int)
    red, _, blue = seen["image"][0, y, x].astype(int)
    assert blue > red + 50  # a blue disc
    assert environment.picture().shape == (680, 680, 3)


def test_the_score_is_the_coverage_over_that_of_a_success():
    environment = GymPushT()
    environment.reset(3)
    for _ in range(20):
        environment.step(np.array([300.0, 300.0]))
    state = environment._state
    want = min(coverage(state[2:]) / SUCCESS_COVERAGE, 1.0)
    assert environment.score == pytest.approx(want, abs=1e-6)
