"""Asks coal about one posture of a world at a time: do any two bodies come nearer than they may?

Bounding boxes of all bodies first, then GJK on the pairs whose boxes meet. With a few dozen bodies,
comparing all boxes costs half of what keeping a tree of them does: 15 us against 28 us a posture
for a Panda among 7 boxes, 10 against 21 us for a WidowX AI.

Source: Montaut et al., GJK++, IEEE Trans. Robotics 40, 2024, doi:10.1109/TRO.2024.3386370 (coal).
Shapes: G joints of the group, P pairs of bodies.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld


class Postures:
    """pinocchio's and coal's work space for one world."""

    def __init__(self, world: CollisionWorld) -> None:
        self.world = world
        self._model, self._data = world.model, world.model.createData()
        self._geometry, self._placed = world.geometry, world.geometry.createData()
        for request in self._placed.collisionRequests:  # where they touch is not asked
            request.enable_contact = False
        self._boxes = pin.BroadPhaseManager_NaiveCollisionManager(
            self._model, self._geometry, self._placed
        )

    def require(self, apart: np.ndarray | float) -> None:
        """From now on pairs count as touching below these distances (P,) [m] more than their
        clearance.
        """
        first, second = self.world.pairs.T
        margins = np.zeros((self._geometry.ngeoms, self._geometry.ngeoms))
        margins[first, second] = margins[second, first] = apart + self.world.clearance
        self._placed.setSecurityMargins(self._geometry, margins, True, True)

    def touching(self, positions: np.ndarray) -> bool:
        """Whether any pair touches, or is nearer than required, at (G,) [rad]."""
        q = self.world.configuration(positions)
        return pin.computeCollisions(self._model, self._data, self._boxes, q, True)
