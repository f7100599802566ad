"""Our joints among pinocchio's: mapped by name, never by order.

Shapes: J of our joints, Q and V entries of pinocchio's configuration and velocity.
"""

from collections.abc import Sequence

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)


class JointMap:
    """Where each of our joints stands in pinocchio's vectors."""

    def __init__(self, model: pin.Model, names: Sequence[str]) -> None:
        joints = [model.joints[model.getJointId(name)] for name in names]
        self.columns = np.array([joint.idx_q for joint in joints])
        self.velocity_columns = np.array([joint.idx_v for joint in joints])
        self._endless = np.array([joint.nq == 2 for joint in joints])
        self._neutral = pin.neutral(model)

    def configuration(self, positions: np.ndarray) -> np.ndarray:
        """(J,) joint positions [rad] -> (Q,): a joint that turns without end by cosine and sine."""
        configuration = self._neutral.copy()
        configuration[self.columns] = positions
        if self._endless.any():
            columns, angles = self.columns[self._endless], np.asarray(positions)[self._endless]
            configuration[columns] = np.cos(angles)
            configuration[columns + 1] = np.sin(angles)
        return configuration
