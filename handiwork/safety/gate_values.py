"""What the gate is told, what it lets go, and what is kept of both. Shapes: J joints."""

from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.safety.latch import GateState


@dataclass(frozen=True, kw_only=True)
class GateConfig:
    """How patient the gate is.

    period: of the loop [s]; stands in where the clock cannot be believed.
    near: what is wanted must come this near before it is followed after an enable [rad].
    resting: an arm that is further from where it was held was moved, and starts from there [rad].
    """

    period: float = 0.002
    largest_tick: float = 0.1  # [s] a longer silence of the loop, or a clock ahead, is a stop
    command_age: float = 0.1  # [s] without a command while something moves
    state_age: float = 0.1  # [s] of the measured state
    near: float = 0.05
    resting: float = 0.02

    def __post_init__(self) -> None:
        if min(self.period, self.command_age, self.state_age, self.near, self.resting) <= 0:
            raise ValueError(f"every number of a GateConfig must be positive, got {self}")
        if not self.largest_tick > self.period:
            raise ValueError(
                f"largest_tick must be above period={self.period} s, got {self.largest_tick}"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class GatedCommand:
    """What goes over the wire: (J,) [rad], [rad/s], [rad/s^2].

    reason: why it is not what was asked; None where it is, to the last bit.
    """

    position: np.ndarray
    velocity: np.ndarray
    acceleration: np.ndarray
    reason: str | None
    state: GateState


@dataclass(frozen=True, kw_only=True, eq=False)
class GateRecord:
    """One tick: what was asked for `time` [s], None where nothing was, and what was sent."""

    time: float
    asked: JointSample | None
    sent: GatedCommand
