"""Diffusion policy: start from noise, remove it step by step, get a chunk of actions.

The chunk is predicted relative to where the tool is now, each row on its own scale, so that noise
of every level hides something worth knowing: how to move, not where the tool already is.

Source: Chi et al., Diffusion Policy, arXiv:2303.04137 (the method); Song et al., DDIM,
arXiv:2010.02502 (the sampler); Nichol & Dhariwal, arXiv:2102.09672 (the cosine schedule);
Salimans & Ho, arXiv:2202.00512 (velocity prediction: at high noise the network says the actions,
at low noise the noise, so it never has to copy its input); Chi et al., UMI, arXiv:2402.10329
(relative chunks). The schedulers are those of diffusers.
Shapes: B batch, O observed steps, D observation size, H predicted steps, A action size.
"""

from dataclasses import dataclass, field
from typing import cast

import torch
import torch.nn.functional as F
from diffusers import DDIMScheduler
from torch import Tensor, nn

from handiwork.errors import WrongShape
from policies.denoisers.mlp import MlpConfig, MlpDenoiser
from policies.encoders import KeypointConfig, KeypointEncoder
from policies.normaliser import Normaliser
from policies.windows import Horizon


@dataclass(frozen=True, kw_only=True)
class DiffusionConfig:
    """Everything that shapes a diffusion policy but the data's statistics."""

    observation_size: int
    relative_to: tuple[int, ...]  # per action, the number of an observation it is relative to
    encoder: KeypointConfig
    horizon: Horizon = field(default_factory=Horizon)
    denoiser: MlpConfig = field(default_factory=MlpConfig)
    training_levels: int = 100  # noise levels seen in training
    sampling_levels: int = 8  # noise levels visited when acting
    clip: float = 2.5  # normalised actions are kept within this when acting

    def __post_init__(self) -> None:
        if not 1 <= self.sampling_levels <= self.training_levels:
            raise ValueError(
                f"sampling_levels must be in [1, training_levels={self.training_levels}], "
                f"got {self.sampling_levels}"
            )
        if not all(0 <= index < self.observation_size for index in self.relative_to):
            raise ValueError(
                f"relative_to must index {self.observation_size} numbers, got {self.relative_to}"
            )

    @property
    def action_size(self) -> int:
        """A."""
        return len(self.relative_to)


class DiffusionPolicy(nn.Module):
    """Observations and actions are in the data's units; the normalisers are part of the policy."""

    def __init__(
        self, config: DiffusionConfig, observations: Normaliser, actions: Normaliser
    ) -> None:
        """observations: of D numbers; actions: of (H, A) numbers relative to the tool."""
        super().__init__()
        self.config = config
        self.observations = observations
        self.actions = actions
        self.encoder = KeypointEncoder(config.encoder)
        self.denoiser = MlpDenoiser(
            config.denoiser,
            config.horizon.predicted_steps,
            config.action_size,
            KeypointEncoder.size(config.horizon.observed_steps, config.observation_size),
        )
        self._scheduler = DDIMScheduler(
            num_train_timesteps=config.training_levels,
            beta_schedule="squaredcos_cap_v2",
            clip_sample=True,
            clip_sample_range=config.clip,
            set_alpha_to_one=True,
            prediction_type="v_prediction",
        )
        self._scheduler.set_timesteps(config.sampling_levels)
        self._levels: list[int] = self._scheduler.timesteps.tolist()

    def loss(self, observed: Tensor, actions: Tensor, generator: torch.Generator) -> Tensor:
        """Mean squared error of the predicted velocity; observed (B, O, D), actions (B, H, A)."""
        want = (self.config.horizon.predicted_steps, self.config.action_size)
        if actions.shape[1:] != want:
            raise WrongShape("actions", tuple(actions.shape), f"(B, {want[0]}, {want[1]})")
        clean = self.actions.normalise(actions - self._origin(observed))
        levels = self.config.training_levels
        level = torch.randint(levels, actions.shape[:1], generator=generator)
        noise = torch.randn(actions.shape, generator=generator).to(actions.device)
        noisy = self._scheduler.add_noise(clean, noise, cast(torch.IntTensor, level))
        wanted = self._scheduler.get_velocity(clean, noise, cast(torch.IntTensor, level))
        features = self.encoder(observed, self.observations)
        return F.mse_loss(self.denoiser(noisy, level.to(noisy.device), features), wanted)

    def sample(self, observed: Tensor, noise: Tensor) -> Tensor:
        """Clean noise (B, H, A), given observed (B, O, D) -> actions (B, H, A), data's units."""
        features = self.encoder(observed, self.observations)
        actions = noise
        for level in self._levels:
            batch_level = torch.full(noise.shape[:1], level, device=noise.device)
            velocity = self.denoiser(actions, batch_level, features)
            actions = self._scheduler.step(velocity, level, actions, return_dict=False)[0]
        return self.actions.restore(actions) + self._origin(observed)

    def _origin(self, observed: Tensor) -> Tensor:
        """What the actions are relative to: (B, O, D) -> (B, 1, A), from the last observation."""
        return observed[:, -1:, list(self.config.relative_to)]
