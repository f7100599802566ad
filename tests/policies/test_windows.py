"""The window rule, on a ramp: observation and action of step t are both t."""

import numpy as np
import pytest

from policies.windows import Horizon, windows

HORIZON = Horizon(observed_steps=2, predicted_steps=16, executed_steps=8)


def ramp(*lengths: int) -> tuple[np.ndarray, np.ndarray]:
    """Observations 0, 1, 2 ... over all episodes, (T, 1), and where the episodes end."""
    return np.arange(sum(lengths), dtype=float)[:, None], np.cumsum(lengths)


def test_the_last_observed_step_is_row_now_of_the_actions():
    steps, ends = ramp(40)
    observed, actions = windows(steps, steps, ends, HORIZON)
    np.testing.assert_array_equal(observed[:, -1], actions[:, HORIZON.now])


def test_a_window_never_crosses_an_episode():
    steps, ends = ramp(30, 50)
    _, actions = windows(steps, steps, ends, HORIZON)
    episode = np.searchsorted(ends, actions[..., 0], side="right")
    assert (episode == episode[:, :1]).all()


def test_steps_outside_an_episode_repeat_its_first_and_last():
    steps, ends = ramp(20)
    observed, actions = windows(steps, steps, ends, HORIZON)
    np.testing.assert_array_equal(observed[0, :, 0], [0, 0])
    np.testing.assert_array_equal(actions[-1, -HORIZON.executed_steps :, 0], [19] * 8)


def test_every_step_of_an_episode_is_once_now():
    steps, ends = ramp(33)
    observed, _ = windows(steps, steps, ends, HORIZON)
    # The published rule pads with executed_steps - 1 = 7, so the last 7 steps are never "now".
    np.testing.assert_array_equal(observed[:, -1, 0], np.arange(33 - 7))


def test_a_horizon_too_short_to_execute_is_refused():
    with pytest.raises(ValueError, match="predicted_steps must be >="):
        Horizon(observed_steps=2, predicted_steps=8, executed_steps=8)
