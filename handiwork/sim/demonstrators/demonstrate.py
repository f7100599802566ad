"""One demonstration: a world, a demonstrator and its disturbance, recorded step by step.

Shapes: T steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handiwork.sim.demonstrators.disturbance import Disturbance, DisturbanceConfig
from handiwork.sim.demonstrators.stages import Demonstrator, Planner
from handiwork.sim.manipulation.world import ManipulationWorld

LAST_STEPS = 3  # recorded with task and plan done, so that the data say: stay
LONG_DONE = 12  # steps with the task done after which the rest of a plan does not matter


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """arrays: "state", "action" and what the world sees, (T, ...). success: whether it was done."""

    arrays: Mapping[str, np.ndarray]
    success: bool


def demonstrate(
    world: ManipulationWorld, planner: Planner, seed: int, config: DisturbanceConfig
) -> Demonstration:
    """One episode from the start that belongs to a seed; the same seed gives the same again."""
    observation = world.reset(seed)
    generator = np.random.default_rng([seed, 1])  # not the draws of the start again
    demonstrator = Demonstrator(planner, world.situation, generator)
    disturbance = Disturbance(config, generator)
    rows: list[dict[str, np.ndarray]] = []
    done = 0  # steps since the task is done without a break
    while not (done >= LAST_STEPS and demonstrator.finished) and done < LONG_DONE:
        if world.steps >= world.time_limit_steps:
            break
        action = demonstrator.act(world.situation)
        rows.append({**observation, "action": action.astype(np.float32)})
        world.step(disturbance.executed(action, demonstrator.care))
        observation = world.observe()
        done = done + 1 if world.success else 0
    arrays = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Demonstration(arrays=arrays, success=world.success)
