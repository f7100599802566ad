"""Points that stand alone: what a depth camera sees where nothing is.

Source: Rusu et al., Towards 3D point cloud based object maps, Robotics and Autonomous Systems
56(11), 2008, section 3.2; Open3D 0.20 (remove_statistical_outlier) for the conventions.
Shapes: N points.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree


@dataclass(frozen=True, kw_only=True)
class OutlierFilter:
    """A point is out if its mean distance to its neighbours is `deviations` standard deviations
    above that of all points. neighbours: how many, the point itself among them.
    """

    neighbours: int = 16
    deviations: float = 2.0

    def __post_init__(self) -> None:
        if self.neighbours < 2 or self.deviations <= 0:
            raise ValueError(f"neighbours must be 2 or more, deviations above 0, got {self}")


def without_outliers(points: np.ndarray, rule: OutlierFilter) -> np.ndarray:
    """The points (N, 3) [m] that do not stand alone, in their order."""
    return points[inliers(points, rule)]


def inliers(points: np.ndarray, rule: OutlierFilter) -> np.ndarray:
    """(N,) bool."""
    if len(points) <= rule.neighbours:
        return np.ones(len(points), bool)
    distances, _ = KDTree(points).query(points, k=rule.neighbours)
    mean = distances.mean(axis=1)
    return mean < mean.mean() + rule.deviations * mean.std(ddof=1)
