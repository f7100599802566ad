"""How a nut gets onto the post: held by its handle either way round, put on in several ways."""

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
from handiwork.sim.manipulation.insertion import HANDLE, HANDLE_HALF, NUT, POST, POST_HEIGHT, THICK
from handiwork.sim.manipulation.task import Situation

# Held above its middle, so that the fingertips stay off the table.
GRIP = Grip(thing=NUT, width=2 * HANDLE_HALF[1], folds=2, point=(HANDLE, 0.0, 0.006))
WAYS = 4  # that the square hole goes on
CLEAR = POST_HEIGHT + THICK + 0.012  # [m] of the nut's middle over the post


def plan_insertion(now: Situation, generator: np.random.Generator) -> list[Stage]:
    """Any grasp of the handle, then one of the two nearest ways onto the post."""
    nut = now.poses[NUT.name]
    yaw = float(generator.choice(choices(nut[3], GRIP.folds, now.tool[3])))
    turn = float(generator.choice(choices(yaw - nut[3], WAYS, yaw)[:2]))
    height = CLEAR + generator.uniform(0.02, 0.05)
    above, aligned, down = (
        carried_to(_on_post(at), GRIP, WAYS, turn) for at in (CLEAR + 0.015, CLEAR, THICK + 0.004)
    )
    held = GRIP.held
    return [
        *([raise_held(GRIP, height)] if held(now) else pick_up(GRIP, yaw, height, generator)),
        detour(above, generator, holds=held),
        Stage(goal=above, near=0.03, turned=0.3, through=True, holds=held),
        Stage(goal=aligned, speed=0.2, until=_straight, care=0.2, holds=held),
        Stage(goal=down, speed=0.15, near=0.01, care=0.05, holds=_not_jammed),
        *let_go(GRIP, height + 0.05),
    ]


def _on_post(height: float) -> Goal:
    place = np.array([*POST, height, 0.0])
    return lambda now: place


def _straight(now: Situation) -> bool:
    """Whether the nut is where it can be lowered."""
    x, y, _, yaw = now.poses[NUT.name]
    quarter = np.pi / 2
    off = (yaw + quarter / 2) % quarter - quarter / 2
    straight = np.hypot(x - POST[0], y - POST[1]) < 0.0018 and abs(off) < 0.03
    return bool(straight and now.speeds[NUT.name] < 0.03)


def _not_jammed(now: Situation) -> bool:
    """Whether the nut is held and hangs level."""
    return GRIP.held(now) and now.tilts[NUT.name] < 0.1
