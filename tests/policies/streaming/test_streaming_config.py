"""Settings, and the networks that they choose."""

import dataclasses
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from policies.acting import ActingPolicy
from policies.denoisers import MlpConfig, TransformerConfig, UnetConfig
from policies.spec import PUSH_T
from policies.streaming import StreamingConfig
from policies.windows import Horizon
from tests.policies.streaming.track import CONFIG, INTERFACE, policy, state_at, track


def test_a_network_learns_a_plan_by_heart():
    horizon = Horizon(observed_steps=1, predicted_steps=8, executed_steps=4)
    interface = dataclasses.replace(INTERFACE, horizon=horizon)
    made = policy(dataclasses.replace(CONFIG, interface=interface, sampling_levels=4))
    state, actions = state_at(0, 32)[:, -1:], track(0, 8).expand(32, -1, -1)
    optimiser = torch.optim.Adam(made.parameters(), lr=3e-3)
    draws = torch.Generator().manual_seed(0)
    for _ in range(200):
        optimiser.zero_grad()
        made.loss({"state": state}, actions, draws, "denoiser").backward()
        optimiser.step()
    ready = ActingPolicy(made, PUSH_T)
    chunk = ready.propose_batch({"state": state[:1].numpy()})[0, :4]
    np.testing.assert_allclose(chunk, actions[0, :4], atol=4.0)  # a unit is 20 or more


@pytest.mark.parametrize(
    "denoiser",
    [
        MlpConfig(width=32, blocks=1, level_features=8),
        UnetConfig(channels=(16, 32), level_features=8),
        TransformerConfig(width=16, layers=1, heads=2, dropout=0.0),
    ],
    ids=lambda item: item.kind,
)
def test_every_denoiser_is_told_the_level_of_every_chunk(denoiser: Any):
    horizon = Horizon(observed_steps=1, predicted_steps=8, executed_steps=4)
    interface = dataclasses.replace(INTERFACE, horizon=horizon)
    made = policy(StreamingConfig(interface=interface, denoiser=denoiser))
    _, network = made.kernels()
    plan, told, features = network.example
    answers = [
        made.denoiser(plan, told + torch.tensor([more]), features)
        for more in ([0, 0], [9, 0], [0, 9])
    ]
    for one, other in pairwise([*answers, answers[0]]):
        assert (one - other).abs().max() > 1e-6


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sampling_levels": 101}, "sampling_levels must be in"),
        ({"sampling_levels": 0}, "sampling_levels must be in"),
        ({"sampling_levels": 8}, "must divide by the plan's 3 chunks, got 8"),
        ({"even": 1.5}, "even must be in"),
        ({"clip": 0.0}, "clip and jump must be > 0"),
        ({"jump": -1.0}, "clip and jump must be > 0"),
        (
            {"interface": dataclasses.replace(INTERFACE, horizon=Horizon())},
            "must divide by executed_steps=8, got 15",
        ),
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(CONFIG, **settings)
