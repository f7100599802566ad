"""Where a camera sits on the hand, or beside the robot, from views of a board.

Closed forms give a start that most views agree on; the refinement is of the kind that predicts
left out views best: of corners where the hand is exact, of poses where the camera alone errs, or
of poses where both err.
Source: the equation A X = X B of Shiu and Ahmad, IEEE Trans. Robotics and Automation 5(1), 1989, as
X Z = Y with the board's place as a second unknown (Dornaika and Horaud, 14(4), 1998).
Shapes: N views used, in the order given.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from calibration.cross_validation import Validation, of_closed_forms, validated
from calibration.flipped_boards import looked_again
from calibration.interpretations import agreed, distance_scale
from calibration.pose_errors import Mounting, fit_components, fit_halfway
from calibration.reprojection import fit_corners, reprojection_errors
from calibration.resolutions import check_resolution
from calibration.sightings import Sightings, sightings
from calibration.turning import Turning, check_turning
from calibration.views import Kind, ViewSet
from handiwork.errors import BadValue
from handiwork.geometry import change_between

FARTHEST_MM, FARTHEST_DEG = 20.0, 3.0  # of the median view, beyond which nothing is answered
ALIKE = 1.05  # ratio of cross-validated errors that decides nothing
STEADIER = 0.7  # ratio of spreads that decides then


@dataclass(frozen=True, kw_only=True)
class Residual:
    """How far one view's board lies from the common one."""

    name: str
    mm: float  # of the board's origin
    deg: float
    px: float | None  # root mean square of its corners, where it has them
    outlier: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class HandEye:
    """A calibration with its own error.

    transform: (4, 4) gripper_from_camera for eye_in_hand, base_from_camera for eye_to_hand [m].
    covariance: (6, 6) of a change of it in its parent frame: x, y, z [m], rotation vector [rad].
    board: (4, 4) base_from_board for eye_in_hand, gripper_from_board for eye_to_hand [m].
    board_covariance: (6, 6) likewise; cross_covariance: (6, 6) of the camera with the board.
    refinement: which errors were made least: corners, components or halfway.
    left_out: views that show too little of the board, and why.
    cross_validated_mm: root mean square distance of a left out view's board from where the others
        put it; None with too few views. compared_mm: the same of each refinement and closed form.
    scale: what distances by the camera are to be multiplied with to suit the robot's, and its
        standard deviation; near 1 where board and intrinsics are right.
    """

    kind: Kind
    transform: np.ndarray
    covariance: np.ndarray
    board: np.ndarray
    board_covariance: np.ndarray
    cross_covariance: np.ndarray
    refinement: str
    residuals: tuple[Residual, ...]
    turning: Turning
    cross_validated_mm: float | None
    compared_mm: dict[str, float | None]
    scale: tuple[float, float]
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def outliers(self) -> tuple[str, ...]:
        """Names of the views that disagree with the others."""
        return tuple(one.name for one in self.residuals if one.outlier)

    @property
    def residual_mm_median(self) -> float:
        """Of the board's origin in the views that agree."""
        return float(np.median([one.mm for one in self.residuals if not one.outlier]))

    @property
    def residual_deg_median(self) -> float:
        """Of the board's orientation in the views that agree."""
        return float(np.median([one.deg for one in self.residuals if not one.outlier]))


def hand_eye(viewset: ViewSet, compare: bool = True) -> HandEye:
    """The camera's transform to its parent, and how sure it is.

    compare: cross-validate OpenCV's closed forms too.

    Raises:
        BadValue: too few views, too little turning, or views that fit no rigid mounting; where
            another reading of the views fits, such as inverted transforms, the message names it.
    """
    source, parent = viewset.source, "gripper" if viewset.kind == "eye_in_hand" else "base"
    seen, left_out = sightings(viewset)
    check_resolution(source, seen)
    check_turning(source, "gripper", seen)
    found = agreed(source, viewset.kind, seen)
    if seen.detections:
        seen, found = looked_again(seen, found)
    used = seen.taken(found.inliers)
    turned = check_turning(source, "gripper", used)
    tried = {name: validated(used, fit, found.mounting) for name, fit in _refinements(used).items()}
    refinement = _chosen(tried)
    mounting = _refinements(used)[refinement](used, found.mounting)
    answer = HandEye(
        kind=viewset.kind,
        transform=mounting.parent_from_camera,
        covariance=mounting.covariance[:6, :6],
        board=mounting.anchor_from_board,
        board_covariance=mounting.covariance[6:, 6:],
        cross_covariance=mounting.covariance[:6, 6:],
        refinement=refinement,
        residuals=_residuals(seen, mounting, found.inliers),
        turning=turned,
        cross_validated_mm=tried[refinement].error_mm,
        compared_mm={name: one.error_mm for name, one in tried.items()}
        | (of_closed_forms(used) if compare else {}),
        scale=distance_scale(used, mounting.parent_from_camera),
        left_out=left_out,
    )
    if answer.residual_mm_median > FARTHEST_MM or answer.residual_deg_median > FARTHEST_DEG:
        got = f"off by {answer.residual_mm_median:.1f} mm, {answer.residual_deg_median:.1f} deg"
        want = f"views that agree to {FARTHEST_MM:g} mm and {FARTHEST_DEG:g} degrees"
        fix = f"Check units, angles in radians, and that the camera is fixed to the {parent}."
        raise BadValue(source, "views", got, want, fix)
    return answer


def _refinements(seen: Sightings) -> dict[str, Callable[[Sightings, Mounting], Mounting]]:
    """By name, those that the views allow; the one is first that is the best with an exact hand."""
    by_pose = {"components": fit_components, "halfway": fit_halfway}
    return ({"corners": fit_corners} if seen.detections else {}) | by_pose


def _residuals(seen: Sightings, found: Mounting, inliers: np.ndarray) -> tuple[Residual, ...]:
    errors = change_between(found.anchor_from_board, seen.boards(found.parent_from_camera))
    pixels = (
        reprojection_errors(seen, found.parent_from_camera, found.anchor_from_board)
        if seen.detections
        else np.full(len(seen), np.nan)
    )
    return tuple(
        Residual(
            name=name,
            mm=float(np.linalg.norm(error[:3]) * 1e3),
            deg=float(np.degrees(np.linalg.norm(error[3:]))),
            px=float(pixel) if np.isfinite(pixel) else None,
            outlier=not agrees,
        )
        for name, error, pixel, agrees in zip(seen.names, errors, pixels, inliers, strict=True)
    )


def _chosen(tried: dict[str, Validation]) -> str:
    """That of the least cross-validated error, or one about as good that hangs less on one view.

    Where a camera sees one board worse than it is placed by all, errors alone say little.
    """
    errors = {name: one.error_mm for name, one in tried.items() if one.error_mm is not None}
    if not errors:
        return next(iter(tried))
    best = min(errors, key=lambda name: errors[name])
    alike = [name for name in errors if errors[name] <= ALIKE * errors[best]]
    steadiest = min(alike, key=lambda name: tried[name].spread_mm or 0.0)
    steadier = (tried[steadiest].spread_mm or 0.0) < STEADIER * (tried[best].spread_mm or 0.0)
    return steadiest if steadier else best
