"""How far poses of the board are from what a mounting predicts, and the mounting nearest to them.

An error is a change in the camera's frame from the measured to the predicted board: of a point on
the way from the camera to the board, and of the orientation.
Shapes: N views.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from calibration.placed_points import inverse_left_jacobian, placed, slope, turned
from calibration.sightings import Sightings
from handiwork.geometry import changed, cross, pose, rotation_vector


@dataclass(frozen=True, kw_only=True, eq=False)
class Mounting:
    """Where the camera is on its parent and the board on its anchor.

    covariance: (12, 12) of the changes of the camera, then of the board.
    """

    parent_from_camera: np.ndarray
    anchor_from_board: np.ndarray
    covariance: np.ndarray

    def changed(self, change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The camera's and the board's transform after changes (..., 12)."""
        camera = changed(self.parent_from_camera, change[..., :6])
        return camera, changed(self.anchor_from_board, change[..., 6:])


def pose_errors(
    seen: Sightings, camera: np.ndarray, board: np.ndarray, fraction: float
) -> np.ndarray:
    """(N, 6) displacement of the point at that fraction of the way [m], and turn [rad]."""
    points, on_board = _points(seen, fraction)
    moved = placed(seen.parent_from_anchor, on_board, camera, board).points - points
    turns = camera[:3, :3].T @ seen.parent_from_anchor[:, :3, :3] @ board[:3, :3]
    measured = np.swapaxes(seen.camera_from_board[:, :3, :3], 1, 2)
    return np.concatenate([moved, rotation_vector(turns @ measured)], axis=1)


def _points(seen: Sightings, fraction: float) -> tuple[np.ndarray, np.ndarray]:
    """(N, 3) on the way to the board, in the camera, and the same fixed to the board [m]."""
    places = seen.camera_from_board[:, :3, 3]
    points = places * fraction
    away = points - places
    return points, np.einsum("nji,nj->ni", seen.camera_from_board[:, :3, :3], away)


def _slope(
    seen: Sightings, camera: np.ndarray, board: np.ndarray, fraction: float, change: np.ndarray
) -> np.ndarray:
    """(N, 6, 12) of the errors by changes, at `change`."""
    hands = seen.parent_from_anchor
    found = placed(hands, _points(seen, fraction)[1], camera, board)
    into = camera[:3, :3].T
    by_turn = np.zeros((len(seen), 3, 12))
    by_turn[..., 3:6], by_turn[..., 9:] = -into, into @ hands[:, :3, :3]
    vectors = pose_errors(seen, camera, board, fraction)[:, 3:]
    by_turn = inverse_left_jacobian(vectors) @ turned(by_turn, change)
    return np.concatenate([slope(hands, found, camera, change), by_turn], axis=1)


def halfway(seen: Sightings) -> np.ndarray:
    """(6, 6) weights that take the hand and the camera to err alike.

    The displacement is that halfway between the two, and a turn counts by the distance.
    """
    return np.diag([1.0] * 3 + [seen.distance] * 3)


HALFWAY = 0.5


def fit_poses(
    seen: Sightings, start: Mounting, weights: np.ndarray, fraction: float = HALFWAY
) -> Mounting:
    """The mounting of least weighted squares of pose errors; weights (6, 6) whiten one error."""

    def errors(change: np.ndarray) -> np.ndarray:
        return (pose_errors(seen, *start.changed(change), fraction) @ weights.T).ravel()

    def jacobian(change: np.ndarray) -> np.ndarray:
        return (weights @ _slope(seen, *start.changed(change), fraction, change)).reshape(-1, 12)

    return solved(start, errors, jacobian)


def solved(
    start: Mounting,
    errors: Callable[[np.ndarray], np.ndarray],
    jacobian: Callable[[np.ndarray], np.ndarray],
) -> Mounting:
    """The mounting that makes the errors (M,) least, with its covariance by their own scatter."""
    slopes: Any = jacobian  # scipy's stubs know names of methods alone
    answer = least_squares(
        errors, np.zeros(12), slopes, method="lm", xtol=1e-9, ftol=1e-9, max_nfev=60
    )
    camera, board = start.changed(answer.x)
    freedom = max(len(answer.fun) - 12, 1)
    covariance = np.linalg.pinv(answer.jac.T @ answer.jac) * (2 * answer.cost / freedom)
    return Mounting(parent_from_camera=camera, anchor_from_board=board, covariance=covariance)


def fit_halfway(seen: Sightings, start: Mounting) -> Mounting:
    """Least squares where the hand and the camera err alike."""
    return fit_poses(seen, start, halfway(seen))


def fit_components(seen: Sightings, start: Mounting) -> Mounting:
    """Least squares where the camera errs, by its own scatter in each component.

    A plane's tilt is seen worst, and about a point of the board that hardly moves with it. That
    point and the scatter of depth, sideways, tilt and twist come from the errors themselves, in
    turn with the fit.
    """
    found = fit_halfway(seen, start)
    for _ in range(_ROUNDS):
        errors = pose_errors(seen, found.parent_from_camera, found.anchor_from_board, 1.0)
        found = _fit_about(seen, found, _steady_point(seen, errors))
    return found


_ROUNDS = 3
_LEAST = 1e-6  # [m], [rad] of scatter, for errors that vanish


def _steady_point(seen: Sightings, errors: np.ndarray) -> np.ndarray:
    """(3,) the point of the board whose displacements by the errors (N, 6) are least [m]."""
    turns = seen.camera_from_board[:, :3, :3]
    by_point = np.cross(errors[:, None, 3:], np.swapaxes(turns, 1, 2))  # (N, 3 of the board, 3)
    by_point = np.swapaxes(by_point, 1, 2).reshape(-1, 3)
    return np.linalg.lstsq(by_point, -errors[:, :3].ravel(), rcond=None)[0]


def _fit_about(seen: Sightings, start: Mounting, point: np.ndarray) -> Mounting:
    """One fit with the board's origin at the point, each component by its scatter."""
    moved = pose(np.eye(3), point)
    shifted = replace(seen, camera_from_board=seen.camera_from_board @ moved)
    begin = replace(start, anchor_from_board=start.anchor_from_board @ moved)
    errors = pose_errors(shifted, begin.parent_from_camera, begin.anchor_from_board, 1.0)
    side, depth, tilt, twist = (
        float(np.sqrt((errors[:, part] ** 2).mean())) + _LEAST
        for part in (slice(0, 2), 2, slice(3, 5), 5)
    )
    weights = np.diag(1 / np.array([side, side, depth, tilt, tilt, twist]))
    found = fit_poses(shifted, begin, weights, 1.0)
    # Back to the board's own origin, which moves with the board's turn too.
    lever = found.anchor_from_board[:3, :3] @ -point
    carry = np.eye(12)
    carry[6:9, 9:] = -cross(lever)
    return replace(
        found,
        anchor_from_board=found.anchor_from_board @ pose(np.eye(3), -point),
        covariance=carry @ found.covariance @ carry.T,
    )
