"""The path of a point that a spring and a damper pull towards targets, no harder than allowed.

Source: gym-pusht 0.1.8 (the agent of the Push-T demonstrations): semi-implicit Euler steps. The
bound on the acceleration is ours: the arm cannot follow a target that jumps across the table.
Shapes: K substeps, D dimensions.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter


@dataclass(frozen=True, kw_only=True)
class Spring:
    """Per unit of mass, and the step of the integration.

    strongest: bound on the length of the acceleration, for the whole point.
    """

    stiffness: float  # [1/s^2]
    damping: float  # [1/s]
    substep: float  # [s]
    strongest: float = math.inf  # [m/s^2]

    def __post_init__(self) -> None:
        if min(self.stiffness, self.damping, self.substep, self.strongest) <= 0:
            raise ValueError(f"every number of a Spring must be positive, got {self}")

    def path(self, targets: np.ndarray, position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
        """Positions after each substep, (K, D), for the target in force during it, (K, D).

        Each step is a = k (target - x) - d v, v += h a, x += h v.

        Args:
            targets: (K, D), one per substep.
            position, velocity: (D,) before the first substep.
        """
        path = self._free(targets, position, velocity)
        start = [position - self.substep * velocity, position]
        accelerations = np.diff(np.vstack([start, path]), 2, axis=0) / self.substep**2
        if (np.square(accelerations).sum(axis=1) <= self.strongest**2).all():
            return path
        return self._bounded(targets, position, velocity)

    def _free(self, targets: np.ndarray, position: np.ndarray, velocity: np.ndarray) -> np.ndarray:
        """The path without the bound: a linear recurrence, so a filter.

        Without v the step is x' - x = (1 - h d) (x - x_before) + h^2 k (target - x).
        """
        pull = self.substep**2 * self.stiffness
        keep = 1 - self.substep * self.damping
        before = position - self.substep * velocity
        # The filter's memory that stands for the two positions before the first substep.
        memory = np.stack([(1 + keep - pull) * position - keep * before, -keep * position])
        path, _ = lfilter([pull], [1.0, -(1 + keep - pull), keep], targets, axis=0, zi=memory)
        return path

    def _bounded(
        self, targets: np.ndarray, position: np.ndarray, velocity: np.ndarray
    ) -> np.ndarray:
        """The path with the bound; plain numbers, which are faster than small arrays."""
        here, speed = position.tolist(), velocity.tolist()
        path = []
        for target in targets.tolist():
            pull = [
                self.stiffness * (there - x) - self.damping * v
                for there, x, v in zip(target, here, speed, strict=True)
            ]
            share = self.substep * min(1.0, self.strongest / (math.hypot(*pull) or 1.0))
            speed = [v + share * a for v, a in zip(speed, pull, strict=True)]
            here = [x + self.substep * v for x, v in zip(here, speed, strict=True)]
            path.append(here)
        return np.array(path)
