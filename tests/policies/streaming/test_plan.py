"""A plan between calls: the same actions and the same noise, wherever the tool has gone."""

import numpy as np
import pytest
import torch

from policies.action_codec import ActionCodec
from policies.normaliser import Normaliser
from policies.streaming.elementwise import add_noise
from policies.streaming.plan import diverged, leave, resume
from policies.windows import Horizon

HORIZON = Horizon(observed_steps=2, predicted_steps=13, executed_steps=4)  # past row, 3 chunks
SIGNAL = torch.tensor([1.0] * 5 + [0.6] * 4 + [0.2] * 4)[:, None]  # after a call
WAITING = torch.tensor([0.6] * 5 + [0.2] * 4 + [0.0] * 4)[:, None]  # at the next one
HERE, THERE = torch.tensor([[100.0, 50.0, 0.0]]), torch.tensor([[130.0, 20.0, 0.0]])


def codec(scale: np.ndarray) -> ActionCodec:
    """Two actions relative to the tool and an absolute one."""
    return ActionCodec((0, 1, -1), Normaliser(scale, np.full_like(scale, 0.1)))


EVEN = codec(np.full((13, 3), 0.02))
UNEVEN = codec(np.linspace(0.05, 0.01, 39).reshape(13, 3))


def numbers(seed: int) -> torch.Tensor:
    return torch.randn(1, 13, 3, generator=torch.Generator().manual_seed(seed))


def after_a_call(codec: ActionCodec) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The actions of a call made HERE, clean and noisy."""
    clean = numbers(1)
    return codec.decode(clean, HERE[None]), clean, add_noise(clean, numbers(2), SIGNAL)


@pytest.mark.parametrize("codec", [EVEN, UNEVEN], ids=["even", "uneven"])
def test_actions_and_noise_stay_what_they_were_when_the_tool_moves(codec: ActionCodec):
    actions, clean, noisy = after_a_call(codec)
    (plan,) = leave(actions, clean, noisy, SIGNAL, HORIZON)
    assert plan is not None
    resumed, noise = resume(plan, numbers(3)[0], THERE, codec, HORIZON)
    torch.testing.assert_close(
        codec.decode(resumed[None], THERE[None])[:, :9], actions[:, 4:], atol=1e-3, rtol=1e-5
    )
    torch.testing.assert_close(noise[1:9], numbers(2)[0, 5:], atol=1e-4, rtol=1e-4)


def test_past_rows_and_the_new_chunk_get_new_noise():
    actions, clean, noisy = after_a_call(EVEN)
    (plan,) = leave(actions, clean, noisy, SIGNAL, HORIZON)
    assert plan is not None
    resumed, noise = resume(plan, numbers(3)[0], THERE, EVEN, HORIZON)
    assert torch.equal(noise[0], numbers(3)[0, 0])
    assert torch.equal(noise[9:], numbers(3)[0, 9:])
    assert (resumed[9:] == 0).all()


def test_with_even_scales_a_noisy_row_moves_by_the_signal_of_what_the_tool_moved():
    actions, clean, noisy = after_a_call(EVEN)
    (plan,) = leave(actions, clean, noisy, SIGNAL, HORIZON)
    assert plan is not None
    moved = add_noise(*resume(plan, numbers(3)[0], THERE, EVEN, HORIZON), WAITING)
    wanted = noisy[0, 5:] - WAITING[1:9].sqrt() * 0.02 * (THERE - HERE)
    torch.testing.assert_close(moved[1:9], wanted, atol=1e-4, rtol=1e-4)


def test_a_plan_of_one_chunk_leaves_nothing():
    horizon = Horizon(observed_steps=2, predicted_steps=13, executed_steps=12)
    assert leave(*after_a_call(EVEN), SIGNAL, horizon) == [None]


def test_divergence_is_how_far_the_tool_is_from_the_plan_and_knows_no_absolute_action():
    actions, clean, noisy = after_a_call(EVEN)
    actions[0, 5] = torch.tensor([110.0, 50.0, 9999.0])  # the first row of the next call
    (plan,) = leave(actions, clean, noisy, SIGNAL, HORIZON)
    assert plan is not None
    away = diverged(plan, torch.tensor([[60.0, 50.0, 0.0]]), EVEN, HORIZON)
    assert away.item() == pytest.approx(50 * 0.02 + 0.1)
