"""How far a planned motion keeps the robot from itself, so that the gate lets it pass.

The gate stops an arm that comes nearer to itself than its margin, and then nothing moves until
somebody enables it. So pairs of the robot's own bodies are kept a little further apart than that;
but not those that are near each other at home already, which the gate only keeps from touching.

Shapes: P pairs of bodies, J joints.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.robots.robot import Robot
from handiwork.safety.body_watch import Margins

BEYOND_STOP = 0.001  # [m]


def clearance_of(robot: Robot, world: CollisionWorld) -> np.ndarray:
    """(P,) [m] that each pair keeps; 0 for things of the scene, and for what is near at home."""
    margins, own = Margins(), world.own_pairs
    home = robot.home[[robot.names.index(name) for name in world.joints]]
    near = pair_distances(world, home, own) < margins.near
    return np.where(own & ~near, margins.stop + BEYOND_STOP, 0.0)


def pair_distances(world: CollisionWorld, positions: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """(P,) [m] at (G,) [rad], infinite where `pairs` (P,) of bool leaves one out."""
    data, placed = world.model.createData(), world.geometry.createData()
    q = world.configuration(positions)
    pin.updateGeometryPlacements(world.model, data, world.geometry, placed, q)
    distances = np.full(len(world.pairs), np.inf)
    for pair in np.flatnonzero(pairs).tolist():
        distances[pair] = pin.computeDistance(world.geometry, placed, pair).min_distance
    return distances
