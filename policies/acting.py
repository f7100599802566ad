"""The acting side of a policy: numpy in the data's units in, action chunks out, repeatable by seed.

Shapes: B environments, O observed steps, D observation size, H predicted steps, A action size.
"""

from dataclasses import dataclass, field

import numpy as np
import torch

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
        self.policy.eval().requires_grad_(False)

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
        return self.policy.sample(observed, self.generator).numpy()
