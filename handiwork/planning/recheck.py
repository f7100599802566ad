"""A path looked at again, densely and by other means than it was found and proven with.

The hulls are the full ones, boxes are kept in coal's tree, and postures are evenly spaced: slow,
simple, and nothing is taken for granted.

Shapes: N points of a path, G joints of the group, T postures on it.
"""

from itertools import pairwise

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.scene import Scene
from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot

STEP = 1e-3  # [rad]


class Recheck:
    """Looks at paths of one group of a robot in one scene."""

    def __init__(
        self,
        robot: Robot,
        scene: Scene,
        group: str | None = None,
        positions: np.ndarray | None = None,
    ) -> None:
        """Joints outside the group stay at `positions` (J,) [rad]; at home if not given."""
        body, joints = body_of(robot), robot.group(group).joints
        resting = body.configuration(robot.home if positions is None else positions)
        self.world = CollisionWorld(body.model, body.geometry, joints, resting, scene)
        self._data = self.world.model.createData()
        self._tree = pin.BroadPhaseManager_DynamicAABBTreeCollisionManager(
            self.world.model, self.world.geometry, self.world.geometry.createData()
        )

    def first_touch(self, path: np.ndarray, step: float = STEP) -> np.ndarray | None:
        """The first posture (G,) [rad] on a path (N, G) in which something touches, or None."""
        for posture in postures_along(path, step):
            q = self.world.configuration(posture)
            if pin.computeCollisions(self.world.model, self._data, self._tree, q, True):
                return posture
        return None


def postures_along(path: np.ndarray, step: float) -> np.ndarray:
    """(T, G) postures on the straight pieces of a path (N, G), no joint moving further [rad]."""
    pieces = [path[:1]]
    for start, end in pairwise(path):
        parts = max(1, int(np.ceil(np.abs(end - start).max() / step)))
        shares = np.arange(1, parts + 1)[:, None] / parts
        pieces.append(start + shares * (end - start))
    return np.concatenate(pieces)
