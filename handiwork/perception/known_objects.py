"""Objects of the library: the T of Push-T, a cube and a mug.

The T's frame is that of Push-T: origin in the middle of the bar's outer edge, at its underside. The
cube's is its middle; the mug's is the middle of its underside, the handle along x.
"""

import numpy as np

from handiwork.perception.known_object import KnownObject, quarter_turns
from handiwork.perception.solid_meshes import box, joined, prism, swept, turned
from handiwork.planning.shapes import Mesh
from handiwork.tasks.push_t import BLOCK_HEIGHT, TableSquare

CUBE_EDGE = 0.050  # [m]
MUG_RADIUS, MUG_HEIGHT, MUG_WALL = 0.041, 0.095, 0.004  # [m]
HANDLE_REACH, HANDLE_RADIUS = 0.033, 0.006  # [m] from the wall to its middle line; of the bar


def _upside_down(height: float) -> np.ndarray:
    """About x, standing on what was on top."""
    pose = np.diag([1.0, -1.0, -1.0, 1.0])
    pose[2, 3] = height
    return pose


def _raised(height: float) -> np.ndarray:
    pose = np.eye(4)
    pose[2, 3] = height
    return pose


def _about_the_stem() -> np.ndarray:
    """(4, 4) the T turned over, which lies as before."""
    pose = np.diag([-1.0, 1.0, -1.0, 1.0])
    pose[2, 3] = BLOCK_HEIGHT
    return pose


def _mug_mesh() -> Mesh:
    inner = MUG_RADIUS - MUG_WALL
    profile = np.array(
        [
            (0.0, 0.0),
            (MUG_RADIUS, 0.0),
            (MUG_RADIUS, MUG_HEIGHT),
            (inner, MUG_HEIGHT),
            (inner, MUG_WALL),
            (0.0, MUG_WALL),
        ]
    )
    angle = np.linspace(-np.pi / 2, np.pi / 2, 25)
    path = np.stack(
        [
            MUG_RADIUS - MUG_WALL / 2 + HANDLE_REACH * np.cos(angle),
            np.zeros(len(angle)),
            MUG_HEIGHT / 2 + 0.030 * np.sin(angle),
        ],
        axis=1,
    )
    return joined(turned(profile), swept(path, HANDLE_RADIUS))


T_BLOCK = KnownObject(
    name="t_block",
    mesh=prism(TableSquare().outline(), 0.0, BLOCK_HEIGHT),
    colour=(0.80, 0.10, 0.12),
    rests=np.eye(4)[None],
    symmetries=np.stack([np.eye(4), _about_the_stem()]),
)
CUBE = KnownObject(
    name="cube",
    mesh=box((CUBE_EDGE, CUBE_EDGE, CUBE_EDGE)),
    colour=(0.10, 0.30, 0.75),
    rests=_raised(CUBE_EDGE / 2)[None],
    symmetries=quarter_turns(),
)
MUG = KnownObject(
    name="mug",
    mesh=_mug_mesh(),
    colour=(0.10, 0.55, 0.30),
    rests=np.stack([np.eye(4), _upside_down(MUG_HEIGHT)]),
    symmetries=np.eye(4)[None],
)
LIBRARY = {thing.name: thing for thing in (T_BLOCK, CUBE, MUG)}
