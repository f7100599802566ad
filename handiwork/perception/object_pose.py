"""Where a known object is, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import WrongShape


@dataclass(frozen=True, kw_only=True, eq=False)
class ObjectPose:
    """Of one object, in the robot's base.

    base_from_object: (4, 4) [m]; of poses that look the same, one.
    covariance: (6, 6) of x, y, z [m] in base and of the turns about base's axes [rad].
    explained: share of the points seen that lie on the object. agreement: share of its visible
    surface that the picture does not contradict. covered: share that something nearer hides.
    """

    name: str
    base_from_object: np.ndarray
    covariance: np.ndarray
    rms: float  # [m] of points from the surface
    points: int
    explained: float
    agreement: float
    covered: float

    def __post_init__(self) -> None:
        if self.base_from_object.shape != (4, 4):
            raise WrongShape("base_from_object", self.base_from_object.shape, "(4, 4)")
        if self.covariance.shape != (6, 6):
            raise WrongShape("covariance", self.covariance.shape, "(6, 6)")
