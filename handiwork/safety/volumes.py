"""Where named points of the robot may be: how far the nearest of them is from where it may not.

Shapes: J joints.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handiwork.errors import UnknownName
from handiwork.safety.workspace import Workspace

Points = Mapping[str, np.ndarray]  # (3,) in the base frame [m], by name


@dataclass(frozen=True, kw_only=True)
class Ball:
    """In the base frame [m]."""

    centre: tuple[float, float, float]
    radius: float

    def __post_init__(self) -> None:
        if not self.radius > 0:
            raise ValueError(f"radius must be > 0 m, got {self.radius}")


@dataclass(frozen=True, kw_only=True)
class KeepIn:
    """A point that must stay in a box."""

    point: str
    box: Workspace

    def room(self, point: np.ndarray) -> float:
        """[m] from (3,) to the nearest side; negative outside."""
        below, above = point - self.box.lower, self.box.upper - point
        return float(min(below.min(), above.min()))


@dataclass(frozen=True, kw_only=True)
class KeepOut:
    """A point that must stay out of a box or a ball."""

    point: str
    volume: Workspace | Ball

    def room(self, point: np.ndarray) -> float:
        """[m] from (3,) to the nearest side; negative inside."""
        volume = self.volume
        if isinstance(volume, Ball):
            return float(np.linalg.norm(point - volume.centre)) - volume.radius
        beyond = np.maximum(volume.lower - point, point - volume.upper)
        if beyond.max() <= 0:
            return float(beyond.max())
        return float(np.linalg.norm(np.maximum(beyond, 0.0)))


def room_left(
    volumes: Sequence[KeepIn | KeepOut], points: Callable[[np.ndarray], Points]
) -> Callable[[np.ndarray], float]:
    """Of joint positions (J,) [rad]: the least room [m] that any volume leaves to its point.

    points: where the named points are, of joint positions.
    """

    def room(positions: np.ndarray) -> float:
        places = points(positions)
        for volume in volumes:
            if volume.point not in places:
                raise UnknownName("point", volume.point, places, "Check the gate's volumes.")
        return min(volume.room(places[volume.point]) for volume in volumes)

    return room
