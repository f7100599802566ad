"""Which way a diffusion policy goes from noise to actions: diffusers' schedulers, by name.

Source: DDPM: Ho et al., arXiv:2006.11239; DDIM: Song et al., arXiv:2010.02502; DPM-Solver++: Lu et
al., arXiv:2211.01095; the squared-cosine schedule: Nichol & Dhariwal, arXiv:2102.09672.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from diffusers import DDIMScheduler, DDPMScheduler, DPMSolverMultistepScheduler

Prediction: TypeAlias = Literal["epsilon", "sample", "v_prediction"]
Scheduler: TypeAlias = DDPMScheduler | DDIMScheduler | DPMSolverMultistepScheduler
SCHEDULE = "squaredcos_cap_v2"


@dataclass(frozen=True, kw_only=True)
class SamplerConfig:
    """How many noise levels are visited when acting, and by which rule."""

    kind: Literal["ddpm", "ddim", "dpm_solver"] = "ddim"
    steps: int = 8


def make_scheduler(
    sampler: SamplerConfig, training_levels: int, prediction: Prediction, clip: float
) -> Scheduler:
    """The scheduler, set to its steps.

    clip: the clean actions that a step estimates are kept within +-clip; DPM-Solver++ has no clip.

    Raises:
        ValueError: more steps than levels that were trained.
    """
    if not 1 <= sampler.steps <= training_levels:
        raise ValueError(
            f"sampler.steps must be in [1, training_levels={training_levels}], got {sampler.steps}"
        )
    common = {
        "num_train_timesteps": training_levels,
        "beta_schedule": SCHEDULE,
        "prediction_type": prediction,
    }
    clipped = {"clip_sample": True, "clip_sample_range": clip}
    match sampler.kind:
        case "ddpm":
            scheduler = DDPMScheduler(**common, **clipped, variance_type="fixed_small")
        case "ddim":
            scheduler = DDIMScheduler(**common, **clipped, set_alpha_to_one=True)
        case "dpm_solver":
            scheduler = DPMSolverMultistepScheduler(**common, algorithm_type="dpmsolver++")
    scheduler.set_timesteps(sampler.steps)
    return scheduler
