"""How far a view that was left out lies from what the others say, for our fits and closed forms.

Shapes: N views.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.closed_forms import METHODS, closed_form
from calibration.pose_errors import Mounting
from calibration.sightings import FEWEST_VIEWS, Sightings
from calibration.turning import LEAST_TURN, turning
from handiwork.geometry import change_between, mean_pose

Fit = Callable[[Sightings], tuple[np.ndarray, np.ndarray] | None]


def cross_validated(seen: Sightings, fit: Fit) -> np.ndarray:
    """(N,) distance of the board's origin in the left out view from where the others put it [m].

    NaN where the others turned too little, or where the fit finds nothing.
    """
    found = np.full(len(seen), np.nan)
    for number in range(len(seen)):
        rest = np.arange(len(seen)) != number
        others = seen.taken(rest)
        if len(others) < FEWEST_VIEWS or turning(others).across < LEAST_TURN:
            continue
        answer = fit(others)
        if answer is not None:
            camera, board = answer
            seen_at = seen.taken(~rest).boards(camera)[0]
            found[number] = np.linalg.norm(change_between(board, seen_at)[:3])
    return found


def root_mean_square_mm(distances: np.ndarray) -> float | None:
    """Of distances [m] that are known; None where none is."""
    known = distances[np.isfinite(distances)]
    return float(np.sqrt((known**2).mean()) * 1e3) if len(known) else None


def of_closed_forms(seen: Sightings) -> dict[str, float | None]:
    """Cross-validated error of OpenCV's five methods [mm], the board at the views' mean."""
    return {
        method: root_mean_square_mm(cross_validated(seen, _with_mean_board(method)))
        for method in METHODS
    }


@dataclass(frozen=True, kw_only=True)
class Validation:
    """Of a refinement: its cross-validated error, and how much the answer hangs on single views.

    spread_mm: jackknife standard deviation of the camera's place and, by the distance of the
        board, of its orientation; None with too few views.
    """

    error_mm: float | None
    spread_mm: float | None


def validated(
    seen: Sightings, fit: Callable[[Sightings, Mounting], Mounting], start: Mounting
) -> Validation:
    """Leaves out each view in turn. Source: Efron, The Jackknife, SIAM 1982, section 3."""
    cameras = []

    def fitted(others: Sightings) -> tuple[np.ndarray, np.ndarray]:
        found = fit(others, start)
        cameras.append(found.parent_from_camera)
        return found.parent_from_camera, found.anchor_from_board

    error = root_mean_square_mm(cross_validated(seen, fitted))
    if len(cameras) < FEWEST_VIEWS:
        return Validation(error_mm=error, spread_mm=None)
    changes = change_between(mean_pose(np.array(cameras)), np.array(cameras))
    changes[:, 3:] *= seen.distance
    variance = (changes**2).sum(axis=1).mean() * (len(cameras) - 1)
    return Validation(error_mm=error, spread_mm=float(np.sqrt(variance) * 1e3))


def _with_mean_board(method: str) -> Fit:
    def fit(others: Sightings) -> tuple[np.ndarray, np.ndarray] | None:
        camera = closed_form(others, method)
        return None if camera is None else (camera, mean_pose(others.boards(camera)))

    return fit
