"""The mounting whose predicted board projects nearest to the corners that were seen.

Shapes: N views; M corners of all views together.
"""

from typing import Any

import numpy as np
from scipy.optimize import least_squares

from calibration.camera_model import Intrinsics
from calibration.placed_points import Placed, placed, slope
from calibration.pose_errors import Mounting
from calibration.sightings import Sightings
from handiwork.geometry import cross, inverse

_ROBUST = 3.0  # standard deviations from which a corner counts less


def fit_corners(seen: Sightings, start: Mounting) -> Mounting:
    """Robust least squares of reprojection, as exact as the hand's poses are.

    Where the hand errs too, all corners of a view err together; the covariance then grows by as
    much as the views' poses scatter more than their corners say.
    """
    problem = _Corners(seen)
    first = _robust(problem, start, np.zeros(12), 1.0)
    errors = problem.errors(*start.changed(first))
    scale = max(float(np.median(np.abs(errors))) * 1.4826, 1e-3)  # the corners' own
    camera, board = start.changed(_robust(problem, start, first, scale))
    errors = problem.errors(camera, board)
    jacobian = problem.jacobian(camera, board, np.zeros(12))
    covariance = np.linalg.pinv(jacobian.T @ jacobian) * problem.variance(camera, board, errors)
    return Mounting(parent_from_camera=camera, anchor_from_board=board, covariance=covariance)


def _robust(problem: "_Corners", start: Mounting, change: np.ndarray, scale: float) -> np.ndarray:
    """(12,) the change of `start` that makes errors least that are about `scale` large [px]."""
    slopes: Any = lambda x: problem.jacobian(*start.changed(x), x)  # noqa: E731 (as scipy's stubs)
    return least_squares(
        lambda x: problem.errors(*start.changed(x)),
        change,
        slopes,
        loss="soft_l1",
        f_scale=_ROBUST * scale,
        x_scale="jac",
    ).x


def reprojection_errors(seen: Sightings, camera: np.ndarray, board: np.ndarray) -> np.ndarray:
    """(N,) root mean square distance of predicted from seen corners, per view [px]."""
    problem = _Corners(seen)
    squares = (problem.errors(camera, board).reshape(-1, 2) ** 2).sum(axis=1)
    return np.sqrt(np.bincount(problem.view, squares) / np.bincount(problem.view))


class _Corners:
    """All corners in one row, and what they depend on."""

    def __init__(self, seen: Sightings) -> None:
        if seen.board is None or seen.camera is None:
            raise ValueError("corners need the board and the camera")
        self._seen, self._camera = seen, seen.camera
        self.view = np.repeat(np.arange(len(seen)), [len(one.ids) for one in seen.detections])
        self._points = np.concatenate([seen.board.points(one.ids) for one in seen.detections])
        self._pixels = np.concatenate([one.corners for one in seen.detections])
        self._hands = seen.parent_from_anchor[self.view]  # (M, 4, 4)

    def errors(self, camera: np.ndarray, board: np.ndarray) -> np.ndarray:
        """(2 M,) predicted less seen [px]."""
        return (self._camera.project(self._placed(camera, board).points) - self._pixels).ravel()

    def jacobian(self, camera: np.ndarray, board: np.ndarray, change: np.ndarray) -> np.ndarray:
        """(2 M, 12) of the errors by changes, at `change`."""
        found = self._placed(camera, board)
        by_change = slope(self._hands, found, camera, change)
        return (projection_slope(self._camera, found.points) @ by_change).reshape(-1, 12)

    def _placed(self, camera: np.ndarray, board: np.ndarray) -> Placed:
        return placed(self._hands, self._points, camera, board)

    def variance(self, camera: np.ndarray, board: np.ndarray, errors: np.ndarray) -> float:
        """Of a corner's coordinate [px^2], as the views' poses scatter or as corners do."""
        seen = self._seen
        predicted = inverse(camera) @ seen.parent_from_anchor @ board
        explained, count = 0.0, 0
        for number, camera_from_board in enumerate(predicted):
            own = np.repeat(self.view == number, 2)
            points = self._points[self.view == number] @ camera_from_board[:3, :3].T
            slope = projection_slope(self._camera, points + camera_from_board[:3, 3])
            still = np.broadcast_to(np.eye(3), (len(points), 3, 3))
            moves = np.concatenate([still, -cross(points)], axis=2)
            basis, _ = np.linalg.qr((slope @ moves).reshape(-1, 6))
            explained += float(((basis.T @ errors[own]) ** 2).sum())
            count += int(own.sum())
        within = (float((errors**2).sum()) - explained) / max(count - 6 * len(seen), 1)
        return max(within, explained / (6 * len(seen) - 12))


def projection_slope(camera: Intrinsics, placed: np.ndarray) -> np.ndarray:
    """(M, 2, 3) of pixels by points in the optical frame (M, 3) [px/m]."""
    depth = np.maximum(placed[:, 2], 1e-3)
    x, y = (placed[:, :2] / depth[:, None]).T
    k1, k2, p1, p2, k3 = camera.d
    square = x * x + y * y
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    growth = k1 + square * (2 * k2 + 3 * k3 * square)  # of radial by square
    wide_x = radial + 2 * x * x * growth + 2 * p1 * y + 6 * p2 * x
    wide_y = 2 * x * y * growth + 2 * p1 * x + 2 * p2 * y
    high_y = radial + 2 * y * y * growth + 6 * p1 * y + 2 * p2 * x
    bend = np.array([[wide_x, wide_y], [wide_y, high_y]]).transpose(2, 0, 1)  # (M, 2, 2)
    flat = np.zeros((len(placed), 2, 3))
    flat[:, 0, 0] = flat[:, 1, 1] = 1 / depth
    flat[:, 0, 2], flat[:, 1, 2] = -x / depth, -y / depth
    return camera.k[:2, :2] @ bend @ flat
