"""Insertion: a square nut with a handle over a square post, with 3 mm to spare on each side.

Source: the Square task of robomimic (Mandlekar et al., arXiv:2108.03298) in spirit; the sizes are
ours. The hole is square, so the nut goes on in four ways.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.sim.manipulation.task import Poses, Situation, draw_apart
from handiwork.sim.manipulation.things import Part, Scenery, Thing

POST = np.array([0.48, -0.17])  # [m] its middle; its yaw is 0
POST_HALF, POST_HEIGHT = 0.016, 0.05  # [m]
CLEARANCE = 0.003  # [m] on each side
HOLE_HALF = POST_HALF + CLEARANCE
RIM, THICK = 0.006, 0.012  # [m] half the rim's width, half the nut's thickness
HANDLE_HALF = (0.026, 0.009, THICK)  # [m]
HANDLE = 0.066  # [m] from the nut's middle to where its handle is held
LOW, HIGH = np.array([0.38, 0.0]), np.array([0.58, 0.25])  # [m] where the nut starts
_STEEL, _BRASS = (0.35, 0.37, 0.40), (0.80, 0.62, 0.20)


def _nut() -> tuple[Part, ...]:
    middle, outside = HOLE_HALF + RIM, HOLE_HALF + 2 * RIM
    along_x, along_y = (outside, RIM, THICK), (RIM, HOLE_HALF, THICK)
    return (
        Part(half=along_x, middle=(0, middle, 0), colour=_BRASS),
        Part(half=along_x, middle=(0, -middle, 0), colour=_BRASS),
        Part(half=along_y, middle=(middle, 0, 0), colour=_BRASS),
        Part(half=along_y, middle=(-middle, 0, 0), colour=_BRASS),
        Part(half=HANDLE_HALF, middle=(outside + HANDLE_HALF[0], 0, 0), colour=_BRASS),
    )


NUT = Thing(name="nut", parts=_nut(), mass=0.06, rest=THICK, fold=1)


@dataclass(frozen=True, kw_only=True)
class Insertion:
    """One nut, anywhere on a rectangle of 0.2 x 0.25 m, at any yaw, and a post beside it."""

    name: str = "insertion"
    time_limit: float = 20.0
    things: tuple[Thing, ...] = (NUT,)
    scenery: tuple[Scenery, ...] = (
        Scenery(
            name="post",
            place=(float(POST[0]), float(POST[1]), POST_HEIGHT / 2),
            parts=(Part(half=(POST_HALF, POST_HALF, POST_HEIGHT / 2), colour=_STEEL),),
        ),
    )
    derived_names: tuple[str, ...] = ("nut_handle_x", "nut_handle_y")

    def start(self, generator: np.random.Generator) -> Poses:
        """The nut at rest on the table."""
        place = draw_apart(generator, 1, LOW, HIGH, 0.0)[0]
        return {NUT.name: np.array([*place, NUT.rest, generator.uniform(-np.pi, np.pi)])}

    def derived(self, poses: Poses) -> np.ndarray:
        """(2,) where the handle is held, x, y [m]."""
        x, y, _, yaw = poses[NUT.name]
        return np.array([x + HANDLE * np.cos(yaw), y + HANDLE * np.sin(yaw)])

    def success(self, now: Situation) -> bool:
        """The nut lies around the post, flat on the table, let go of."""
        pose = now.poses[NUT.name]
        around = bool(np.abs(pose[:2] - POST).max() < HOLE_HALF)
        down = pose[2] < THICK + 0.006 and now.tilts[NUT.name] < np.radians(10)
        return around and down and now.left_alone(NUT.name)
