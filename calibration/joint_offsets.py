"""How far a robot's joints are from where its encoders say, from views of a still board.

Offsets, the camera's place on the hand and the board's place are found together. The offset of a
joint that does just what another place of the camera or the board would do is in no view: most
arms' first and last. Those are named and taken to be zero.
Source: Pradeep, Konolige and Berger, Calibrating a Multi-arm Multi-sensor Robot, ISER 2010 (the
joint estimate).
Shapes: N views, K joints of the arm.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from calibration.consensus import lengths, near
from calibration.cross_validation import root_mean_square_mm
from calibration.interpretations import agreed
from calibration.joint_views import JointViews
from calibration.pose_errors import HALFWAY, Mounting, halfway, pose_errors
from calibration.sightings import Sightings
from calibration.turning import check_turning
from handiwork.errors import BadValue
from handiwork.geometry import inverse

LARGEST = np.radians(10.0)  # of an offset that is believed
SPARE_VIEWS = 4  # more than the unknowns need
_BLIND = 1e-4  # of a joint's effect, what may be left of it for it to count as unseen
_FOLDS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class JointOffsets:
    """offsets: (K,) to be added to what is read [rad]; covariance (K, K) [rad^2].

    unseen: joints whose offset is in no view, taken to be zero.
    before_mm, after_mm: cross-validated distance of a left out view's board, without offsets and
        with them, root mean square.
    """

    joints: tuple[str, ...]
    offsets: np.ndarray
    covariance: np.ndarray
    unseen: tuple[str, ...]
    transform: np.ndarray
    residual_mm: np.ndarray
    residual_deg: np.ndarray
    outliers: tuple[str, ...]
    before_mm: float | None
    after_mm: float | None


def joint_offsets(views: JointViews) -> JointOffsets:
    """Offsets of the joints, with their own error.

    Raises:
        BadValue: too few views, too little turning, or offsets that no encoder has.
    """
    joints = views.kinematics.group.joints
    fewest = 2 + len(joints) // 3 + SPARE_VIEWS
    if len(views.names) < fewest:
        fix = "Take 20 or more, moving every joint."
        raise BadValue(views.source, "views", len(views.names), f"{fewest} or more", fix)
    seen = _sightings(views, np.zeros(len(joints)))
    check_turning(views.source, "gripper", seen)
    found = agreed(views.source, "eye_in_hand", seen)
    used = _taken(views, found.inliers)
    free = _seen_joints(used, found.mounting)
    fit = _fit(used, found.mounting, free)
    placed = _sightings(views, fit.offsets)
    errors = lengths(placed, fit.mounting.parent_from_camera, fit.mounting.anchor_from_board)
    inliers = near(errors)
    used = _taken(views, inliers)
    fit = _fit(used, fit.mounting, free)
    if np.abs(fit.offsets).max() > LARGEST:
        worst = int(np.abs(fit.offsets).argmax())
        got = f"{np.degrees(fit.offsets[worst]):.1f} degrees"
        want = f"within {np.degrees(LARGEST):.0f} degrees"
        fix = "Check the robot's name, the joints' order, and that they are in radians."
        raise BadValue(views.source, f"the offset of {joints[worst]}", got, want, fix)
    residuals = pose_errors(
        _sightings(views, fit.offsets),
        fit.mounting.parent_from_camera,
        fit.mounting.anchor_from_board,
        1.0,
    )
    return JointOffsets(
        joints=joints,
        offsets=fit.offsets,
        covariance=fit.covariance,
        unseen=tuple(name for name, is_free in zip(joints, free, strict=True) if not is_free),
        transform=fit.mounting.parent_from_camera,
        residual_mm=1e3 * np.linalg.norm(residuals[:, :3], axis=1),
        residual_deg=np.degrees(np.linalg.norm(residuals[:, 3:], axis=1)),
        outliers=tuple(name for name, fits in zip(views.names, inliers, strict=True) if not fits),
        before_mm=_cross_validated(used, fit.mounting, np.zeros_like(free)),
        after_mm=_cross_validated(used, fit.mounting, free),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Fit:
    offsets: np.ndarray
    covariance: np.ndarray
    mounting: Mounting


def _taken(views: JointViews, keep: np.ndarray) -> JointViews:
    names = tuple(name for name, kept in zip(views.names, keep, strict=True) if kept)
    boards = views.camera_from_board[keep]
    return replace(views, names=names, joints=views.joints[keep], camera_from_board=boards)


def _sightings(views: JointViews, offsets: np.ndarray) -> Sightings:
    hands = np.array([views.kinematics.tool(row + offsets) for row in views.joints])
    return Sightings(
        names=views.names,
        parent_from_anchor=inverse(hands),
        camera_from_board=views.camera_from_board,
    )


def _errors(views: JointViews, start: Mounting, change: np.ndarray) -> np.ndarray:
    """(6 N,) whitened pose errors after changes (12 + K,) of camera, board and offsets."""
    seen = _sightings(views, change[12:])
    return (pose_errors(seen, *start.changed(change[:12]), HALFWAY) @ halfway(seen)).ravel()


def _seen_joints(views: JointViews, start: Mounting) -> np.ndarray:
    """(K,) bool: joints whose offset does what no place of camera or board does."""
    count = views.joints.shape[1]
    steps = np.eye(12 + count) * 1e-5
    slopes = np.array(
        [(_errors(views, start, step) - _errors(views, start, -step)) / 2e-5 for step in steps]
    ).T
    explained, free = slopes[:, :12], np.zeros(count, bool)
    for joint in range(count):
        column = slopes[:, 12 + joint]
        rest = column - explained @ np.linalg.lstsq(explained, column, rcond=None)[0]
        free[joint] = np.linalg.norm(rest) > _BLIND * np.linalg.norm(column)
        if free[joint]:
            explained = np.column_stack([explained, column])
    return free


def _fit(views: JointViews, start: Mounting, free: np.ndarray) -> _Fit:
    moving = np.concatenate([np.ones(12, bool), free])

    def errors(part: np.ndarray) -> np.ndarray:
        change = np.zeros(len(moving))
        change[moving] = part
        return _errors(views, start, change)

    answer = least_squares(errors, np.zeros(moving.sum()), "3-point", method="lm", max_nfev=2000)
    freedom = max(len(answer.fun) - len(answer.x), 1)
    part = np.linalg.pinv(answer.jac.T @ answer.jac) * (2 * answer.cost / freedom)
    offsets, covariance = np.zeros(len(free)), np.zeros((len(free), len(free)))
    offsets[free] = answer.x[12:]
    covariance[np.ix_(free, free)] = part[12:, 12:]
    camera, board = start.changed(answer.x[:12])
    mounting = Mounting(
        parent_from_camera=camera, anchor_from_board=board, covariance=part[:12, :12]
    )
    return _Fit(offsets=offsets, covariance=covariance, mounting=mounting)


def _cross_validated(views: JointViews, start: Mounting, free: np.ndarray) -> float | None:
    found = []
    for fold in range(_FOLDS):
        held = np.arange(len(views.names)) % _FOLDS == fold
        fit = _fit(_taken(views, ~held), start, free)
        boards = _sightings(_taken(views, held), fit.offsets).boards(
            fit.mounting.parent_from_camera
        )
        away = boards[:, :3, 3] - fit.mounting.anchor_from_board[:3, 3]
        found += np.linalg.norm(away, axis=1).tolist()
    return root_mean_square_mm(np.array(found))
