"""The audit of what went over the wire: it knows nothing of how the commands were made.

Shapes: J joints, T instants.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.control.limits import Limits
from handiwork.errors import WrongShape

POSITION_ROUNDING = 1e-4  # [rad] of a position limit


@dataclass(frozen=True, kw_only=True)
class Audit:
    """Samples of a command log outside each kind of limit, and the worst of each as a share of it.

    position, velocity, acceleration, jerk: counts of values over a limit, over all joints.
    position_steps: changes between two samples that the velocity limit allows by less than half.
    velocity_steps: changes of velocity that the acceleration limit allows by less than half.
    worst: the largest velocity, acceleration and jerk as a share of their limits.
    """

    samples: int
    position: int
    velocity: int
    acceleration: int
    jerk: int
    position_steps: int
    velocity_steps: int
    worst: tuple[float, float, float]

    @property
    def violations(self) -> int:
        """Values outside position, velocity, acceleration or jerk limits."""
        return self.position + self.velocity + self.acceleration + self.jerk

    @property
    def steps(self) -> int:
        """Jumps of position or of velocity."""
        return self.position_steps + self.velocity_steps


def audit(
    times: np.ndarray,
    positions: np.ndarray,
    limits: Limits,
    tolerance: float = 0.01,
) -> Audit:
    """Count what a log of commanded positions did outside the limits.

    Derivatives are divided differences, which are weighted means of the true derivatives between
    the samples: they never exceed a limit that the true ones keep, evenly sampled or not.

    Args:
        times: (T,) when each command was in force [s], strictly increasing. A log with a reset
            of the arm in it must be cut there.
        positions: (T, J) commanded positions [rad].
        limits: of the J joints.
        tolerance: share of a limit that is forgiven; of positions, 1e-4 rad.
    """
    if positions.shape != (len(times), len(limits.names)) or len(times) < 4:
        raise WrongShape("positions", positions.shape, f"(T >= 4, {len(limits.names)})")
    if not (np.diff(times) > 0).all():
        raise ValueError("times of a command log must be strictly increasing")
    rates = (limits.velocity, limits.acceleration, limits.jerk)
    derivatives = _divided_differences(times, positions)
    shares = [np.abs(d) / limit for d, limit in zip(derivatives, rates, strict=True)]
    over = [int(np.count_nonzero(share > 1 + tolerance)) for share in shares]
    low, high = allowed_positions(limits, positions[0])
    return Audit(
        samples=len(times),
        position=int(np.count_nonzero((positions < low) | (positions > high))),
        velocity=over[0],
        acceleration=over[1],
        jerk=over[2],
        position_steps=int(np.count_nonzero(shares[0] > 2)),
        velocity_steps=int(np.count_nonzero(shares[1] > 2)),
        worst=(float(shares[0].max()), float(shares[1].max()), float(shares[2].max())),
    )


def _divided_differences(times: np.ndarray, positions: np.ndarray) -> list[np.ndarray]:
    """Velocity (T-1, J), acceleration (T-2, J), jerk (T-3, J)."""
    result, value = [], positions
    for order in (1, 2, 3):
        span = (times[order:] - times[:-order])[:, None]
        value = order * np.diff(value, axis=0) / span
        result.append(value)
    return result


def allowed_positions(limits: Limits, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(J,) position bounds, widened to where a joint already is."""
    low = np.minimum(limits.lower, start) - POSITION_ROUNDING
    return low, np.maximum(limits.upper, start) + POSITION_ROUNDING
