"""Shapes of things in the robot's surroundings, and what coal makes of them.

Shapes: V vertices, F triangles.
"""

from dataclasses import dataclass

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import numpy as np

from handiwork.errors import BadValue, WrongShape


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box around its frame's origin: full edge lengths x, y, z [m]."""

    size: tuple[float, float, float]

    def __post_init__(self) -> None:
        _positive("Box", "size", self.size)


@dataclass(frozen=True, kw_only=True)
class Sphere:
    """A ball around its frame's origin."""

    radius: float  # [m]

    def __post_init__(self) -> None:
        _positive("Sphere", "radius", (self.radius,))


@dataclass(frozen=True, kw_only=True)
class Cylinder:
    """A cylinder along z with its frame's origin in the middle."""

    radius: float  # [m]
    length: float  # [m]

    def __post_init__(self) -> None:
        _positive("Cylinder", "radius and length", (self.radius, self.length))


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """Triangles: vertices (V, 3) [m], triangles (F, 3) numbers of vertices. Only its skin is solid.

    A robot inside a closed mesh touches nothing; a thing to be kept out of is better a box.
    """

    vertices: np.ndarray
    triangles: np.ndarray

    def __post_init__(self) -> None:
        for what, array in (("vertices", self.vertices), ("triangles", self.triangles)):
            if array.ndim != 2 or array.shape[1] != 3 or not len(array):
                raise WrongShape(f"Mesh.{what}", array.shape, "(N >= 1, 3)")
        if not np.isfinite(self.vertices).all():
            raise BadValue("Mesh", "vertices", "not finite", "numbers", "Check the mesh's file.")
        if self.triangles.min() < 0 or self.triangles.max() >= len(self.vertices):
            raise BadValue(
                "Mesh",
                "triangles",
                int(self.triangles.max()),
                f"numbers from 0 to {len(self.vertices) - 1}",
                "Check the mesh's file.",
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Compound:
    """Several shapes in one frame, as one thing: pairs of shape_from_part (4, 4) [m] and a part."""

    parts: tuple[tuple[np.ndarray, "Box | Sphere | Cylinder | Mesh"], ...]

    def __post_init__(self) -> None:
        if not self.parts:
            raise BadValue(
                "Compound", "parts", (), "at least one", "Check who described the shape."
            )


Shape = Box | Sphere | Cylinder | Mesh | Compound


def parts_of(shape: Shape) -> list[tuple[np.ndarray, coal.CollisionGeometry]]:
    """The shape for coal: shape_from_part (4, 4) [m] and a geometry, once or more."""
    if isinstance(shape, Compound):
        return [(pose, _geometry(part)) for pose, part in shape.parts]
    return [(np.eye(4), _geometry(shape))]


def _geometry(shape: Box | Sphere | Cylinder | Mesh) -> coal.CollisionGeometry:
    match shape:
        case Box(size=size):
            return coal.Box(*size)
        case Sphere(radius=radius):
            return coal.Sphere(radius)
        case Cylinder(radius=radius, length=length):
            return coal.Cylinder(radius, length)
        case Mesh(vertices=vertices, triangles=triangles):
            return _mesh(vertices, triangles)


def _mesh(vertices: np.ndarray, triangles: np.ndarray) -> coal.BVHModelOBBRSS:
    points = coal.StdVec_Vec3s()
    for vertex in np.asarray(vertices, float):
        points.append(vertex)
    faces = coal.StdVec_Triangle()
    for a, b, c in triangles.tolist():
        faces.append(coal.Triangle(a, b, c))
    mesh = coal.BVHModelOBBRSS()
    mesh.beginModel(len(triangles), len(vertices))
    mesh.addSubModel(points, faces)
    mesh.endModel()
    return mesh


def _positive(shape: str, field: str, values: tuple[float, ...]) -> None:
    if not all(np.isfinite(value) and value > 0 for value in values):
        raise BadValue(shape, field, values, "lengths above 0 m", "Check who described the shape.")
