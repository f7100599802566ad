"""Convex hulls with few corners that still hold the whole body, so that GJK is quick.

The corners that are furthest out in evenly spread directions are kept; their hull, swept by a ball
as large as any other corner is outside of it, holds all corners and therefore all of the body.

Source: Swinbank & Purser, Q. J. R. Meteorol. Soc. 132, 2006, doi:10.1256/qj.05.227 (directions on
a Fibonacci spiral); coal 3 for swept spheres.
Shapes: D directions, V corners.
"""

from functools import cache

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
from scipy.spatial import ConvexHull

from handiwork.robots.body import Body

_DIRECTIONS = 200
_MANY = 300  # corners, from which on a lighter hull is quicker


@cache
def light_geometry(body: Body) -> pin.GeometryModel:
    """A copy of the body's geometry in which hulls with many corners have few."""
    geometry = body.geometry.copy()
    for shape in geometry.geometryObjects:
        if isinstance(shape.geometry, coal.Convex) and shape.geometry.num_points > _MANY:
            shape.geometry = _lighter(shape.geometry)
    return geometry


def _lighter(hull: coal.Convex) -> coal.Convex:
    corners = np.array(hull.points())
    kept = corners[np.unique((corners @ _directions().T).argmax(0))]
    result = _convex(kept)
    dropped = corners[~(corners[:, None] == kept).all(-1).any(-1)]
    result.setSweptSphereRadius(max((_outside(result, corner) for corner in dropped), default=0.0))
    return result


def _directions() -> np.ndarray:
    """(D, 3) unit vectors, evenly spread."""
    number = np.arange(_DIRECTIONS) + 0.5
    height = 1 - 2 * number / _DIRECTIONS
    angle = np.pi * (1 + 5**0.5) * number
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(angle), across * np.sin(angle), height], 1)


def _convex(corners: np.ndarray) -> coal.Convex:
    points = coal.StdVec_Vec3s()
    for corner in corners:
        points.append(corner)
    faces = coal.StdVec_Triangle()
    hull = ConvexHull(corners)
    for (a, b, c), equation in zip(hull.simplices.tolist(), hull.equations, strict=True):
        normal = np.cross(corners[b] - corners[a], corners[c] - corners[a])
        faces.append(
            coal.Triangle(a, b, c) if normal @ equation[:3] > 0 else coal.Triangle(a, c, b)
        )
    return coal.Convex(points, faces)


def _outside(hull: coal.Convex, corner: np.ndarray) -> float:
    """How far a corner is outside of a hull [m]."""
    result = coal.DistanceResult()
    point = coal.Transform3s(np.eye(3), corner)
    coal.distance(
        hull, coal.Transform3s(), coal.Sphere(1e-9), point, coal.DistanceRequest(), result
    )
    return max(0.0, result.min_distance) + 1e-6
