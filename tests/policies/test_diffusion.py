"""Diffusion policy: a denoiser that knows the answer recovers it exactly, by every sampler."""

import dataclasses

import numpy as np
import pytest
import torch
from diffusers import DDIMScheduler
from torch import Tensor, nn

from handiwork.errors import WrongShape
from policies.denoisers import MlpConfig, TransformerConfig, UnetConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.generator import InterfaceConfig, Request, eager
from policies.normaliser import Normaliser
from policies.samplers import SamplerConfig
from policies.windows import Horizon

CONFIG = DiffusionConfig(
    interface=InterfaceConfig(
        state_size=4,
        encoder=KeypointConfig(goal=(0.0,) * 2, reach=1.0, motion=1.0, error=1.0, wave=1.0),
        relative_to=(2, 3),
        horizon=Horizon(observed_steps=2, predicted_steps=8, executed_steps=4),
    ),
    denoiser=MlpConfig(width=32, blocks=1, level_features=8),
    sampler=SamplerConfig(kind="ddim", steps=5),
)
HERE = torch.zeros(2, 2, 4)


def policy(config: DiffusionConfig = CONFIG) -> DiffusionPolicy:
    torch.manual_seed(0)
    made = DiffusionPolicy(
        config,
        Normaliser(np.full(4, 0.5), np.zeros(4)),
        Normaliser(np.full((8, 2), 0.01), np.tile([0.1, -0.2], (8, 1))),
    )
    return made.eval()


class Oracle(nn.Module):
    """Exact for data whose normalised actions are always `answer`; cosine schedule, 100 levels."""

    def __init__(self, answer: Tensor, prediction: str = "v_prediction") -> None:
        super().__init__()
        self.answer, self.prediction = answer, prediction
        time = torch.arange(101, dtype=torch.float64) / 100
        curve = torch.cos((time + 0.008) / 1.008 * torch.pi / 2) ** 2
        step = (curve[1:] / curve[:-1]).clamp(min=1 - 0.999)  # Nichol & Dhariwal, eq. 17
        self.signal = step.cumprod(0).float()

    def forward(self, noisy: Tensor, level: Tensor, features: Tensor) -> Tensor:
        signal = self.signal[level, None, None]
        answers = {
            "v_prediction": (signal.sqrt() * noisy - self.answer) / (1 - signal).sqrt(),
            "epsilon": (noisy - signal.sqrt() * self.answer) / (1 - signal).sqrt(),
            "sample": self.answer.expand_as(noisy),
        }
        return answers[self.prediction]


def sample(made: DiffusionPolicy, state: Tensor = HERE, committed: Tensor | None = None) -> Tensor:
    request = Request(
        features=made.encode({"state": state}),
        state=state,
        committed=torch.zeros(len(state), 0, 2) if committed is None else committed,
        generator=torch.Generator().manual_seed(2),
    )
    with torch.no_grad():
        return made.sample(request, eager(made), [None] * len(state))[0]


@pytest.mark.parametrize("prediction", ["epsilon", "sample", "v_prediction"])
@pytest.mark.parametrize(
    ("kind", "steps"),
    [("ddim", 1), ("ddim", 16), ("ddpm", 5), ("ddpm", 100), ("dpm_solver", 5), ("dpm_solver", 20)],
)
def test_sampling_with_an_exact_denoiser_recovers_the_actions(
    kind: str, steps: int, prediction: str
):
    sampler = SamplerConfig(kind=kind, steps=steps)  # type: ignore[arg-type]
    made = policy(dataclasses.replace(CONFIG, sampler=sampler, prediction=prediction))
    answer = torch.rand(2, 8, 2, generator=torch.Generator().manual_seed(1)) * 1.8 - 0.9
    made.denoiser = Oracle(answer, prediction)
    got = made.codec.encode(sample(made), made.codec.origin(HERE))
    torch.testing.assert_close(got, answer, atol=2e-3, rtol=0)


@pytest.mark.parametrize("prediction", ["epsilon", "sample", "v_prediction"])
def test_an_exact_denoiser_has_no_loss(prediction: str):
    exact = policy(dataclasses.replace(CONFIG, prediction=prediction))
    answer = torch.zeros(1, 8, 2)
    exact.denoiser = Oracle(answer, prediction)
    actions = exact.codec.decode(answer, torch.zeros(1, 1, 2)).expand(64, 8, 2)
    loss = exact.loss(
        {"state": torch.zeros(64, 2, 4)}, actions, torch.Generator().manual_seed(0), "denoiser"
    )
    assert loss.item() < 1e-6


def test_a_chunk_moves_with_what_it_is_relative_to():
    exact, there = policy(), HERE.clone()
    exact.denoiser = Oracle(torch.zeros(1, 8, 2))
    there[:, -1, 2:] = torch.tensor([30.0, -40.0])
    wanted = torch.tensor([30.0, -40.0]).expand(2, 8, 2)
    torch.testing.assert_close(sample(exact, there) - sample(exact), wanted, atol=0.5, rtol=0)


def test_committed_rows_come_back_unchanged_and_the_rest_is_told_of_them():
    made, committed = policy(), torch.full((2, 3, 2), 17.0)
    free, fixed = sample(made), sample(made, committed=committed)
    torch.testing.assert_close(fixed[:, 1:4], committed)  # rows from "now", which is row 1
    assert (free[:, 4:] - fixed[:, 4:]).abs().min() > 0


def test_committed_rows_that_the_oracle_would_choose_change_nothing():
    made, answer = policy(), torch.zeros(1, 8, 2)
    made.denoiser = Oracle(answer)
    free = sample(made)
    torch.testing.assert_close(sample(made, committed=free[:, 1:4]), free, atol=0.3, rtol=0)


@pytest.mark.parametrize(
    "denoiser",
    [
        CONFIG.denoiser,
        UnetConfig(channels=(16, 32), level_features=8),
        TransformerConfig(width=16, layers=1, heads=2, dropout=0.0),
    ],
    ids=lambda item: item.kind,
)
def test_every_denoiser_learns_a_chunk_by_heart(denoiser: object):
    made = policy(dataclasses.replace(CONFIG, denoiser=denoiser)).train()
    state = torch.randn(1, 2, 4, generator=torch.Generator().manual_seed(0)).expand(64, 2, 4)
    actions = (torch.linspace(-60, 60, 16).reshape(1, 8, 2)).expand(64, 8, 2)
    draws = torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(made.parameters(), lr=3e-3)
    for _ in range(400):
        loss = made.loss({"state": state}, actions, draws, "denoiser")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    error = sample(made.eval(), state[:32].clone()) - actions[:32]
    assert error.square().mean().sqrt() < 15.0  # of actions that reach from -60 to 60


def test_the_transformers_actions_see_no_later_ones():
    made = policy(
        dataclasses.replace(CONFIG, denoiser=TransformerConfig(width=16, layers=2, heads=2))
    )
    noisy, features = torch.randn(1, 8, 2), torch.randn(1, made.encoder.size)
    changed = noisy.clone()
    changed[:, 5:] += 1.0
    level = torch.zeros(1, dtype=torch.long)
    first, second = (made.denoiser(item, level, features) for item in (noisy, changed))
    torch.testing.assert_close(first[:, :5], second[:, :5])
    assert not torch.allclose(first[:, 5:], second[:, 5:])


def test_ddim_steps_are_those_of_diffusers():
    made = policy()
    features = made.encode({"state": HERE})
    noise = torch.randn(2, 8, 2, generator=torch.Generator().manual_seed(2))
    scheduler = DDIMScheduler(
        num_train_timesteps=100,
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        clip_sample_range=CONFIG.clip,
    )
    scheduler.set_timesteps(5)
    with torch.no_grad():
        for level in scheduler.timesteps:
            answer = made.denoiser(noise, level.repeat(2), features)
            noise = scheduler.step(answer, int(level), noise).prev_sample
    torch.testing.assert_close(made.codec.encode(sample(made), torch.zeros(2, 1, 2)), noise)


def test_actions_of_another_horizon_are_refused():
    with pytest.raises(WrongShape, match=r"actions has shape \(4, 7, 2\)"):
        policy().loss(
            {"state": torch.zeros(4, 2, 4)}, torch.zeros(4, 7, 2), torch.Generator(), "denoiser"
        )


def test_more_sampling_than_training_levels_are_refused():
    with pytest.raises(ValueError, match=r"sampler\.steps must be in \[1, training_levels=100\]"):
        policy(dataclasses.replace(CONFIG, sampler=SamplerConfig(steps=101)))


def test_a_unet_that_cannot_halve_the_horizon_is_refused():
    with pytest.raises(ValueError, match="predicted_steps must divide by 16"):
        policy(dataclasses.replace(CONFIG, denoiser=UnetConfig(channels=(8,) * 5)))
