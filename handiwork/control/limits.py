"""What joints may be asked to do, as arrays. Shapes: J joints."""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape
from handiwork.robots.robot import Robot


@dataclass(frozen=True, kw_only=True, eq=False)
class Limits:
    """Limits of J joints: (J,) [rad], [rad], [rad/s], [rad/s^2], [rad/s^3]."""

    names: tuple[str, ...]
    lower: np.ndarray
    upper: np.ndarray
    velocity: np.ndarray
    acceleration: np.ndarray
    jerk: np.ndarray

    def __post_init__(self) -> None:
        want = (len(self.names),)
        for what in ("lower", "upper", "velocity", "acceleration", "jerk"):
            got = getattr(self, what).shape
            if got != want:
                raise WrongShape(f"Limits.{what}", got, str(want))

    @staticmethod
    def of(robot: Robot) -> "Limits":
        """The limits of a robot's joints."""
        return Limits(
            names=robot.names,
            lower=robot.lower,
            upper=robot.upper,
            velocity=robot.velocity,
            acceleration=robot.acceleration,
            jerk=robot.jerk,
        )
