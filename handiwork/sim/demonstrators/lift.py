"""How a cube is lifted: by either pair of its faces, from either side."""

import numpy as np

from handiwork.sim.demonstrators.grasping import Grip, choices, pick_up
from handiwork.sim.demonstrators.stages import Stage
from handiwork.sim.manipulation.lift import CUBE, HALF
from handiwork.sim.manipulation.task import Situation

GRIP = Grip(thing=CUBE, width=2 * HALF, folds=4)


def plan_lift(now: Situation, generator: np.random.Generator) -> list[Stage]:
    """One of the two nearest grasps."""
    yaws = choices(now.poses[CUBE.name][3], GRIP.folds, now.tool[3])[:2]
    return pick_up(GRIP, generator.choice(yaws), generator.uniform(0.11, 0.15), generator)
