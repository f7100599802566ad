"""Targets that move smoothly: bounded speed, bounded acceleration, and a stop without overshoot."""

import numpy as np

BRAKING = 0.6  # share of the acceleration that the way to a stop is planned with


def glide(
    position: np.ndarray,
    velocity: np.ndarray,
    goal: np.ndarray,
    speed: float,
    acceleration: float,
    period: float,
    through: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """One period of a point (K,) on its way to a goal.

    speed, acceleration: the highest. through: the goal is passed at speed, not stopped at.

    Returns:
        position and velocity (K,) at the end of the period.
    """
    gap = goal - position
    far = float(np.linalg.norm(gap))
    if far == 0.0:
        wanted = np.zeros_like(gap)
    else:
        stop = speed if through else np.sqrt(2 * BRAKING * acceleration * far)
        wanted = gap / far * min(speed, stop, far / period)
    change = wanted - velocity
    change *= min(1.0, acceleration * period / max(float(np.linalg.norm(change)), 1e-12))
    velocity = velocity + change
    return position + velocity * period, velocity
