"""The settings of a streaming policy.

Source: Hoeg et al., Streaming Diffusion Policy, arXiv:2406.04806 (primers, training mix).
"""

from dataclasses import dataclass, field
from typing import Literal

from policies.denoisers import DenoiserConfig, MlpConfig
from policies.generator import InterfaceConfig
from policies.samplers import Prediction


@dataclass(frozen=True, kw_only=True)
class StreamingConfig:
    """Everything that shapes a streaming policy but the data's statistics.

    primer: how a plan begins: "zero", the mean motion; "denoise", N more steps of the network
        that clean all chunks at once.
    even: share of the training whose chunks all have one level; "denoise" needs it.
    jump: a plan begins anew where the tool is further from it than this, in scales of a first row.
    """

    interface: InterfaceConfig
    denoiser: DenoiserConfig = field(default_factory=MlpConfig)
    prediction: Prediction = "v_prediction"
    rule: Literal["ddim", "ddpm"] = "ddim"
    training_levels: int = 100  # T, of the noise schedule
    sampling_levels: int = 8  # N, learnt and visited
    primer: Literal["zero", "denoise"] = "zero"
    even: float = 0.2
    clip: float = 2.5  # normalised actions are kept within this when acting
    jump: float = 4.0

    def __post_init__(self) -> None:
        horizon, levels = self.interface.horizon, self.sampling_levels
        ahead = horizon.predicted_steps - horizon.now
        if ahead % horizon.executed_steps:
            raise ValueError(
                f"predicted_steps - (observed_steps - 1) must divide by executed_steps="
                f"{horizon.executed_steps}, got {ahead}"
            )
        if not 1 <= levels <= self.training_levels:
            raise ValueError(
                f"sampling_levels must be in [1, training_levels={self.training_levels}], "
                f"got {levels}"
            )
        if levels % self.chunks:
            raise ValueError(
                f"sampling_levels must divide by the plan's {self.chunks} chunks, got {levels}"
            )
        if not 0 <= self.even <= 1:
            raise ValueError(f"even must be in [0, 1], got {self.even}")
        if self.clip <= 0 or self.jump <= 0:
            raise ValueError(f"clip and jump must be > 0, got {self.clip} and {self.jump}")

    @property
    def chunks(self) -> int:
        """h."""
        horizon = self.interface.horizon
        return (horizon.predicted_steps - horizon.now) // horizon.executed_steps
