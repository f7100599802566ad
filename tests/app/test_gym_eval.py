"""Rollouts in the published environment: its rules, and the same again for the same seed."""

import numpy as np
import pytest

from handiwork.tasks.push_t import initial_state, keypoints
from handiwork_app.gym_eval import Slice, frames, make_environment, roll_out

ROWS = Slice(observed=2, executed=8)


class Wanderer:
    """Proposes targets at random about where the agent is; keeps what it was shown."""

    def __init__(self) -> None:
        self.seen: list[np.ndarray] = []

    def reset(self, seed: int = 0) -> None:
        self.generator = np.random.default_rng(seed)

    def propose_batch(self, observations: np.ndarray) -> np.ndarray:
        self.seen.append(observations)
        noise = self.generator.normal(0, 60, (len(observations), 16, 2))
        return observations[:, -1:, 16:] + noise


class Ramp:
    """Proposes the row number as the target, so that executed actions tell their rows."""

    def reset(self, seed: int = 0) -> None:
        del seed

    def propose_batch(self, observations: np.ndarray) -> np.ndarray:
        rows = np.arange(16.0)[:, None] + 100.0
        return np.broadcast_to(rows, (len(observations), 16, 2))


def test_the_same_seeds_give_the_same_episodes_again() -> None:
    first = roll_out(Wanderer(), ROWS, [5, 6])
    again = roll_out(Wanderer(), ROWS, [5, 6])
    assert [run.score for run in first] == [run.score for run in again]
    assert first[0].score != first[1].score
    np.testing.assert_array_equal(first[1].actions, again[1].actions)


def test_an_episode_lasts_300_steps_and_acts_on_the_rows_from_now_on() -> None:
    (run,) = roll_out(Ramp(), ROWS, [3])
    assert len(run.actions) == 300 and not run.success
    np.testing.assert_array_equal(
        run.actions[:10, 0], [101, 102, 103, 104, 105, 106, 107, 108, 101, 102]
    )


def test_a_policy_is_shown_corners_and_agent_oldest_first() -> None:
    policy = Wanderer()
    roll_out(policy, ROWS, [9])
    state = initial_state(9)
    want = np.concatenate([keypoints(state[2:]).ravel(), state[:2]])
    np.testing.assert_allclose(policy.seen[0], [[want, want]])  # the first step repeats
    assert policy.seen[1].shape == (1, 2, 18)
    moved = np.linalg.norm(policy.seen[1][0, 1, 16:] - policy.seen[1][0, 0, 16:])
    assert 0 < moved < 60  # two neighbouring steps, not two calls apart


def test_the_video_is_of_the_episode_that_was_scored() -> None:
    (run,) = roll_out(Wanderer(), ROWS, [11])
    environment = make_environment()
    environment.reset(seed=run.seed)
    rewards = [environment.step(action)[1] for action in run.actions]
    assert max(rewards) == pytest.approx(run.score, abs=0)
    pictures = frames(run)
    assert next(pictures).shape == (680, 680, 3)
    pictures.close()
