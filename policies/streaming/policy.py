"""Streaming diffusion policy: a plan of h chunks, each cleaner than the one after it.

A call takes N / h steps of the network, which clean the first chunk; it is emitted, the others move
up, and a chunk of noise joins at the end. So a chunk costs 1 / h of what diffusion pays, and goes
on from what was planned before.

All rows of a chunk share a level, so the network is told one level per chunk. Rows before "now"
belong to the first chunk; at every call they hold what was executed, noised to its level.

Source: Hoeg et al., Streaming Diffusion Policy, arXiv:2406.04806 (levels, training mix, primers);
committed rows as in `policies.diffusion`.
Shapes: B streams or batch, h chunks, N levels, H predicted, E executed steps, A action size, R
committed rows.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from policies.denoisers import ChunkSizes, make_denoiser
from policies.generator import ActionGenerator, Compute, Kernel, Request, Stage
from policies.normaliser import Normaliser
from policies.observed import Observed
from policies.streaming.config import StreamingConfig
from policies.streaming.elementwise import ElementwiseSampler, add_noise, answer_wanted
from policies.streaming.noise_levels import NoiseLevels
from policies.streaming.plan import Plan, diverged, leave, resume


class StreamingPolicy(ActionGenerator):
    """Each stream remembers its plan; see `policies.streaming.plan`."""

    kind = "streaming"
    own_stages = (Stage("denoiser", ("encoder", "denoiser")),)

    def __init__(self, config: StreamingConfig, state: Normaliser, actions: Normaliser) -> None:
        """state: of D numbers. actions: of (H, A) numbers."""
        super().__init__(config.interface, state, actions)
        self._config = config
        horizon = config.interface.horizon
        self.denoiser = make_denoiser(
            config.denoiser,
            ChunkSizes(
                predicted_steps=horizon.predicted_steps,
                action_size=config.interface.action_size,
                features=self.encoder.size,
                levels=config.chunks,
            ),
        )
        self.levels = NoiseLevels(config.chunks, config.sampling_levels, config.training_levels)
        self._sampler = ElementwiseSampler(
            rule=config.rule, prediction=config.prediction, clip=config.clip
        )
        ahead = torch.arange(horizon.predicted_steps) - horizon.now
        self._chunk_of_row: Tensor
        self.register_buffer(
            "_chunk_of_row", ahead.clamp(min=0) // horizon.executed_steps, persistent=False
        )

    @property
    def config(self) -> StreamingConfig:
        """The config it was made of."""
        return self._config

    def loss(
        self, observed: Observed, actions: Tensor, generator: torch.Generator, stage: str
    ) -> Tensor:
        """Mean squared error of what the network predicts of a noised plan; actions (B, H, A)."""
        clean = self.clean_chunk(observed, actions)
        level = self.levels.draw(len(clean), self.config.even, generator).to(clean.device)
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        signal = self._row_signal(level)
        wanted = answer_wanted(self.config.prediction, clean, noise, signal)
        noisy = add_noise(clean, noise, signal)
        answer = self.denoiser(noisy, self.levels.timestep[level], self.encode(observed))
        return F.mse_loss(answer, wanted)

    def kernels(self) -> tuple[Kernel, ...]:
        """The encoder and the denoiser."""
        plan = torch.zeros(1, self.interface.horizon.predicted_steps, self.interface.action_size)
        level = torch.zeros(1, self.config.chunks, dtype=torch.long)
        features = torch.zeros(1, self.encoder.size)
        return self.encoding(), Kernel("denoise", self.denoiser, (plan, level, features))

    def sample(
        self, request: Request, compute: Compute, memories: Sequence[Plan | None]
    ) -> tuple[Tensor, Sequence[Any]]:
        """Clean the first chunk of every plan; the rows after it are what is planned so far."""
        origin = self.codec.origin(request.state)
        buffer = self._buffer(request, origin, compute, memories)
        level, calls = self.levels.staggered, self.levels.calls
        noisy, clean = self._clean(request, compute, *buffer, level, calls)
        actions = self.codec.decode(clean, origin)
        actions[:, self._known(request)] = request.committed
        waiting = self._row_signal(level - calls)
        return actions, leave(actions, clean, noisy, waiting, self.interface.horizon)

    def _buffer(
        self,
        request: Request,
        origin: Tensor,
        compute: Compute,
        memories: Sequence[Plan | None],
    ) -> tuple[Tensor, Tensor]:
        """Clean numbers and noise, (B, H, A) each: of plans that go on, and of those that begin."""
        horizon = self.interface.horizon
        shape = horizon.predicted_steps, self.interface.action_size
        noise = request.noise(len(memories), *shape)
        clean, begins = torch.zeros_like(noise), []
        for stream, plan in enumerate(memories):
            here = origin[stream]
            if plan is None or diverged(plan, here, self.codec, horizon) > self.config.jump:
                begins.append(stream)
            else:
                clean[stream], noise[stream] = resume(
                    plan, noise[stream], here, self.codec, horizon
                )
        if begins and self.config.primer == "denoise":
            some = _part(request, begins)
            all_noise = self.levels.pure, self.levels.last + 1
            _, clean[begins] = self._clean(some, compute, clean[begins], noise[begins], *all_noise)
            noise[begins] = request.noise(len(begins), *shape)
        return clean, noise

    def _clean(
        self,
        request: Request,
        compute: Compute,
        clean: Tensor,
        noise: Tensor,
        level: Tensor,
        calls: int,
    ) -> tuple[Tensor, Tensor]:
        """Take plans (B, H, A) from levels (h,) down by `calls`: what is noisy then, and clean."""
        known = self._known(request)
        origin = self.codec.origin(request.state)
        fixed = self.codec.scale.normalise_rows(request.committed - origin, known)
        signal = self._row_signal(level)  # (H, 1)
        noisy = add_noise(clean, noise, signal)
        for _ in range(calls):
            noisy[:, known] = add_noise(fixed, noise[:, known], signal[known])
            told = self.levels.timestep[level].expand(len(noisy), -1)
            answer = compute["denoise"](noisy, told, request.features)
            level, before = level - 1, signal
            signal = self._row_signal(level)
            noisy, clean = self._sampler.step(answer, noisy, before, signal, request.generator)
        noisy[:, known] = add_noise(fixed, noise[:, known], signal[known])
        clean[:, known] = fixed
        return noisy, clean

    def _known(self, request: Request) -> slice:
        """The committed rows."""
        now = self.interface.horizon.now
        return slice(now, now + request.committed.shape[1])

    def _row_signal(self, level: Tensor) -> Tensor:
        """Signal at the levels of chunks: (..., h) -> (..., H, 1)."""
        return self.levels.signal(level)[..., self._chunk_of_row, None]


def _part(request: Request, streams: list[int]) -> Request:
    """The request of some of the streams."""
    return dataclasses.replace(
        request,
        features=request.features[streams],
        state=request.state[streams],
        committed=request.committed[streams],
    )
