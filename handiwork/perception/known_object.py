"""An object that can be found: its surface, how it may rest, and which turns nobody can see.

Shapes: poses are (4, 4) [m]; S symmetries, R rests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations, product

import numpy as np

from handiwork.errors import UnknownName
from handiwork.perception.surface import Surface, SurfaceField, sampled
from handiwork.planning.shapes import Mesh

FEW = 1200  # points of a sketch


@dataclass(frozen=True, kw_only=True, eq=False)
class KnownObject:
    """colour: its red, green, blue, 0 to 1. rests: (R, 4, 4) its poses on a table whose top is
    z = 0, turns about z left out. symmetries: (S, 4, 4) motions that leave its shape as it is,
    none among them included.
    """

    name: str
    mesh: Mesh
    colour: tuple[float, float, float]
    rests: np.ndarray
    symmetries: np.ndarray

    @cached_property
    def surface(self) -> Surface:
        """Its points."""
        return sampled(self.mesh)

    @cached_property
    def sketch(self) -> Surface:
        """Few of its points, for what is asked at many poses."""
        every = max(len(self.surface.points) // FEW, 1)
        return Surface(points=self.surface.points[::every], normals=self.surface.normals[::every])

    @cached_property
    def field(self) -> SurfaceField:
        """Where they are nearest; takes a moment to make."""
        return SurfaceField(self.surface)


def known(library: Mapping[str, KnownObject], name: str) -> KnownObject:
    """The object of that name.

    Raises:
        UnknownName: the library has none; the message lists what it has.
    """
    if name not in library:
        raise UnknownName("object", name, library, "Add its mesh to the library, or ask for these.")
    return library[name]


def pose_difference(
    estimated: np.ndarray, truth: np.ndarray, symmetries: np.ndarray
) -> tuple[float, float]:
    """Distance [m] and turn [rad] between two poses (4, 4), to the nearest of the poses that look
    like the truth: truth @ symmetry, (S, 4, 4).
    """
    alike = truth @ symmetries
    traces = np.einsum("ij,sij->s", estimated[:3, :3], alike[:, :3, :3])
    turns = np.arccos(np.clip((traces - 1) / 2, -1, 1))
    best = int(turns.argmin())
    return float(np.linalg.norm(estimated[:3, 3] - alike[best, :3, 3])), float(turns[best])


def quarter_turns() -> np.ndarray:
    """(24, 4, 4) the turns that leave a cube about its middle as it is."""
    turns = []
    for order in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            turn = np.zeros((3, 3))
            turn[range(3), order] = signs
            if np.linalg.det(turn) > 0:
                turns.append(turn)
    poses = np.tile(np.eye(4), (len(turns), 1, 1))
    poses[:, :3, :3] = turns
    return poses
