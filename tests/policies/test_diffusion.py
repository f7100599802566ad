"""Diffusion policy: a denoiser that knows the answer recovers it exactly."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from handiwork.errors import WrongShape
from policies.denoisers.mlp import MlpConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.normaliser import Normaliser
from policies.windows import Horizon

CONFIG = DiffusionConfig(
    observation_size=4,
    encoder=KeypointConfig(goal=(0.0,) * 2, reach=1.0, motion=1.0, error=1.0, wave=1.0),
    relative_to=(2, 3),
    horizon=Horizon(observed_steps=2, predicted_steps=8, executed_steps=4),
    denoiser=MlpConfig(width=32, blocks=1, level_features=8),
    sampling_levels=5,
)


def policy(config: DiffusionConfig = CONFIG) -> DiffusionPolicy:
    torch.manual_seed(0)
    return DiffusionPolicy(
        config,
        Normaliser(np.full(4, 0.5), np.zeros(4)),
        Normaliser(np.full((8, 2), 0.01), np.tile([0.1, -0.2], (8, 1))),
    )


class Oracle(nn.Module):
    """Exact for data whose normalised actions are always `answer`; cosine schedule, 100 levels."""

    def __init__(self, answer: Tensor) -> None:
        super().__init__()
        self.answer = answer
        time = torch.arange(101, dtype=torch.float64) / 100
        curve = torch.cos((time + 0.008) / 1.008 * torch.pi / 2) ** 2
        step = (curve[1:] / curve[:-1]).clamp(min=1 - 0.999)  # Nichol & Dhariwal, eq. 17
        self.signal = step.cumprod(0).float()

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        signal = self.signal[level, None, None]
        return (signal.sqrt() * noisy - self.answer) / (1 - signal).sqrt()


@pytest.mark.parametrize("levels", [1, 5, 16, 100])
def test_sampling_with_an_exact_denoiser_recovers_the_actions(levels: int):
    wanted = policy(dataclasses.replace(CONFIG, sampling_levels=levels))
    answer = torch.rand(2, 8, 2, generator=torch.Generator().manual_seed(1)) * 1.8 - 0.9
    wanted.denoiser = Oracle(answer)
    noise = torch.randn(2, 8, 2, generator=torch.Generator().manual_seed(2))
    sampled = wanted.sample(torch.zeros(2, 2, 4), noise)
    torch.testing.assert_close(wanted.actions.normalise(sampled), answer, atol=2e-3, rtol=0)


def test_an_exact_denoiser_has_no_loss():
    exact = policy()
    answer = torch.zeros(1, 8, 2)
    exact.denoiser = Oracle(answer)
    actions = exact.actions.restore(answer).expand(64, 8, 2)
    loss = exact.loss(torch.zeros(64, 2, 4), actions, torch.Generator().manual_seed(0))
    assert loss.item() < 1e-6


def test_a_chunk_moves_with_what_it_is_relative_to():
    exact, answer = policy(), torch.zeros(1, 8, 2)
    exact.denoiser = Oracle(answer)
    here, there = torch.zeros(1, 2, 4), torch.zeros(1, 2, 4)
    there[:, -1, 2:] = torch.tensor([30.0, -40.0])
    noise = torch.ones(1, 8, 2)
    moved = exact.sample(there, noise) - exact.sample(here, noise)
    wanted = torch.tensor([30.0, -40.0]).expand(1, 8, 2)
    torch.testing.assert_close(moved, wanted, atol=0.5, rtol=0)


def test_actions_of_another_horizon_are_refused():
    with pytest.raises(WrongShape, match=r"actions has shape \(4, 7, 2\)"):
        policy().loss(torch.zeros(4, 2, 4), torch.zeros(4, 7, 2), torch.Generator())


def test_more_sampling_than_training_levels_are_refused():
    with pytest.raises(ValueError, match="sampling_levels must be in"):
        dataclasses.replace(CONFIG, sampling_levels=101)
