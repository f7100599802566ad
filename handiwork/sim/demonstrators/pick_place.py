"""How a brick gets into the bin: by either way round, to anywhere in the bin, on a bend."""

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
from handiwork.sim.manipulation.pick_place import BIN, BRICK, HALF, INSIDE, WALL_HEIGHT
from handiwork.sim.manipulation.task import Situation
from handiwork.sim.manipulation.world import HIGHEST, LOWEST

GRIP = Grip(thing=BRICK, width=2 * HALF[1], folds=2)
CLEAR = WALL_HEIGHT + HALF[2] + 0.02  # [m] of the brick's middle on its way over the wall


def plan_pick_place(now: Situation, generator: np.random.Generator) -> list[Stage]:
    """Any grasp, any place inside."""
    yaw = float(generator.choice(choices(now.poses[BRICK.name][3], GRIP.folds, now.tool[3])))
    height = CLEAR + generator.uniform(0.0, 0.03)
    room = INSIDE - 0.045
    target = BIN + generator.uniform(-room, room)
    turn = float(np.clip(yaw + generator.uniform(-0.5, 0.5), LOWEST[3], HIGHEST[3]))

    def at(height: float) -> Goal:
        """At the target, with the brick as it hangs once the tool has turned."""

        def place(now: Situation) -> np.ndarray:
            return np.array([*target, height, now.poses[BRICK.name][3] + turn - now.tool[3]])

        return carried_to(place, GRIP, BRICK.fold, turn)

    above, held = at(height), GRIP.held
    return [
        *([raise_held(GRIP, height)] if held(now) else pick_up(GRIP, yaw, height, generator)),
        detour(above, generator, holds=held),
        Stage(goal=above, near=0.03, turned=np.inf, through=True, holds=held),
        Stage(goal=at(HALF[2] + 0.025), near=0.012, turned=0.3, care=0.4, holds=held),
        *let_go(GRIP, height + 0.02),
    ]
