"""Whether a posture is free; and where it is not, what touches.

Shapes: G joints of the group, P pairs of bodies.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.postures import Postures


class StateChecker:
    """Checks one posture at a time."""

    def __init__(self, world: CollisionWorld) -> None:
        self.world = world
        self.checked = 0  # postures, for measuring
        self._postures = Postures(world)
        self._data, self._placed = world.model.createData(), world.geometry.createData()

    def free(self, positions: np.ndarray) -> bool:
        """Whether nothing touches at (G,) [rad]."""
        self.checked += 1
        return not self._postures.touching(positions)

    def keep_clear(self, clearance: np.ndarray) -> None:
        """From now on pairs nearer than this (P,) [m] count as touching, for all that is asked of
        this world.
        """
        self.world.clearance = clearance
        self._postures.require(0.0)

    def touching(self, positions: np.ndarray) -> tuple[str, str] | None:
        """Names of the first two bodies that touch at (G,) [rad], or are nearer than their
        clearance; None: every pair is tried.
        """
        self._place(positions)
        for pair, clearance in enumerate(self.world.clearance.tolist()):
            if self._distance(pair) <= clearance:
                return self.world.names(pair)
        return None

    def distance(self, positions: np.ndarray) -> float:
        """Least distance between bodies at (G,) [rad], in m; negative where they overlap."""
        self._place(positions)
        pairs = range(len(self.world.pairs))
        return min((self._distance(pair) for pair in pairs), default=np.inf)

    def _distance(self, pair: int) -> float:
        return pin.computeDistance(self.world.geometry, self._placed, pair).min_distance

    def _place(self, positions: np.ndarray) -> None:
        world, q = self.world, self.world.configuration(positions)
        pin.updateGeometryPlacements(world.model, self._data, world.geometry, self._placed, q)
