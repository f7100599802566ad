"""The table's top as a plane in the robot's base, and how well it is known.

The table is what most points at its height lie on: the height is the fullest layer of the cloud,
the tilt a fit to the points near it in which those far off count less and less.

Source: Huber & Ronchetti, Robust Statistics, 2009 (iteratively reweighted least squares), with
Tukey's biweight.
Shapes: N points.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.errors import ObjectNotFound

LAYER = 0.006  # [m] of height in which points are counted
NEAR = 0.015  # [m] from the fullest layer's middle: what the fit looks at
ROUNDS = 6
LEAST_POINTS = 100
ENOUGH = 3000  # points for a fit; of more, every n-th is taken
STEEPEST = 0.25  # rise over run of a table in the base frame


@dataclass(frozen=True, kw_only=True, eq=False)
class TablePlane:
    """z = height + slope_x x + slope_y y in base [m].

    parameters: (3,) height [m], slope_x, slope_y. covariance: (3, 3) of them.
    rms: of the points that it was fitted to [m]. points: how many they are.
    """

    parameters: np.ndarray
    covariance: np.ndarray
    rms: float
    points: int

    def heights(self, points: np.ndarray) -> np.ndarray:
        """(N,) distances of points (N, 3) from the plane, above it positive [m]."""
        height, slope_x, slope_y = self.parameters
        rise = points[:, 2] - height - slope_x * points[:, 0] - slope_y * points[:, 1]
        return rise / np.sqrt(1 + slope_x**2 + slope_y**2)

    @property
    def base_from_table(self) -> np.ndarray:
        """(4, 4) [m]: z along the normal, x along the base's as far as it can, origin below or
        above the base's.
        """
        normal = np.array([-self.parameters[1], -self.parameters[2], 1.0])
        normal /= np.linalg.norm(normal)
        across = np.cross(normal, [1.0, 0.0, 0.0])
        across /= np.linalg.norm(across)
        frame = np.eye(4)
        frame[:3, :3] = np.stack([np.cross(across, normal), across, normal], axis=1)
        frame[2, 3] = self.parameters[0]
        return frame


def find_table(points: np.ndarray) -> TablePlane:
    """The fullest level of a cloud (N, 3) in base [m].

    Raises:
        ObjectNotFound: there is none, or it is too steep to be a table.
    """
    points = points[:: max(len(points) // ENOUGH, 1)].astype(float)
    height = points[:, 2]
    if len(points) < LEAST_POINTS:
        raise ObjectNotFound(_few(len(points)))
    layers = np.arange(height.min(), height.max() + 2 * LAYER, LAYER)
    counts, edges = np.histogram(height, layers)
    fullest = int((counts[:-1] + counts[1:]).argmax()) if len(counts) > 1 else 0
    middle = np.median(height[(height >= edges[fullest]) & (height < edges[fullest] + 2 * LAYER)])
    near = points[np.abs(height - middle) < NEAR]
    if len(near) < LEAST_POINTS:
        raise ObjectNotFound(_few(len(near)))
    return _fitted(near, float(middle))


def _fitted(points: np.ndarray, height: float) -> TablePlane:
    columns = np.column_stack([np.ones(len(points)), points[:, :2]])
    parameters = np.array([height, 0.0, 0.0])
    weights, scale, normal = np.ones(len(points)), NEAR, np.eye(3)
    for _ in range(ROUNDS):
        off = points[:, 2] - columns @ parameters
        scale = max(1.4826 * float(np.median(np.abs(off))), 1e-5)
        weights = np.clip(1 - (off / (4.685 * scale)) ** 2, 0, None) ** 2
        normal = columns.T @ (columns * weights[:, None])
        parameters = np.linalg.solve(normal, columns.T @ (weights * points[:, 2]))
    if np.hypot(*parameters[1:]) > STEEPEST:
        raise ObjectNotFound(
            f"the fullest level of the cloud rises by {np.hypot(*parameters[1:]):.2f} m per metre, "
            f"want {STEEPEST} or less. Check where the calibration says that the camera is."
        )
    used = weights > 0
    off = (points[:, 2] - columns @ parameters)[used]
    rms = float(np.sqrt(np.mean(off**2)))
    return TablePlane(
        parameters=parameters,
        covariance=rms**2 * np.linalg.inv(normal),
        rms=rms,
        points=int(used.sum()),
    )


def _few(points: int) -> str:
    return (
        f"{points} points at one level, want {LEAST_POINTS} of a table. "
        "Bring the table into view, or widen the box."
    )
