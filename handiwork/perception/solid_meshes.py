"""Closed surfaces of simple things, made of triangles whose outside is on their left.

Shapes: V vertices, F triangles, C corners of an outline, S stations along a path.
"""

import numpy as np
import shapely
from scipy.spatial import Delaunay

from handiwork.planning.shapes import Mesh


def box(size: tuple[float, float, float]) -> Mesh:
    """Around its frame's origin: full edge lengths x, y, z [m]."""
    x, y, z = np.array(size) / 2
    outline = np.array([(-x, -y), (x, -y), (x, y), (-x, y)])
    return prism(outline, -z, z)


def prism(outline: np.ndarray, low: float, high: float) -> Mesh:
    """An outline (C, 2) in x and y, counter-clockwise or not, from height `low` to `high` [m]."""
    polygon = shapely.orient_polygons(shapely.Polygon(outline))
    corners = shapely.get_coordinates(polygon.exterior)[:-1]
    count = len(corners)
    lid = Delaunay(corners).simplices
    middles = corners[lid].mean(axis=1)
    lid = lid[shapely.contains_xy(polygon, middles[:, 0], middles[:, 1])]
    a, b, c = np.moveaxis(corners[lid], 1, 0)
    turned = np.linalg.det(np.stack([b - a, c - a], axis=1)) < 0
    lid[turned] = lid[turned][:, ::-1]
    here, after = np.arange(count), np.roll(np.arange(count), -1)
    walls = np.vstack(
        [
            np.column_stack([here, after, after + count]),
            np.column_stack([here, after + count, here + count]),
        ]
    )
    vertices = np.vstack(
        [np.column_stack([corners, np.full(count, height)]) for height in (low, high)]
    )
    return Mesh(vertices=vertices, triangles=np.vstack([lid[:, ::-1], lid + count, walls]))


def turned(profile: np.ndarray, sides: int = 64) -> Mesh:
    """What a closed profile (C, 2) of radius and height [m] sweeps about z; it goes up outside, and
    radii of zero lie on the axis.
    """
    angles = 2 * np.pi * np.arange(sides) / sides
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=-1)  # (sides, 2)
    rings = profile[:, :1, None] * ring  # (C, sides, 2)
    height = np.broadcast_to(profile[:, 1, None, None], (*rings.shape[:2], 1))
    vertices = np.concatenate([rings, height], axis=2)
    return _tube(vertices)


def swept(path: np.ndarray, radius: float, sides: int = 12) -> Mesh:
    """A round bar along a path (S, 3) in the plane of x and z [m], open at its ends."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.array([0.0, 1.0, 0.0])
    other = np.cross(along, across)  # (S, 3)
    angles = 2 * np.pi * np.arange(sides) / sides
    rings = path[:, None] + radius * (
        np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * other[:, None]
    )
    return _tube(rings, closed=False)


def joined(*meshes: Mesh) -> Mesh:
    """Several as one."""
    before = np.cumsum([0, *(len(mesh.vertices) for mesh in meshes[:-1])])
    return Mesh(
        vertices=np.vstack([mesh.vertices for mesh in meshes]),
        triangles=np.vstack(
            [mesh.triangles + start for mesh, start in zip(meshes, before, strict=True)]
        ),
    )


def _tube(rings: np.ndarray, closed: bool = True) -> Mesh:
    """Rings (S, sides, 3) one after the other, the last joined to the first where closed."""
    stations, sides = rings.shape[:2]
    number = np.arange(stations * sides).reshape(stations, sides)
    here = number if closed else number[:-1]
    ahead = np.roll(number, -1, axis=0) if closed else number[1:]
    beside, ahead_beside = np.roll(here, -1, axis=1), np.roll(ahead, -1, axis=1)
    triangles = np.concatenate(
        [
            np.stack([here, beside, ahead_beside], axis=-1).reshape(-1, 3),
            np.stack([here, ahead_beside, ahead], axis=-1).reshape(-1, 3),
        ]
    )
    vertices = rings.reshape(-1, 3)
    a, b, c = np.moveaxis(vertices[triangles], 1, 0)
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return Mesh(vertices=vertices, triangles=triangles[area > 1e-12])
