"""The acting side of a policy: numpy in the data's units in, action chunks out, repeatable by seed.

Shapes: B environments, O observed steps, D observation size, H predicted steps, A action size.
"""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from handiwork.errors import BadValue, WrongShape
from policies.diffusion import DiffusionPolicy
from policies.spec import PolicySpec
from policies.windows import Horizon


@dataclass
class ActingPolicy:
    """A trained policy with its generator of noise; the only state it carries between calls."""

    policy: DiffusionPolicy
    spec: PolicySpec
    generator: torch.Generator = field(default_factory=lambda: torch.Generator().manual_seed(0))

    def __post_init__(self) -> None:
        self._sample = compiled(self.policy)

    @property
    def horizon(self) -> Horizon:
        """How many steps it observes, predicts and executes."""
        return self.policy.config.horizon

    def reset(self, seed: int = 0) -> None:
        """Begin an episode: the same seed and observations give the same chunks again."""
        self.generator.manual_seed(seed)

    def propose(self, observation: np.ndarray, count: int = 1) -> np.ndarray:
        """`count` candidates for one observation: (O, D) -> (count, H, A)."""
        return self.propose_batch(np.repeat(observation[None], count, axis=0))

    def propose_batch(self, observations: np.ndarray) -> np.ndarray:
        """One chunk for each of B environments: (B, O, D) -> (B, H, A), data's units.

        Raises:
            WrongShape: the observation has another size than the policy was trained on.
            BadValue: the observation is not finite.
        """
        want = (self.horizon.observed_steps, len(self.spec.observation_names))
        if observations.shape[1:] != want:
            raise WrongShape("observation", observations.shape[1:], str(want))
        if not np.isfinite(observations).all():
            raise BadValue(
                "observation", "values", "not finite", "finite numbers", "Check the perception."
            )
        observed = torch.as_tensor(observations, dtype=torch.float32)
        shape = (len(observed), self.horizon.predicted_steps, len(self.spec.action_names))
        noise = torch.randn(shape, generator=self.generator)
        with torch.inference_mode():
            return self._sample(observed, noise).numpy()


def compiled(policy: DiffusionPolicy) -> torch.jit.ScriptModule:
    """The whole sampling as one frozen graph: (observed, noise) -> actions, any batch size.

    It acts as `policy.sample` does, without Python between its hundreds of small operations, which
    in a node would wait for the interpreter's lock each time another thread holds it.
    """
    config = policy.config
    observed = torch.zeros(1, config.horizon.observed_steps, config.observation_size)
    noise = torch.zeros(1, config.horizon.predicted_steps, config.action_size)
    sampler = _Sampler(policy).eval().requires_grad_(False)
    with torch.no_grad():
        return torch.jit.freeze(torch.jit.trace(sampler, (observed, noise)))


class _Sampler(nn.Module):
    def __init__(self, policy: DiffusionPolicy) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, observed: Tensor, noise: Tensor) -> Tensor:
        return self.policy.sample(observed, noise)
