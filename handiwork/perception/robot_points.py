"""Which points of a cloud are the robot itself: those in, or within a margin of, its bodies.

Bodies are the convex collision shapes of its model, at the joint positions of the picture's stamp.
A point is near a convex body if it is behind all of its faces, each moved out by the margin.

Source: pinocchio 4.1 for placements, coal 3.0 for the shapes.
Shapes: N points, J joints, F faces of a body.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
from scipy.spatial import ConvexHull

from handiwork.planning.light_hulls import light_geometry
from handiwork.planning.scene import Attached
from handiwork.planning.shapes import parts_of
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot

# [m] for the camera's noise, the calibration's error, and bodies that stand out of their collision
# shapes: on the WidowX AI by up to 22 mm at the shoulder.
MARGIN = 0.025
FACES = 96  # directions that a round body gets faces in


@dataclass(frozen=True, kw_only=True, eq=False)
class _Faces:
    """A convex body: normals (F, 3) and distances (F,) from its frame's origin [m]; the ball that
    holds it: middle (3,), radius [m]; the joint it moves with, and its place there.
    """

    normals: np.ndarray
    distances: np.ndarray
    middle: np.ndarray
    radius: float
    joint: int
    joint_from_body: pin.SE3


class RobotPoints:
    """Finds a robot's own points. Not thread safe: holds pinocchio's work space."""

    def __init__(
        self, robot: Robot, attached: Sequence[Attached] = (), margin: float = MARGIN
    ) -> None:
        """attached: what it holds; margin: around bodies that counts as the robot too [m]."""
        self._body, self._margin = body_of(robot), margin
        self._data = self._body.model.createData()
        shapes = light_geometry(self._body).geometryObjects
        self._faces = [
            _faces(shape.geometry, shape.parentJoint, shape.placement) for shape in shapes
        ]
        for thing in attached:
            link = self._body.model.frames[self._body.model.getFrameId(thing.link)]
            for pose, geometry in parts_of(thing.shape):
                place = link.placement * pin.SE3(thing.link_from_shape) * pin.SE3(pose)
                self._faces.append(_faces(geometry, link.parentJoint, place))

    def among(self, points: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """(N,) bool of points (N, 3) in base [m], at joint positions (J,) [rad]."""
        configuration = self._body.configuration(positions)
        pin.forwardKinematics(self._body.model, self._data, configuration)
        found, height = np.zeros(len(points), bool), np.ascontiguousarray(points[:, 2])
        for body in self._faces:
            place = self._data.oMi[body.joint] * body.joint_from_body
            middle, reach = place.act(body.middle), body.radius + self._margin
            near = np.flatnonzero(np.abs(height - middle[2]) < reach)  # a table is quickly out
            off = points[near] - middle
            near = near[np.einsum("ij,ij->i", off, off) < reach * reach]
            if not len(near):
                continue
            inside = (points[near] - place.translation) @ place.rotation
            outside_by = (inside @ body.normals.T - body.distances).max(axis=1)
            found[near[outside_by < self._margin]] = True
        return found


def _faces(geometry: coal.CollisionGeometry, joint: int, place: pin.SE3) -> _Faces:
    normals, distances = _halfspaces(geometry)
    geometry.computeLocalAABB()
    return _Faces(
        normals=normals,
        distances=distances,
        middle=np.array(geometry.aabb_center),
        radius=float(geometry.aabb_radius),
        joint=joint,
        joint_from_body=pin.SE3(place),
    )


def _halfspaces(geometry: coal.CollisionGeometry) -> tuple[np.ndarray, np.ndarray]:
    """Outward normals (F, 3) and distances (F,) [m] whose common inside holds the body."""
    if isinstance(geometry, coal.Convex):
        hull = ConvexHull(np.array(geometry.points()))
        equations = np.unique(hull.equations.round(9), axis=0)
        return equations[:, :3], -equations[:, 3] + geometry.getSweptSphereRadius()
    if isinstance(geometry, coal.BVHModelBase):  # a body that is kept hollow: its hull
        equations = ConvexHull(np.array(geometry.vertices())).equations
        return equations[:, :3], -equations[:, 3]
    if isinstance(geometry, coal.Box):
        normals = np.vstack([np.eye(3), -np.eye(3)])
        return normals, np.tile(np.array(geometry.halfSide), 2)
    normals = _directions()
    if isinstance(geometry, coal.Sphere):
        return normals, np.full(len(normals), geometry.radius)
    if isinstance(geometry, coal.Capsule):
        return normals, geometry.radius + geometry.halfLength * np.abs(normals[:, 2])
    if isinstance(geometry, coal.Cylinder):
        level = np.hypot(normals[:, 0], normals[:, 1])
        normals = np.vstack([normals, [[0, 0, 1.0], [0, 0, -1.0]]])
        sides = geometry.radius * level + geometry.halfLength * np.abs(normals[:-2, 2])
        return normals, np.append(sides, [geometry.halfLength] * 2)
    raise TypeError(f"a robot's body of {type(geometry).__name__} has no faces here")


def _directions() -> np.ndarray:
    """(FACES, 3) unit vectors on a Fibonacci spiral."""
    number = np.arange(FACES) + 0.5
    height = 1 - 2 * number / FACES
    angle = np.pi * (1 + 5**0.5) * number
    across = np.sqrt(1 - height**2)
    return np.stack([across * np.cos(angle), across * np.sin(angle), height], 1)
