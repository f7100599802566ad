"""One step per element: what diffusers does where all elements share a level."""

import pytest
import torch
from diffusers import DDIMScheduler, DDPMScheduler

from policies.streaming.elementwise import ElementwiseSampler, add_noise, answer_wanted
from policies.streaming.noise_levels import NoiseLevels

TRAINED, CLIP = 100, 1.5
PREDICTIONS = ("epsilon", "sample", "v_prediction")
COMMON = {
    "num_train_timesteps": TRAINED,
    "beta_schedule": "squaredcos_cap_v2",
    "clip_sample": True,
    "clip_sample_range": CLIP,
    "timestep_spacing": "trailing",
}


def numbers(seed: int) -> torch.Tensor:
    return torch.randn(3, 6, 2, generator=torch.Generator().manual_seed(seed))


def scheduler(rule: str, prediction: str) -> DDIMScheduler | DDPMScheduler:
    if rule == "ddim":
        return DDIMScheduler(prediction_type=prediction, set_alpha_to_one=True, **COMMON)
    return DDPMScheduler(prediction_type=prediction, variance_type="fixed_small", **COMMON)


@pytest.mark.parametrize("prediction", PREDICTIONS)
@pytest.mark.parametrize(
    ("rule", "count"), [("ddim", 1), ("ddim", 5), ("ddim", 100), ("ddpm", 7), ("ddpm", 100)]
)
def test_with_one_level_for_all_every_step_is_diffusers(rule: str, count: int, prediction: str):
    theirs, levels = scheduler(rule, prediction), NoiseLevels(1, count, TRAINED)
    theirs.set_timesteps(count)
    ours = ElementwiseSampler(rule=rule, prediction=prediction, clip=CLIP)  # type: ignore[arg-type]
    for level in range(count):
        timestep = levels.timestep[level]
        assert timestep in theirs.timesteps
        answer, noisy = numbers(1), numbers(2)
        draws = torch.Generator().manual_seed(level)
        options = {"generator": draws} if rule == "ddpm" else {}
        want = theirs.step(answer, timestep, noisy, **options)
        at = levels.signal(torch.full((6, 1), level))
        cleaner = levels.signal(torch.full((6, 1), level - 1))
        draws = torch.Generator().manual_seed(level)
        got, clean = ours.step(answer, noisy, at, cleaner, draws)
        torch.testing.assert_close(clean, want.pred_original_sample, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(got, want.prev_sample, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("rule", ["ddim", "ddpm"])
def test_every_element_steps_as_if_it_were_alone(rule: str):
    levels = NoiseLevels(1, 10, TRAINED)
    sampler = ElementwiseSampler(rule=rule, prediction="v_prediction", clip=CLIP)  # type: ignore[arg-type]
    level = torch.tensor([0, 3, 9, 5, 5, 1])[:, None]
    answer, noisy = numbers(1), numbers(2)

    def step(level: torch.Tensor) -> torch.Tensor:
        signal, cleaner = levels.signal(level), levels.signal(level - 1)
        return sampler.step(answer, noisy, signal, cleaner, torch.Generator().manual_seed(0))[0]

    together = step(level)
    for row, own in enumerate(level):
        torch.testing.assert_close(together[:, row], step(own[None].expand(6, 1))[:, row])


@pytest.mark.parametrize("prediction", PREDICTIONS)
def test_the_right_answer_splits_noisy_numbers_into_what_they_were_made_of(prediction: str):
    signal = torch.tensor([0.9, 0.6, 0.3, 0.5, 0.1, 0.99])[:, None]
    clean, noise = numbers(1), numbers(2)
    sampler = ElementwiseSampler(rule="ddim", prediction=prediction, clip=CLIP)  # type: ignore[arg-type]
    answer = answer_wanted(prediction, clean, noise, signal)  # type: ignore[arg-type]
    got = sampler.split(answer, add_noise(clean, noise, signal), signal)
    torch.testing.assert_close(got, (clean, noise), atol=1e-4, rtol=1e-4)
