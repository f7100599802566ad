"""Pick and place: a brick from the table into a bin."""

from dataclasses import dataclass

import numpy as np

from handiwork.sim.manipulation.task import Poses, Situation, draw_apart
from handiwork.sim.manipulation.things import Part, Scenery, Thing

HALF = (0.035, 0.018, 0.02)  # [m]
BRICK = Thing(
    name="brick",
    parts=(Part(half=HALF, colour=(0.85, 0.45, 0.10)),),
    mass=0.08,
    rest=HALF[2],
    fold=2,
)
LOW, HIGH = np.array([0.38, -0.05]), np.array([0.58, 0.25])  # [m] where the brick starts

BIN = np.array([0.48, -0.23])  # [m] its middle
INSIDE = np.array([0.09, 0.075])  # [m] half its inner size
WALL, WALL_HEIGHT, FLOOR = 0.004, 0.06, 0.002  # [m] half thickness, height, half thickness
_BLUE = (0.15, 0.30, 0.62)


def _bin() -> tuple[Part, ...]:
    x, y = INSIDE
    along_x = (float(x + 2 * WALL), WALL, WALL_HEIGHT / 2)
    along_y = (WALL, float(y), WALL_HEIGHT / 2)
    middle = WALL_HEIGHT / 2
    return (
        Part(half=(float(x), float(y), FLOOR), middle=(0, 0, FLOOR), colour=_BLUE),
        Part(half=along_x, middle=(0, float(y + WALL), middle), colour=_BLUE),
        Part(half=along_x, middle=(0, -float(y + WALL), middle), colour=_BLUE),
        Part(half=along_y, middle=(float(x + WALL), 0, middle), colour=_BLUE),
        Part(half=along_y, middle=(-float(x + WALL), 0, middle), colour=_BLUE),
    )


@dataclass(frozen=True, kw_only=True)
class PickPlace:
    """One brick, anywhere on a rectangle of 0.2 x 0.3 m, at any yaw, and a bin beside it."""

    name: str = "pick_place"
    time_limit: float = 20.0
    things: tuple[Thing, ...] = (BRICK,)
    scenery: tuple[Scenery, ...] = (
        Scenery(name="bin", place=(float(BIN[0]), float(BIN[1]), 0.0), parts=_bin()),
    )
    derived_names: tuple[str, ...] = ()

    def start(self, generator: np.random.Generator) -> Poses:
        """The brick at rest on the table."""
        place = draw_apart(generator, 1, LOW, HIGH, 0.0)[0]
        return {BRICK.name: np.array([*place, BRICK.rest, generator.uniform(-np.pi, np.pi)])}

    def derived(self, poses: Poses) -> np.ndarray:
        """Nothing."""
        return np.empty(0)

    def success(self, now: Situation) -> bool:
        """The brick lies in the bin, let go of."""
        pose = now.poses[BRICK.name]
        inside = bool((np.abs(pose[:2] - BIN) < INSIDE).all())
        return inside and pose[2] < WALL_HEIGHT and now.left_alone(BRICK.name)
