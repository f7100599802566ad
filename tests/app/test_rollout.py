"""Rollouts: which rows are acted on, what a policy is shown, and when an episode ends."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from handiwork_app.rollout import Rollout, Slice, pictures, roll_out

ROWS = Slice(observed=2, executed=8)
LONGEST = 30  # steps


class Counter:
    """An environment that counts its steps; it is done once a target is above its seed."""

    def __init__(self) -> None:
        self.looks = 0

    @property
    def over(self) -> bool:
        return self.success or self.steps >= LONGEST

    @property
    def success(self) -> bool:
        return self.last > self.seed

    @property
    def score(self) -> float:
        return min(max(self.last / self.seed, 0.0), 1.0)

    def reset(self, seed: int) -> Mapping[str, np.ndarray]:
        self.seed, self.steps, self.last = seed, 0, 0.0
        return self.observe()

    def observe(self) -> Mapping[str, np.ndarray]:
        self.looks += 1
        return {"state": np.array([self.steps, self.seed], np.float32)}

    def step(self, action: np.ndarray) -> None:
        self.last, self.steps = float(action[0]), self.steps + 1

    def picture(self) -> np.ndarray:
        return np.full((2, 2, 3), self.steps, np.uint8)


class Ramp:
    """Proposes the row number as the target; keeps what it was shown."""

    def __init__(self) -> None:
        self.seen: list[tuple[np.ndarray, list[int]]] = []

    def reset(self, seed: int = 0) -> None:
        self.seed = seed

    def propose_batch(
        self, observations: Mapping[str, np.ndarray], streams: Sequence[int]
    ) -> np.ndarray:
        self.seen.append((observations["state"], list(streams)))
        rows = np.arange(16.0)[:, None]
        return np.broadcast_to(rows, (len(streams), 16, 1))


def run(seeds: Sequence[int]) -> tuple[list[Rollout], Ramp]:
    policy = Ramp()
    return roll_out(Counter, policy, ROWS, seeds), policy


def test_rows_from_now_on_are_executed_until_the_time_is_up():
    (one,), policy = run([50])
    assert len(one.actions) == LONGEST and not one.success
    np.testing.assert_array_equal(one.actions[:10, 0], [1, 2, 3, 4, 5, 6, 7, 8, 1, 2])
    assert policy.seed == 50


def test_a_policy_is_shown_the_last_two_steps_oldest_first():
    _, policy = run([50])
    steps = [shown[0, :, 0].tolist() for shown, _ in policy.seen]
    assert steps == [[0, 0], [7, 8], [15, 16], [23, 24]]


def test_an_episode_ends_when_it_is_done_and_the_others_keep_their_streams():
    (first, second), policy = run([5, 50])
    assert first.success and len(first.actions) == 6  # row 6 is the first target above 5
    assert (first.score, second.score) == (1.0, pytest.approx(8 / 50))
    assert [streams for _, streams in policy.seen] == [[0, 1], [1], [1], [1]]
    assert policy.seen[1][0][0, :, 1].tolist() == [50, 50]


def test_only_what_a_policy_is_shown_is_observed():
    environment = Counter()
    roll_out(lambda: environment, Ramp(), ROWS, [50])
    assert environment.looks == 1 + 2 * 3  # at the start, and twice in each chunk but the last


def test_an_episode_is_seen_again_from_its_seed_and_actions():
    (one,), _ = run([5])
    shown = [int(picture[0, 0, 0]) for picture in pictures(Counter(), one)]
    assert shown == list(range(len(one.actions) + 1))
