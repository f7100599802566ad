"""What a manipulation task is: what lies where, and when it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from handiwork.sim.manipulation.things import Scenery, Thing

Poses = Mapping[str, np.ndarray]  # (4,) x, y, z [m], yaw [rad] in base, by name of the thing


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that is so at one instant.

    tool: (4,) x, y, z [m], yaw [rad]. opening: between the finger pads [m].
    poses: of the things, yaws up to their symmetry. speeds: how fast they move [m/s].
    touched: names of the things that the gripper touches. tilts: their z axes off upright [rad].
    """

    tool: np.ndarray
    opening: float
    poses: Poses
    speeds: Mapping[str, float]
    tilts: Mapping[str, float]
    touched: frozenset[str]

    def left_alone(self, name: str) -> bool:
        """Whether a thing is released and at rest."""
        return name not in self.touched and self.speeds[name] < STILL


class Task(Protocol):
    """A task. Everything about it that is not physics."""

    @property
    def name(self) -> str:
        """One word."""
        ...

    @property
    def time_limit(self) -> float:
        """Of an episode [s]."""
        ...

    @property
    def things(self) -> tuple[Thing, ...]:
        """Loose bodies, in the order of the state."""
        ...

    @property
    def scenery(self) -> tuple[Scenery, ...]:
        """Fixed bodies."""
        ...

    @property
    def derived_names(self) -> tuple[str, ...]:
        """Of numbers [m] that follow from the poses and help to see what to do."""
        ...

    def start(self, generator: np.random.Generator) -> Poses:
        """Where the things lie at the start of an episode."""
        ...

    def derived(self, poses: Poses) -> np.ndarray:
        """(len(derived_names),) [m]."""
        ...

    def success(self, now: Situation) -> bool:
        """Whether the task is done."""
        ...


STILL = 0.02  # [m/s] below which a thing is at rest


def draw_apart(
    generator: np.random.Generator, count: int, low: np.ndarray, high: np.ndarray, distance: float
) -> np.ndarray:
    """(count, 2) places in a rectangle, no two of them nearer than `distance` [m]."""
    places: list[np.ndarray] = []
    while len(places) < count:
        place = generator.uniform(low, high)
        if all(np.linalg.norm(place - other) >= distance for other in places):
            places.append(place)
    return np.array(places)
