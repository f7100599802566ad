"""Who takes part: the three generators with random weights, each sampler that they act by.

Diffusion and streaming have the same network, of the same size: a 1-D U-Net. Weights do not change
how long an arithmetic takes, so nobody needs to be trained. All execute 8 actions per chunk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from policies.carp import CarpConfig, CarpPolicy
from policies.checkpoint import load_generator
from policies.denoisers import UnetConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import StateConfig
from policies.generator import ActionGenerator, InterfaceConfig
from policies.normaliser import Normaliser
from policies.samplers import SamplerConfig
from policies.spec import PUSH_T, PolicySpec
from policies.streaming import StreamingConfig, StreamingPolicy
from policies.windows import Horizon

STATE, ACTIONS = len(PUSH_T.state_names), len(PUSH_T.action_names)
DIFFUSION, STREAMING, CARP = DiffusionPolicy.kind, StreamingPolicy.kind, CarpPolicy.kind
DDPM_100, DDIM_10 = "DDPM 100", "DDIM 10"
ARGMAX, TOP_5 = "argmax", "top 5"
# U-Nets halve time twice, so a streaming plan of 2 chunks of 8 sees one step, not two.
DIFFUSION_HORIZON = Horizon(observed_steps=2, predicted_steps=16, executed_steps=8)
STREAMING_HORIZON = Horizon(observed_steps=1, predicted_steps=16, executed_steps=8)


@dataclass(frozen=True)
class Contestant:
    """A policy and how it acts. networks: alike where they can be compiled once for all."""

    policy: str
    sampler: str
    generator: ActionGenerator
    spec: PolicySpec
    networks: str
    weights: str = "random"


def random_contestants(channels: tuple[int, ...], seed: int) -> tuple[Contestant, ...]:
    """The five of the comparison, with the same weights for the same seed."""
    torch.manual_seed(seed)
    denoiser = UnetConfig(channels=channels)
    slow = DiffusionConfig(
        interface=_interface(DIFFUSION_HORIZON),
        denoiser=denoiser,
        sampler=SamplerConfig(kind="ddpm", steps=100),
    )
    streaming = StreamingConfig(interface=_interface(STREAMING_HORIZON), denoiser=denoiser)
    likeliest = CarpConfig(interface=_interface(DIFFUSION_HORIZON))
    dp100 = DiffusionPolicy(slow, *_statistics(slow.interface))
    dp10 = DiffusionPolicy(
        replace(slow, sampler=SamplerConfig(kind="ddim", steps=10)), *_statistics(slow.interface)
    )
    dp10.load_state_dict(dp100.state_dict())
    sdp = StreamingPolicy(streaming, *_statistics(streaming.interface))
    argmax = CarpPolicy(likeliest, *_statistics(likeliest.interface))
    top5 = CarpPolicy(replace(likeliest, top_k=5), *_statistics(likeliest.interface))
    levels = f"{streaming.rule.upper()}, {streaming.sampling_levels} levels"
    return (
        Contestant(DIFFUSION, DDPM_100, dp100, PUSH_T, DIFFUSION),
        Contestant(DIFFUSION, DDIM_10, dp10, PUSH_T, DIFFUSION),
        Contestant(STREAMING, f"{levels} / {streaming.chunks} chunks", sdp, PUSH_T, STREAMING),
        Contestant(CARP, ARGMAX, argmax, PUSH_T, f"{CARP} {ARGMAX}"),
        Contestant(CARP, TOP_5, top5, PUSH_T, f"{CARP} {TOP_5}"),
    )


def trained_contestants(folders: Sequence[str]) -> tuple[Contestant, ...]:
    """Checkpoints, each acting by the sampler that it was made with.

    Raises:
        BadCheckpoint: missing or damaged files.
    """
    contestants = []
    for folder in folders:
        generator, spec = load_generator(Path(folder))
        name = f"checkpoint {Path(folder).name}"
        contestants.append(Contestant(generator.kind, "own", generator, spec, folder, name))
    return tuple(contestants)


def _interface(horizon: Horizon) -> InterfaceConfig:
    return InterfaceConfig(
        relative_to=(STATE - 2, STATE - 1),
        encoder=StateConfig(state_size=STATE),
        state_size=STATE,
        horizon=horizon,
    )


def _statistics(interface: InterfaceConfig) -> tuple[Normaliser, Normaliser]:
    steps = interface.horizon.predicted_steps
    return Normaliser.blank(STATE), Normaliser.blank(steps, ACTIONS)
