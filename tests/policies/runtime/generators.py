"""Small generators of every kind, with random weights, and an observation for each."""

from collections.abc import Mapping

import numpy as np
import torch

from policies.carp import CarpConfig, CarpPolicy, TokenizerConfig
from policies.carp import TransformerConfig as PlannerConfig
from policies.denoisers import DenoiserConfig, MlpConfig, TransformerConfig, UnetConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import EncoderConfig, ImageConfig, KeypointConfig, PointsConfig, StateConfig
from policies.generator import ActionGenerator, InterfaceConfig
from policies.normaliser import Normaliser
from policies.samplers import SamplerConfig
from policies.spec import PolicySpec
from policies.streaming import StreamingConfig, StreamingPolicy
from policies.windows import Horizon

STATE = StateConfig(state_size=6, pairs=((0, 2), (1, 3)), scales=(0.5, 2.0), waves=(1.0, 4.0))
KEYPOINTS = KeypointConfig(goal=(0.1, 0.2, 0.3, 0.4), reach=1.0, motion=0.5, error=1.0, wave=2.0)
IMAGE = ImageConfig(
    state_size=6, cameras=2, height=24, width=28, crop=20, channels=(16, 16), keypoints=4
)
POINTS = PointsConfig(state_size=6, count=32, widths=(8, 16), features=8)
MLP = MlpConfig(width=32, blocks=2)
UNET = UnetConfig(channels=(16, 32), groups=8, level_features=16)
TRANSFORMER = TransformerConfig(width=16, layers=1, heads=2)
TINY_PLANNER = PlannerConfig(
    width=16, depth=1, heads=2, inner_width=16, condition_width=16, condition_blocks=1
)
SPEC = PolicySpec(
    task="toy",
    obs="state",
    state_names=tuple("abcdef"),
    state_units=("m",) * 6,
    action_names=("a", "b"),
    action_units=("m", "m"),
    frame="table",
    period=0.1,
)


def diffusion(
    denoiser: DenoiserConfig = MLP,
    encoder: EncoderConfig = STATE,
    sampler: SamplerConfig | None = None,
) -> DiffusionPolicy:
    config = DiffusionConfig(
        interface=interface(encoder, 16), denoiser=denoiser, sampler=sampler or SamplerConfig()
    )
    return _random(DiffusionPolicy(config, *_statistics(16)))


def streaming(denoiser: DenoiserConfig = MLP) -> StreamingPolicy:
    config = StreamingConfig(interface=interface(STATE, 17), denoiser=denoiser)
    return _random(StreamingPolicy(config, *_statistics(17)))


def carp(scales: tuple[int, ...], top_k: int = 1, tasks: int = 1) -> CarpPolicy:
    config = CarpConfig(
        interface=interface(STATE, 16),
        tokenizer=TokenizerConfig(scales=scales, codes=16, code_size=4, channels=4),
        transformer=TINY_PLANNER,
        top_k=top_k,
        tasks=tasks,
    )
    return _random(CarpPolicy(config, *_statistics(16)))


def observation() -> Mapping[str, np.ndarray]:
    """All that any of them looks at, of two steps."""
    random = np.random.default_rng(0)
    return {
        "state": random.random((2, 6), np.float32),
        "image": random.integers(0, 256, (2, 2, 24, 28, 3), np.uint8),
        "points": random.random((2, 32, 3), np.float32),
        "task": np.array(1.0, np.float32),
    }


def interface(encoder: EncoderConfig, predicted_steps: int) -> InterfaceConfig:
    return InterfaceConfig(
        relative_to=(0, 1),
        encoder=encoder,
        state_size=6,
        horizon=Horizon(observed_steps=2, predicted_steps=predicted_steps, executed_steps=8),
    )


def _statistics(predicted_steps: int) -> tuple[Normaliser, Normaliser]:
    return Normaliser.blank(6), Normaliser.blank(predicted_steps, 2)


def _random(policy: ActionGenerator) -> ActionGenerator:
    """Weights that no layer begins with, so that nothing is hidden behind a gate of zero."""
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for values in policy.parameters():
            values += 0.1 * torch.randn(values.shape, generator=generator)
    return policy.eval().requires_grad_(False)
