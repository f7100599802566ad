"""What a world's cameras add to an observation: nothing, pictures, or points.

Shapes: C cameras, N points.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from collections.abc import Callable, Mapping
from typing import Protocol

import mujoco
import numpy as np

from handiwork.sim.manipulation.camera import camera_of
from handiwork.sim.manipulation.scene import SCENE_CAMERA, WRIST_CAMERA
from handiwork.sim.manipulation.task import Task

CAMERAS = (SCENE_CAMERA, WRIST_CAMERA)
SIDE = 84  # [px] of a square picture
POINTS = 512
POINTS_SIZE = (240, 180)  # [px] width, height of the depth picture that points come from
# The work area that points are taken from [m] in base; the table's top is left out.
AREA_LOW, AREA_HIGH = np.array([0.25, -0.36, 0.004]), np.array([0.72, 0.36, 0.25])


class Sight(Protocol):
    """What is seen of the present state of a scene."""

    def see(self) -> dict[str, np.ndarray]:
        """Arrays of an observation, by name."""
        ...


class Nothing:
    """No cameras."""

    def __init__(self, task: Task, data: mujoco.MjData) -> None:
        pass

    def see(self) -> dict[str, np.ndarray]:
        """No arrays."""
        return {}


class Pictures:
    """A picture from the scene camera and one from the wrist camera."""

    def __init__(self, task: Task, data: mujoco.MjData) -> None:
        self._camera, self._data = camera_of(task, SIDE, SIDE), data

    def see(self) -> dict[str, np.ndarray]:
        """image (2, 84, 84, 3) uint8: scene, wrist."""
        return {"image": np.stack([self._camera.colour(self._data, name) for name in CAMERAS])}


class Points:
    """Points on the surfaces that the scene camera sees in the work area, without the table.

    Which are kept where there are more than enough follows from a fixed order of the pixels, so
    that equal pictures give equal points.
    """

    def __init__(self, task: Task, data: mujoco.MjData) -> None:
        self._camera, self._data = camera_of(task, *POINTS_SIZE), data
        pixels = POINTS_SIZE[0] * POINTS_SIZE[1]
        self._order = np.random.default_rng(0).permutation(pixels)

    def see(self) -> dict[str, np.ndarray]:
        """points (512, 3) float32 [m] in base; all at its origin where nothing is seen."""
        points = self._camera.points(self._data, SCENE_CAMERA)[self._order]
        inside = points[((points > AREA_LOW) & (points < AREA_HIGH)).all(axis=1)]
        if not len(inside):
            return {"points": np.zeros((POINTS, 3), np.float32)}
        return {"points": np.resize(inside, (POINTS, 3)).astype(np.float32)}


SIGHTS: Mapping[str, Callable[[Task, mujoco.MjData], Sight]] = {
    "state": Nothing,
    "image": Pictures,
    "points": Points,
}
