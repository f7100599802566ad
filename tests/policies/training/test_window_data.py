"""Windows are gathered when wanted, from arrays that may be larger than memory."""

from pathlib import Path

import numpy as np
import pytest

from handiwork.data.demonstrations import write_demonstrations
from handiwork.errors import BadValue
from policies.training.window_data import split
from policies.windows import Horizon, windows
from tests.policies.training.tiny import demonstrations

HORIZON = Horizon(observed_steps=2, predicted_steps=8, executed_steps=4)


def test_all_windows_in_their_order_are_those_of_the_window_rule():
    data = demonstrations()
    learned, held_out = split(data, 2, HORIZON, ("state",))
    state, actions = windows(
        data.arrays["state"], data.arrays["action"], data.episode_ends, HORIZON
    )
    batches = [part.batch(np.arange(len(part))) for part in (learned, held_out)]
    np.testing.assert_array_equal(np.concatenate([b.observed["state"] for b in batches]), state)
    np.testing.assert_array_equal(np.concatenate([b.actions for b in batches]), actions)


def test_no_step_of_a_held_out_episode_is_learned_from():
    data = demonstrations()
    learned, held_out = split(data, 3, HORIZON, ())
    assert learned.rows.max() == data.episode_ends[-4] - 1
    assert held_out.rows.min() == data.episode_ends[-4]


def test_pictures_and_points_are_cut_like_the_state(tmp_path: Path):
    for obs in ("image", "points"):
        data = write_demonstrations(tmp_path / obs, demonstrations(obs))
        learned, _ = split(data, 2, HORIZON, ("state", obs))
        batch = learned.batch(np.array([3, 50]))
        rows = learned.rows[[3, 50], :2]
        np.testing.assert_array_equal(batch.observed[obs], np.asarray(data.arrays[obs])[rows])
        assert batch.observed[obs].shape[:2] == (2, 2)


def test_the_arrays_stay_on_disk(tmp_path: Path):
    """Neither the split nor the windows copy them."""
    data = write_demonstrations(tmp_path / "image", demonstrations("image"))
    learned, held_out = split(data, 2, HORIZON, ("state", "image"))
    for part in (learned, held_out):
        assert isinstance(part.observed["image"], np.memmap)
        assert part.observed["image"] is data.arrays["image"]


@pytest.mark.parametrize("held_out", [8, 20])
def test_too_few_episodes_are_refused(held_out: int):
    with pytest.raises(BadValue, match="number of episodes is 8, want more than the"):
        split(demonstrations(), held_out, HORIZON, ())


def test_an_encoder_without_its_input_is_refused():
    with pytest.raises(BadValue, match="obs is 'state', want data with image"):
        split(demonstrations(), 2, HORIZON, ("state", "image"))
