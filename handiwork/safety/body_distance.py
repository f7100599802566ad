"""How near a robot comes to itself and to things in its scene, for the gate to watch.

One distance takes about 0.1 ms for WidowX AI (46 pairs), 0.2 ms for FR3 (46), 1 ms for the G1
(525), of one core of a 2-core server. The G1 is looked at every 50 ms rather than every 20.

Shapes: J joints.
"""

import math
from collections.abc import Mapping

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import Body
from handiwork.safety.volumes import Ball
from handiwork.safety.workspace import Workspace

_FEW = 150  # pairs that are quicker taken all at once than sorted


class BodyDistance:
    """Least distance [m] of joint positions (J,) [rad]; negative by how deep shapes overlap.

    Over all pairs of the robot's shapes that can touch, and each moving shape with each thing.
    """

    def __init__(
        self,
        body: Body,
        things: Mapping[str, Workspace | Ball] | None = None,
        far: float = math.inf,
        only: np.ndarray | None = None,
    ) -> None:
        """Args:
        things: boxes and balls in the base frame [m], by name.
        far: larger distances are all alike, and so are taken for this one [m].
        only: (P,) of bool: those of the pairs that count, as `pair_distances` has them.
        """
        self._body, self._far = body, far
        self._geometry = body.geometry.copy()
        own = list(enumerate(self._geometry.geometryObjects))
        for name, thing in (things or {}).items():
            number = self._geometry.addGeometryObject(_shape(name, thing))
            for other, shape in own:
                if shape.parentJoint:
                    self._geometry.addCollisionPair(pin.CollisionPair(other, number))
        if only is not None:
            known = list(self._geometry.collisionPairs)
            pairs = [pair for pair, kept in zip(known, only, strict=True) if kept]
            self._geometry.removeAllCollisionPairs()
            for pair in pairs:
                self._geometry.addCollisionPair(pair)
        self._pairs = np.array([(p.first, p.second) for p in self._geometry.collisionPairs])
        shapes = [shape.geometry for shape in self._geometry.geometryObjects]
        for shape in shapes:
            shape.computeLocalAABB()
        self._middles = [shape.aabb_center.copy() for shape in shapes]
        self._radii = np.array([shape.aabb_radius for shape in shapes])
        self._model_data = body.model.createData()
        self._data = pin.GeometryData(self._geometry)

    def __call__(self, positions: np.ndarray) -> float:
        """[m] between the two nearest shapes, at most `far`."""
        return self._nearest(positions)[0]

    def nearest(self, positions: np.ndarray) -> tuple[str, str] | None:
        """Names of the two nearest shapes at (J,) [rad]; None where all are far."""
        pair = self._nearest(positions)[1]
        if pair is None:
            return None
        shapes = self._geometry.geometryObjects
        first, second = self._pairs[pair].tolist()
        return shapes[first].name, shapes[second].name

    def pair_distances(self, positions: np.ndarray) -> np.ndarray:
        """(P,) [m] of every pair at (J,) [rad]."""
        configuration = self._body.configuration(positions)
        pin.computeDistances(
            self._body.model, self._model_data, self._geometry, self._data, configuration
        )
        return np.array([result.min_distance for result in self._data.distanceResults])

    def _nearest(self, positions: np.ndarray) -> tuple[float, int | None]:
        configuration = self._body.configuration(positions)
        model, data = self._body.model, self._model_data
        if len(self._pairs) <= _FEW:
            pair = pin.computeDistances(model, data, self._geometry, self._data, configuration)
            distance = self._data.distanceResults[pair].min_distance
            return (distance, pair) if distance < self._far else (self._far, None)
        pin.updateGeometryPlacements(model, data, self._geometry, self._data, configuration)
        return self._nearest_of_many()

    def _nearest_of_many(self) -> tuple[float, int | None]:
        """Pairs in the order of the gaps between balls round them, until none can be nearer."""
        gaps = self._gaps()
        least, nearest = self._far, None
        for pair in np.argsort(gaps).tolist():
            if gaps[pair] >= least:
                break
            distance = pin.computeDistance(self._geometry, self._data, pair).min_distance
            if distance < least:
                least, nearest = distance, pair
        return least, nearest

    def _gaps(self) -> np.ndarray:
        """[m] between the balls round the shapes of each pair."""
        places = zip(self._data.oMg, self._middles, strict=True)
        middles = np.array([place.act(middle) for place, middle in places])
        first, second = self._pairs.T
        between = middles[first] - middles[second]
        apart = np.sqrt(np.einsum("ij,ij->i", between, between))
        return apart - self._radii[first] - self._radii[second]


def _shape(name: str, thing: Workspace | Ball) -> pin.GeometryObject:
    """A thing as coal sees it, fixed to the base."""
    if isinstance(thing, Ball):
        return pin.GeometryObject(
            name, 0, pin.SE3(np.eye(3), np.array(thing.centre)), coal.Sphere(thing.radius)
        )
    lower, upper = np.array(thing.lower), np.array(thing.upper)
    return pin.GeometryObject(
        name, 0, pin.SE3(np.eye(3), (lower + upper) / 2), coal.Box(*(upper - lower).tolist())
    )
