"""What stands around a robot, what it holds, and which bodies may touch. All values, no state.

Shapes: poses are (4, 4) [m]; `base` is the robot's base frame.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from handiwork.errors import BadValue, UnknownName, WrongShape
from handiwork.planning.shapes import Shape


@dataclass(frozen=True, kw_only=True, eq=False)
class Obstacle:
    """A named thing that stands still."""

    name: str
    shape: Shape
    base_from_shape: np.ndarray

    def __post_init__(self) -> None:
        _check_pose(f"obstacle {self.name!r}", self.base_from_shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class Attached:
    """A named thing that moves with a link; the links of `touch_links` may touch it."""

    name: str
    shape: Shape
    link: str
    link_from_shape: np.ndarray
    touch_links: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_pose(f"attached object {self.name!r}", self.link_from_shape)


@dataclass(frozen=True, kw_only=True)
class AllowedCollisions:
    """Pairs of names that may touch, and names that may touch anything.

    Names are those of links, obstacles and attached objects.
    """

    pairs: frozenset[frozenset[str]] = frozenset()
    anything: frozenset[str] = frozenset()

    @staticmethod
    def of(pairs: Iterable[tuple[str, str]], anything: Iterable[str] = ()) -> "AllowedCollisions":
        """Of pairs in any order."""
        return AllowedCollisions(
            pairs=frozenset(frozenset(pair) for pair in pairs), anything=frozenset(anything)
        )

    def allows(self, first: str, second: str) -> bool:
        """Whether the two may touch."""
        if first in self.anything or second in self.anything:
            return True
        return frozenset((first, second)) in self.pairs


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """Obstacles, attached objects and what may touch; a change is a new scene."""

    obstacles: tuple[Obstacle, ...] = ()
    attached: tuple[Attached, ...] = ()
    allowed: AllowedCollisions = AllowedCollisions()

    def __post_init__(self) -> None:
        names = [thing.name for thing in (*self.obstacles, *self.attached)]
        for name in names:
            if names.count(name) > 1:
                raise BadValue("scene", "name", name, "unique names", "Rename one of the two.")

    @property
    def names(self) -> tuple[str, ...]:
        """Of everything in the scene."""
        return tuple(thing.name for thing in (*self.obstacles, *self.attached))

    def with_thing(self, thing: Obstacle | Attached) -> "Scene":
        """The scene with one more thing, in place of the one of the same name if there is one."""
        rest = self.without(thing.name) if thing.name in self.names else self
        if isinstance(thing, Obstacle):
            return replace(rest, obstacles=(*rest.obstacles, thing))
        return replace(rest, attached=(*rest.attached, thing))

    def without(self, name: str) -> "Scene":
        """The scene without one thing.

        Raises:
            UnknownName: there is no such thing.
        """
        if name not in self.names:
            raise UnknownName("object in the scene", name, self.names, "Check the name.")
        return replace(
            self,
            obstacles=tuple(thing for thing in self.obstacles if thing.name != name),
            attached=tuple(thing for thing in self.attached if thing.name != name),
        )


def placed(x: float, y: float, z: float, turn: float = 0.0) -> np.ndarray:
    """(4, 4) pose at a point [m], turned about z [rad]."""
    cosine, sine = np.cos(turn), np.sin(turn)
    pose = np.eye(4)
    pose[:2, :2] = ((cosine, -sine), (sine, cosine))
    pose[:3, 3] = (x, y, z)
    return pose


def _check_pose(what: str, pose: np.ndarray) -> None:
    if pose.shape != (4, 4):
        raise WrongShape(f"the pose of {what}", pose.shape, "(4, 4)")
    turn = pose[:3, :3]
    turns = np.isfinite(pose).all() and np.allclose(turn @ turn.T, np.eye(3), atol=1e-6)
    if not turns or np.linalg.det(turn) < 0:
        raise BadValue("scene", f"the pose of {what}", pose.tolist(), "a rigid pose", "Check it.")
