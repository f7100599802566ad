"""The settings of a training that are the same for every generator."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How to train; the defaults made the shipped Push-T checkpoint on one CPU core."""

    steps: int = 15_000  # of all stages together
    batch_size: int = 256  # of all processes together
    learning_rate: float = 1e-3
    weight_decay: float = 1e-6  # of matrices; biases, norms and codes of places keep their size
    betas: tuple[float, float] = (0.95, 0.999)
    warm_up_steps: int = 300  # of every stage
    validation_episodes: int = 8  # the last ones of the data, kept out of the training
    seed: int = 0
    report_every: int = 500  # steps between validations
    rollout_every: int = 2500  # steps between trials of the policy at its task; 0: none
    rollout_episodes: int = 20  # of each trial
    save_every: float = 40.0  # [s] between saved states, the most that a killed training loses
    threads: int = 0  # of the CPU's arithmetic; 0: as torch chooses
    device: Literal["auto", "cpu", "cuda"] = "auto"
    precision: Literal["auto", "fp32", "bf16"] = "auto"  # auto: as `accelerate launch` was told

    def __post_init__(self) -> None:
        for name in (
            *("steps", "batch_size", "report_every"),
            *("validation_episodes", "rollout_episodes"),
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be >= 1, got {getattr(self, name)}")
        for name in ("warm_up_steps", "threads", "rollout_every", "seed", "weight_decay"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be >= 0, got {getattr(self, name)}")
        if self.learning_rate <= 0:
            raise ValueError(f"learning_rate must be > 0, got {self.learning_rate}")
        if not 0 < self.save_every <= 60:
            raise ValueError(f"save_every must be in (0, 60] seconds, got {self.save_every}")


# Settings that change when and where things are computed, but not what is learned.
FREE = frozenset(
    ("rollout_every", "rollout_episodes", "save_every", "threads", "device", "report_every")
)
