"""What each stage of a training learns from: steps with their labels, windows, or what was found.

Where an encoder is taught first, its lesson is about single steps. After it every step is looked at
once; a generator then learns from what was found, which costs no more than to learn from a state.
Shapes: T steps, N windows, H predicted steps.
"""

from dataclasses import replace

import numpy as np
import torch

from policies.generator import ActionGenerator
from policies.observed import FOUND, as_tensors
from policies.stages import ENCODER, Lesson, Stage
from policies.training.window_data import WindowData

TOGETHER = 128  # steps that are looked at in one call


def stage_data(policy: ActionGenerator, stage: Stage, data: WindowData) -> WindowData:
    """The data for a stage; `policy` has learned all that comes before it."""
    lesson = policy.encoder.lesson
    if lesson is None:
        return data
    steps = np.unique(data.rows)
    if stage.name == ENCODER:
        return replace(data, rows=steps[:, None], observed_steps=1)
    rest = {name: array for name, array in data.observed.items() if name in policy.encoder.inputs}
    rest.pop(lesson.pictures)
    found = look(lesson, data.observed[lesson.pictures], steps, next(policy.parameters()).device)
    return replace(data, observed={**rest, FOUND: found})


@torch.inference_mode()
def look(
    lesson: Lesson, pictures: np.ndarray, steps: np.ndarray, device: torch.device
) -> np.ndarray:
    """What is found in these steps of (T, ...), as (T, ...); not a number at all others."""
    parts = np.split(steps, range(TOGETHER, len(steps), TOGETHER))
    seen = [
        lesson.find(as_tensors({lesson.pictures: pictures[part]}, device)[lesson.pictures])
        for part in parts
    ]
    answers = torch.cat(seen).cpu().numpy()
    found = np.full((len(pictures), *answers.shape[1:]), np.nan, np.float32)
    found[steps] = answers
    return found
