"""Scenes around an arm in which planning problems are drawn.

They are drawn for an arm of 0.85 m reach that stands on a table at the origin, x forward, and
scaled and moved for each robot.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.planning.scene import Obstacle, Scene, placed
from handiwork.planning.shapes import Box

Corner = tuple[float, float, float]
Block = tuple[Corner, Corner]  # two corners: lowest and highest


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A scene for the arm of 0.85 m reach: blocks, and where the tool starts and ends [m]."""

    blocks: tuple[Block, ...]
    start: Block
    goal: Block


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Which arm of a robot is asked, where its table's origin is [m], and its size."""

    group: str
    origin: Corner
    scale: float


_TABLE: Block = ((0.2, -0.7, -0.05), (0.9, 0.7, -0.01))
_ROOM: Block = ((0.25, -0.5, 0.1), (0.7, 0.5, 0.7))

SETTINGS = {
    "open": Setting(blocks=(_TABLE,), start=_ROOM, goal=_ROOM),
    "boxes": Setting(
        blocks=(
            _TABLE,
            ((0.35, -0.45, -0.01), (0.47, -0.33, 0.35)),
            ((0.55, -0.2, -0.01), (0.67, -0.08, 0.45)),
            ((0.35, 0.05, -0.01), (0.45, 0.15, 0.25)),
            ((0.55, 0.2, -0.01), (0.7, 0.32, 0.3)),
            ((0.3, 0.4, -0.01), (0.42, 0.52, 0.5)),
            ((0.4, -0.1, 0.75), (0.6, 0.1, 0.85)),
        ),
        start=((0.25, -0.5, 0.05), (0.7, 0.5, 0.5)),
        goal=((0.25, -0.5, 0.05), (0.7, 0.5, 0.5)),
    ),
    "wall": Setting(
        blocks=(_TABLE, ((0.3, -0.02, -0.01), (0.8, 0.02, 0.45))),
        start=((0.3, 0.12, 0.05), (0.7, 0.5, 0.4)),
        goal=((0.3, -0.5, 0.05), (0.7, -0.12, 0.4)),
    ),
    "shelf": Setting(
        blocks=(
            _TABLE,
            ((0.45, -0.37, -0.01), (0.77, -0.35, 0.7)),
            ((0.45, 0.35, -0.01), (0.77, 0.37, 0.7)),
            ((0.75, -0.35, -0.01), (0.77, 0.35, 0.7)),
            ((0.45, -0.35, 0.31), (0.75, 0.35, 0.33)),
            ((0.45, -0.35, 0.68), (0.75, 0.35, 0.7)),
        ),
        start=((0.2, -0.4, 0.3), (0.4, 0.4, 0.8)),
        goal=((0.5, -0.28, 0.06), (0.65, 0.28, 0.6)),
    ),
    "narrow": Setting(
        blocks=(
            _TABLE,
            ((0.4, -0.15, -0.01), (0.8, -0.11, 0.6)),
            ((0.4, 0.11, -0.01), (0.8, 0.15, 0.6)),
        ),
        start=((0.25, 0.25, 0.1), (0.6, 0.5, 0.6)),
        goal=((0.5, -0.04, 0.1), (0.7, 0.04, 0.45)),
    ),
}

STANDS = {
    "panda": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=1.0),
    "fr3": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=1.0),
    "wxai": Stand(group="arm", origin=(0.0, 0.0, 0.0), scale=0.75),
    "g1": Stand(group="left_arm", origin=(0.0, 0.25, -0.22), scale=0.7),
}


def scene_of(setting: Setting, stand: Stand) -> Scene:
    """The blocks of a setting, at the size and place of a robot's stand."""
    obstacles = []
    for number, (low, high) in enumerate(setting.blocks):
        low, high = at(low, stand), at(high, stand)
        size = tuple((high - low).tolist())
        middle = placed(*((low + high) / 2).tolist())
        obstacles.append(
            Obstacle(name=f"block_{number}", shape=Box(size=size), base_from_shape=middle)
        )
    return Scene(obstacles=tuple(obstacles))


def at(corner: Corner, stand: Stand) -> np.ndarray:
    """(3,) where a corner of a setting is in the robot's base [m]."""
    return np.array(stand.origin) + stand.scale * np.array(corner)
