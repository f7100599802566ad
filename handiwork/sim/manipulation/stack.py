"""Stack: one cube onto another."""

from dataclasses import dataclass

import numpy as np

from handiwork.sim.manipulation.task import Poses, Situation, draw_apart
from handiwork.sim.manipulation.things import Part, Scenery, Thing

UPPER_HALF, LOWER_HALF = 0.02, 0.024  # [m]


def _cube(name: str, half: float, mass: float, colour: tuple[float, float, float]) -> Thing:
    part = Part(half=(half, half, half), colour=colour)
    return Thing(name=name, parts=(part,), mass=mass, rest=half, fold=4)


UPPER = _cube("cube", UPPER_HALF, 0.06, (0.80, 0.12, 0.12))
LOWER = _cube("support", LOWER_HALF, 0.10, (0.12, 0.55, 0.20))
LOW, HIGH = np.array([0.38, -0.15]), np.array([0.58, 0.15])  # [m] where both start
APART = 0.11  # [m] so that the open hand fits between them
HEIGHT = LOWER_HALF + UPPER_HALF  # [m] of the upper one's middle over the lower one's


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Two cubes, anywhere on a rectangle of 0.2 x 0.3 m, at any yaws."""

    name: str = "stack"
    time_limit: float = 20.0
    things: tuple[Thing, ...] = (UPPER, LOWER)
    scenery: tuple[Scenery, ...] = ()
    derived_names: tuple[str, ...] = ()

    def start(self, generator: np.random.Generator) -> Poses:
        """Both on the table, apart."""
        places = draw_apart(generator, 2, LOW, HIGH, APART)
        yaws = generator.uniform(-np.pi, np.pi, 2)
        return {
            thing.name: np.array([*place, thing.rest, yaw])
            for thing, place, yaw in zip(self.things, places, yaws, strict=True)
        }

    def derived(self, poses: Poses) -> np.ndarray:
        """Nothing."""
        return np.empty(0)

    def success(self, now: Situation) -> bool:
        """The cube lies flat on its support, both let go of and still."""
        apart = now.poses[UPPER.name][:3] - now.poses[LOWER.name][:3]
        on_top = bool(np.abs(apart[:2]).max() < LOWER_HALF and abs(apart[2] - HEIGHT) < 0.004)
        return on_top and all(now.left_alone(thing.name) for thing in self.things)
