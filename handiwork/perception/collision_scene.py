"""What the camera sees as obstacles for the planner: the table, known objects, and boxes round the
rest.

Shapes: N points of a thing.
"""

from collections.abc import Mapping

import numpy as np

from handiwork.perception.known_object import KnownObject
from handiwork.perception.object_tracker import Seen
from handiwork.perception.sighting import Sighting
from handiwork.planning.scene import Obstacle, Scene
from handiwork.planning.shapes import Box

THICKNESS = 0.02  # [m] of the table's top, which is seen from above only
CLEAR = 0.002  # [m] that the table's top is lowered, so that what stands on it does not touch it
PADDING = 0.005  # [m] around a thing that is not known


def collision_scene(sighting: Sighting, seen: Seen, library: Mapping[str, KnownObject]) -> Scene:
    """Obstacles in base: `table` where the box of the cloud holds it, objects by their names, other
    things as `thing_0`, `thing_1`, ...
    """
    obstacles = [_table(sighting)]
    for name, pose in seen.found.items():
        vertices = library[name].mesh.vertices
        low, high = vertices.min(axis=0), vertices.max(axis=0)
        middle = np.eye(4)
        middle[:3, 3] = (low + high) / 2
        obstacles.append(_box(name, pose.base_from_object @ middle, high - low))
    unknown = [thing for thing in range(sighting.things) if thing not in seen.thing_of.values()]
    for number, thing in enumerate(unknown):
        points = sighting.points_of(thing)
        if len(points):
            obstacles.append(_around(f"thing_{number}", sighting, points))
    return Scene(obstacles=tuple(obstacles))


def _table(sighting: Sighting) -> Obstacle:
    """A slab under all that is seen of the table's top."""
    frame = sighting.table.base_from_table
    level = np.abs(sighting.table.heights(sighting.cloud.points)) < THICKNESS
    places = (sighting.cloud.points[level] - frame[:3, 3]) @ frame[:3, :3]
    low, high = places[:, :2].min(axis=0), places[:, :2].max(axis=0)
    middle = np.eye(4)
    middle[:3, 3] = [*((low + high) / 2), -THICKNESS / 2 - CLEAR]
    return _box("table", frame @ middle, np.array([*(high - low), THICKNESS]))


def _around(name: str, sighting: Sighting, points: np.ndarray) -> Obstacle:
    """The least box on the table that holds points (N, 3), its walls along the thing's own axes."""
    frame = sighting.table.base_from_table
    places = (points - frame[:3, 3]) @ frame[:3, :3]
    _, axes = np.linalg.eigh(np.cov(places[:, :2].T) + 1e-12 * np.eye(2))
    along = axes[:, 1]
    turn = np.eye(4)
    turn[:2, :2] = np.column_stack([along, [-along[1], along[0]]])
    places = places @ turn[:3, :3]
    low, high = places.min(axis=0) - PADDING, places.max(axis=0) + PADDING
    low[2] = 0.0
    middle = np.eye(4)
    middle[:3, 3] = (low + high) / 2
    return _box(name, frame @ turn @ middle, high - low)


def _box(name: str, pose: np.ndarray, size: np.ndarray) -> Obstacle:
    x, y, z = size.tolist()
    return Obstacle(name=name, shape=Box(size=(x, y, z)), base_from_shape=pose)
