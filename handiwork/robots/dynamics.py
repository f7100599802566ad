"""Torques that hold a robot still against gravity.

Source: pinocchio's recursive Newton-Euler (`computeGeneralizedGravity`), masses of the model file.
Shapes: J joints of the robot in its own order.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import body_of
from handiwork.robots.robot import Robot


class Gravity:
    """Gravity of one robot whose base stands upright. Holds pinocchio's work space."""

    def __init__(self, robot: Robot) -> None:
        self._body = body_of(robot)
        self._data = self._body.model.createData()

    def torques(self, positions: np.ndarray) -> np.ndarray:
        """(J,) joint positions [rad] -> (J,) torques [Nm] that the motors must give."""
        configuration = self._body.configuration(positions)
        torques = pin.computeGeneralizedGravity(self._body.model, self._data, configuration)
        return torques[self._body.velocity_columns]
