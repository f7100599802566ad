"""Streaming diffusion: what a network that knows the way makes of a plan, call by call."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from policies.acting import ActingPolicy
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.samplers import SamplerConfig
from policies.spec import PUSH_T
from policies.streaming import StreamingConfig
from policies.windows import Horizon
from tests.policies.streaming.track import (
    CONFIG,
    INTERFACE,
    NOW,
    E,
    H,
    Knowing,
    call,
    policy,
    state_at,
    track,
)


@pytest.mark.parametrize("primer", ["zero", "denoise"])
@pytest.mark.parametrize("rule", ["ddim", "ddpm"])
@pytest.mark.parametrize("prediction", ["epsilon", "sample", "v_prediction"])
def test_a_network_that_knows_the_way_keeps_every_chunk_on_it_while_the_tool_moves(
    prediction: str, rule: str, primer: str
):
    kinds: Any = {"prediction": prediction, "rule": rule, "primer": primer}
    made = policy(dataclasses.replace(CONFIG, **kinds))
    knowing, memories = Knowing(made), [None, None]
    for time in (0, 4, 8, 12, 16):
        actions, memories = call(made, knowing, time, memories)
        want = track(time - NOW)[: NOW + E].expand(2, -1, -1)
        torch.testing.assert_close(actions[:, : NOW + E], want, atol=2e-2, rtol=0)


@pytest.mark.parametrize(("primer", "first"), [("zero", 2), ("denoise", 6 + 2)])
def test_a_chunk_costs_levels_over_chunks_calls(primer: Any, first: int):
    made = policy(dataclasses.replace(CONFIG, primer=primer))
    knowing, memories, costs = Knowing(made), [None], []
    for time in (0, 4, 8):
        before = len(knowing.told)
        _, memories = call(made, knowing, time, memories)
        costs.append(len(knowing.told) - before)
    assert costs == [first, 2, 2]


@pytest.mark.parametrize("primer", ["zero", "denoise"])
def test_the_network_is_told_only_levels_that_it_learnt(primer: Any):
    made = policy(dataclasses.replace(CONFIG, primer=primer))
    drawn = made.levels.draw(2000, CONFIG.even, torch.Generator().manual_seed(0))
    learnt = {tuple(row) for row in made.levels.timestep[drawn].tolist()}
    knowing, memories = Knowing(made), [None]
    for time in (0, 4):
        _, memories = call(made, knowing, time, memories)
    told = {tuple(row) for levels in knowing.told for row in levels.tolist()}
    assert told <= learnt and min(min(row) for row in told) >= 0


def test_a_plan_of_one_chunk_is_diffusion():
    horizon = Horizon(observed_steps=2, predicted_steps=9, executed_steps=8)
    interface = dataclasses.replace(INTERFACE, horizon=horizon)
    sizes: Any = {"denoiser": CONFIG.denoiser, "training_levels": 10, "interface": interface}
    ours = policy(StreamingConfig(sampling_levels=10, **sizes))
    theirs = DiffusionPolicy(
        DiffusionConfig(sampler=SamplerConfig(kind="ddim", steps=10), **sizes),
        ours.encoder.state,
        ours.codec.scale,
    ).eval()
    theirs.load_state_dict(ours.state_dict())
    one, other = (ActingPolicy(made, PUSH_T) for made in (ours, theirs))
    observed = {"state": state_at(3).numpy()}
    for _ in range(3):
        np.testing.assert_allclose(
            one.propose_batch(observed), other.propose_batch(observed), atol=1e-2
        )


def test_a_network_that_knows_the_noise_has_no_loss():
    made = policy()
    knowing = made.denoiser = Knowing(made)
    knowing.first = 5
    actions = track(5 - NOW).expand(64, -1, -1)
    draws = torch.Generator().manual_seed(0)
    assert made.loss({"state": state_at(5, 64)}, actions, draws, "denoiser").item() < 1e-6


@pytest.mark.parametrize(("even", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_share_of_plans_that_are_learnt_at_one_level_is_as_set(even: float, share: float):
    made = policy(dataclasses.replace(CONFIG, even=even))
    knowing = made.denoiser = Knowing(made)
    draws = torch.Generator().manual_seed(0)
    made.loss({"state": state_at(0, 64)}, track(-NOW).expand(64, -1, -1), draws, "denoiser")
    (told,) = knowing.told
    assert (told == told[:, :1]).all(1).float().mean() == share


def test_the_noise_of_a_plan_that_the_network_knows_stays_what_it_was_drawn():
    made = policy(dataclasses.replace(CONFIG, primer="denoise"))
    _, (plan,) = call(made, Knowing(made), 0, [None], seed=5)
    draws = torch.Generator().manual_seed(5)
    _, kept = (torch.randn(1, H, 2, generator=draws) for _ in ("primer", "plan"))
    torch.testing.assert_close(plan.noise, kept[0, NOW + E :], atol=1e-2, rtol=0)


def test_committed_rows_come_back_exactly_and_the_rest_goes_on_from_them():
    made = policy()
    free, memories = call(made, made.denoiser, 0, [None])
    committed = torch.full((1, 6, 2), 3.0)  # more than a chunk
    fixed, plans = call(made, made.denoiser, 0, [None], committed)
    assert torch.equal(fixed[:, NOW : NOW + 6], committed)
    assert (free[:, NOW + 6 :] - fixed[:, NOW + 6 :]).abs().min() > 0
    torch.testing.assert_close(plans[0].actions[:3], committed[0, 3:])
    assert torch.isfinite(plans[0].noise).all() and memories[0] is not None


def test_committed_rows_that_the_network_would_choose_change_nothing():
    made = policy()
    knowing = Knowing(made)
    free, _ = call(made, knowing, 0, [None])
    fixed, _ = call(made, knowing, 0, [None], track(0, 3)[None])
    torch.testing.assert_close(fixed, free, atol=2e-2, rtol=0)


def test_a_tool_far_from_its_plan_begins_anew_and_the_others_do_not():
    made = policy(dataclasses.replace(CONFIG, jump=2.0))
    knowing = Knowing(made)
    _, (plan, _) = call(made, knowing, 0, [None, None])
    away = dataclasses.replace(plan, actions=plan.actions + 50.0)
    both, _ = call(made, made.denoiser, 4, [plan, away])
    anew, _ = call(made, made.denoiser, 4, [plan, None])
    torch.testing.assert_close(both, anew)
    assert (both[0] - both[1]).abs().max() > 1e-3
