"""Where a flat-lying object is on the table, how sure that is, and how far off it proved to be."""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanarPose:
    """Pose of an object on the table, in the robot's base frame."""

    x: float  # [m]
    y: float  # [m]
    angle: float  # [rad] about z, in [-pi, pi)
    rms: float  # [m] how far the seen edges lie from its outline
    inliers: int  # edge points that agree
    coverage: float  # share of its visible contour that such points support
    covariance: np.ndarray  # (3, 3) of x, y, angle [m, m, rad]

    def __post_init__(self) -> None:
        if self.covariance.shape != (3, 3):
            raise WrongShape("PlanarPose.covariance", self.covariance.shape, "(3, 3)")

    @property
    def vector(self) -> np.ndarray:
        """(3,) x, y [m], angle [rad]."""
        return np.array([self.x, self.y, self.angle])


def wrapped(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return (angle + np.pi) % (2 * np.pi) - np.pi


def pose_error(estimated: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Distance [m] and angle [rad], both not negative, between two poses (3,) x, y, angle."""
    distance = float(np.hypot(*(estimated[:2] - truth[:2])))
    return distance, abs(wrapped(float(estimated[2] - truth[2])))
