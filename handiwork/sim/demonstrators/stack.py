"""How a cube is stacked: by either pair of its faces, turned onto its support in several ways."""

import numpy as np

from handiwork.sim.demonstrators.grasping import (
    Grip,
    carried_to,
    choices,
    detour,
    let_go,
    pick_up,
    raise_held,
)
from handiwork.sim.demonstrators.stages import Goal, Stage
from handiwork.sim.manipulation.stack import HEIGHT, LOWER, UPPER, UPPER_HALF
from handiwork.sim.manipulation.task import Situation

GRIP = Grip(thing=UPPER, width=2 * UPPER_HALF, folds=4)


def plan_stack(now: Situation, generator: np.random.Generator) -> list[Stage]:
    """One of the two nearest grasps, then one of the two nearest ways onto the support."""
    cube, support = now.poses[UPPER.name], now.poses[LOWER.name]
    yaw = float(generator.choice(choices(cube[3], GRIP.folds, now.tool[3])[:2]))
    turn = float(generator.choice(choices(support[3], UPPER.fold, yaw)[:2]))
    height = support[2] + HEIGHT + generator.uniform(0.04, 0.06)

    def over(lift: float) -> Goal:
        def place(now: Situation) -> np.ndarray:
            pose = now.poses[LOWER.name]
            return np.array([*pose[:2], pose[2] + HEIGHT + lift, pose[3]])

        return carried_to(place, GRIP, UPPER.fold, turn)

    above, held = over(0.045), GRIP.held
    return [
        *([raise_held(GRIP, height)] if held(now) else pick_up(GRIP, yaw, height, generator)),
        detour(above, generator, holds=held),
        Stage(goal=above, near=0.015, turned=0.15, through=True, holds=held),
        Stage(goal=over(0.003), speed=0.2, near=0.005, care=0.3, holds=held),
        *let_go(GRIP, height + 0.05),
    ]
