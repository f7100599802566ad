"""Diffusion policy: start from noise, remove it step by step, get a chunk of actions.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137 (the method); Salimans & Ho, arXiv:2202.00512
(velocity prediction: at high noise the network says the actions, at low noise the noise, so it
never has to copy its input); committed rows are put in at every noise level as in RePaint: Lugmayr
et al., arXiv:2201.09865, and Black et al., Real-Time Chunking, arXiv:2506.07339.
Shapes: B batch, O observed steps, D state size, H predicted steps, A action size, R committed rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import torch
import torch.nn.functional as F
from diffusers import DDIMScheduler
from torch import Tensor

from policies.denoisers import ChunkSizes, DenoiserConfig, MlpConfig, make_denoiser
from policies.generator import (
    ActionGenerator,
    Compute,
    InterfaceConfig,
    Kernel,
    Request,
    Stage,
)
from policies.normaliser import Normaliser
from policies.observed import Observed
from policies.samplers import Prediction, SamplerConfig, make_scheduler


@dataclass(frozen=True, kw_only=True)
class DiffusionConfig:
    """Everything that shapes a diffusion policy but the data's statistics."""

    interface: InterfaceConfig
    denoiser: DenoiserConfig = field(default_factory=MlpConfig)
    sampler: SamplerConfig = field(default_factory=SamplerConfig)
    prediction: Prediction = "v_prediction"
    training_levels: int = 100  # noise levels seen in training
    clip: float = 2.5  # normalised actions are kept within this when acting


class DiffusionPolicy(ActionGenerator):
    """Every chunk anew from noise; nothing is remembered between calls."""

    kind = "diffusion"
    own_stages = (Stage("denoiser", ("encoder", "denoiser")),)

    def __init__(self, config: DiffusionConfig, state: Normaliser, actions: Normaliser) -> None:
        """state: of D numbers. actions: of (H, A) numbers."""
        super().__init__(config.interface, state, actions)
        self._config = config
        self.denoiser = make_denoiser(
            config.denoiser,
            ChunkSizes(
                predicted_steps=config.interface.horizon.predicted_steps,
                action_size=config.interface.action_size,
                features=self.encoder.size,
            ),
        )
        self._scheduler = make_scheduler(
            config.sampler, config.training_levels, config.prediction, config.clip
        )
        self._training = DDIMScheduler(
            num_train_timesteps=config.training_levels, beta_schedule="squaredcos_cap_v2"
        )

    @property
    def config(self) -> DiffusionConfig:
        """The config it was made of."""
        return self._config

    def loss(
        self, observed: Observed, actions: Tensor, generator: torch.Generator, stage: str
    ) -> Tensor:
        """Mean squared error of what the network predicts of a noised chunk; actions (B, H, A)."""
        clean = self.clean_chunk(observed, actions)
        level = torch.randint(self.config.training_levels, (len(clean),), generator=generator)
        level = cast(torch.IntTensor, level.to(clean.device))
        noise = torch.randn(clean.shape, generator=generator).to(clean.device)
        noisy = self._training.add_noise(clean, noise, level)
        match self.config.prediction:
            case "epsilon":
                wanted = noise
            case "sample":
                wanted = clean
            case "v_prediction":
                wanted = self._training.get_velocity(clean, noise, level)
        return F.mse_loss(self.denoiser(noisy, level, self.encode(observed)), wanted)

    def kernels(self) -> tuple[Kernel, ...]:
        """The encoder and the denoiser."""
        horizon, action_size = self.interface.horizon, self.interface.action_size
        chunk = torch.zeros(1, horizon.predicted_steps, action_size)
        level = torch.zeros(1, dtype=torch.long)
        features = torch.zeros(1, self.encoder.size)
        return self.encoding(), Kernel("denoise", self.denoiser, (chunk, level, features))

    def sample(
        self, request: Request, compute: Compute, memories: Sequence[Any]
    ) -> tuple[Tensor, Sequence[Any]]:
        """Clean noise step by step; the committed rows are known at every step."""
        horizon = self.interface.horizon
        batch = len(request.features)
        origin = self.codec.origin(request.state)
        noise = request.noise(batch, horizon.predicted_steps, self.interface.action_size)
        known = slice(horizon.now, horizon.now + request.committed.shape[1])
        fixed = self.codec.scale.normalise_rows(request.committed - origin, known)
        scheduler, draws = self._scheduler, self._draws(request.generator)
        scheduler.set_timesteps(self.config.sampler.steps)
        actions = noise.clone()
        for level in scheduler.timesteps.tolist():
            levels = cast(torch.IntTensor, torch.full((batch,), level, device=noise.device))
            if request.committed.shape[1]:
                actions[:, known] = scheduler.add_noise(fixed, noise[:, known], levels)
            answer = compute["denoise"](actions, levels, request.features)
            actions = scheduler.step(answer, level, actions, **draws, return_dict=False)[0]
        chunk = self.codec.decode(actions, origin)
        chunk[:, known] = request.committed
        return chunk, memories

    def _draws(self, generator: torch.Generator) -> dict[str, Any]:
        """What a step of the scheduler draws its noise from, where it draws any."""
        return {} if self.config.sampler.kind == "ddim" else {"generator": generator}
