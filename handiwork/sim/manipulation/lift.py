"""Lift: a cube off the table."""

from dataclasses import dataclass

import numpy as np

from handiwork.sim.manipulation.task import Poses, Situation, draw_apart
from handiwork.sim.manipulation.things import Part, Scenery, Thing

HALF = 0.02  # [m]
CUBE = Thing(
    name="cube",
    parts=(Part(half=(HALF, HALF, HALF), colour=(0.80, 0.12, 0.12)),),
    mass=0.06,
    rest=HALF,
    fold=4,
)
LOW, HIGH = np.array([0.38, -0.15]), np.array([0.58, 0.15])  # [m] where the cube starts
HEIGHT = 0.05  # [m] of a cube that counts as lifted


@dataclass(frozen=True, kw_only=True)
class Lift:
    """One cube, anywhere on a rectangle of 0.2 x 0.3 m, at any yaw."""

    name: str = "lift"
    time_limit: float = 15.0
    things: tuple[Thing, ...] = (CUBE,)
    scenery: tuple[Scenery, ...] = ()
    derived_names: tuple[str, ...] = ()

    def start(self, generator: np.random.Generator) -> Poses:
        """The cube at rest."""
        place = draw_apart(generator, 1, LOW, HIGH, 0.0)[0]
        return {CUBE.name: np.array([*place, HALF, generator.uniform(-np.pi, np.pi)])}

    def derived(self, poses: Poses) -> np.ndarray:
        """Nothing."""
        return np.empty(0)

    def success(self, now: Situation) -> bool:
        """The cube's underside is 0.05 m above the table."""
        return bool(now.poses[CUBE.name][2] >= HALF + HEIGHT)
