"""The path of a point that a spring and a damper pull towards targets, no harder than allowed.

Source: gym-pusht 0.1.8 (the agent of the Push-T demonstrations): semi-implicit Euler steps. The
bound on the acceleration is ours: the arm cannot follow a target that jumps across the table.
Shapes: K substeps, D dimensions.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np


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
        """The path without the bound: linear in targets and start, so a sum of responses."""
        impulse, from_position, from_velocity = _responses(self, len(targets))
        pulled = [np.convolve(impulse, axis)[: len(targets)] for axis in targets.T]
        return (
            np.stack(pulled, axis=1)
            + from_position[:, None] * position
            + from_velocity[:, None] * velocity
        )

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


@lru_cache(maxsize=16)
def _responses(spring: Spring, steps: int) -> np.ndarray:
    """(3, K) paths from rest at 0 with target 1 in the first substep only; from position 1; from
    velocity 1, both with target 0.
    """
    state = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])  # position, velocity of the three
    target = np.array([1.0, 0.0, 0.0])
    paths = np.empty((3, steps))
    for step in range(steps):
        pull = spring.stiffness * (target - state[0]) - spring.damping * state[1]
        state[1] += spring.substep * pull
        state[0] += spring.substep * state[1]
        paths[:, step] = state[0]
        target = np.zeros(3)
    return paths
