"""A small policy, a way to go, and a network that knows it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from policies.denoisers import MlpConfig
from policies.encoders import KeypointConfig
from policies.generator import InterfaceConfig, Request, eager
from policies.normaliser import Normaliser
from policies.streaming import StreamingConfig, StreamingPolicy
from policies.streaming.elementwise import answer_wanted
from policies.windows import Horizon

H, E, NOW = 13, 4, 1  # one past row and three chunks
INTERFACE = InterfaceConfig(
    state_size=4,
    encoder=KeypointConfig(goal=(0.0,) * 2, reach=1.0, motion=1.0, error=1.0, wave=1.0),
    relative_to=(2, 3),
    horizon=Horizon(observed_steps=2, predicted_steps=H, executed_steps=E),
)
CONFIG = StreamingConfig(
    interface=INTERFACE,
    denoiser=MlpConfig(width=32, blocks=1, level_features=8),
    sampling_levels=6,
    jump=100.0,
)


def policy(config: StreamingConfig = CONFIG) -> StreamingPolicy:
    torch.manual_seed(0)
    horizon = config.interface.horizon
    scale = np.linspace(0.05, 0.01, horizon.predicted_steps)[:, None].repeat(2, 1)
    made = StreamingPolicy(
        config,
        Normaliser(np.full(4, 0.1), np.zeros(4)),
        Normaliser(scale, np.full_like(scale, 0.1)),
    )
    return made.eval()


def track(first: int, rows: int = H) -> Tensor:
    """(rows, 2) the way to go, from time `first`: a slow curve."""
    time = torch.arange(first, first + rows) / 10
    return torch.stack([20 * time.sin(), 15 * time.cos()], dim=-1)


def state_at(time: int, count: int = 1) -> Tensor:
    """(B, O, D) the tool is on the track."""
    return torch.cat([torch.zeros(2, 2), track(time - 1, 2)], dim=-1)[None].expand(count, -1, -1)


class Knowing(nn.Module):
    """Answers exactly for plans along the track from time `first` on, and notes what it is told."""

    def __init__(self, made: StreamingPolicy) -> None:
        super().__init__()
        self.made = made
        self.first, self.told = 0, []

    def forward(self, noisy: Tensor, timestep: Tensor, features: Tensor) -> Tensor:
        self.told.append(timestep)
        made = self.made
        origin = made.codec.origin(state_at(self.first, len(noisy)))
        rows = track(self.first - NOW).expand(len(noisy), -1, -1)
        clean = made.codec.encode(rows, origin)
        level = (made.levels.timestep == timestep[..., None]).int().argmax(-1)  # (B, h)
        chunk = ((torch.arange(H) - NOW) // E).clamp(min=0)
        signal = made.levels.signal(level)[:, chunk, None]
        noise = (noisy - signal.sqrt() * clean) / (1 - signal).sqrt()
        return answer_wanted(made.config.prediction, clean, noise, signal)


def call(
    made: StreamingPolicy,
    network: nn.Module,
    time: int,
    memories: Sequence[Any],
    committed: Tensor | None = None,
    seed: int = 2,
) -> tuple[Tensor, Sequence[Any]]:
    """A call at `time` -> (B, H, A) and what is remembered."""
    state = state_at(time, len(memories))
    none = torch.zeros(len(memories), 0, 2)
    request = Request(
        features=made.encode({"state": state}),
        state=state,
        committed=none if committed is None else committed,
        generator=torch.Generator().manual_seed(seed + time),
    )
    network.first = time  # type: ignore[assignment]
    with torch.no_grad():
        return made.sample(request, {**eager(made), "denoise": network}, memories)
