"""A mounting that most views agree on, whatever the others say, and which those are.

Closed forms of all views and of random few are tried; the one is taken whose median error over all
views is least (Rousseeuw, Least Median of Squares Regression, J. Am. Stat. Assoc. 79, 1984).
Shapes: N views.
"""

from dataclasses import dataclass

import numpy as np

from calibration.closed_forms import METHODS, closed_form
from calibration.pose_errors import HALFWAY, Mounting, fit_halfway, halfway, pose_errors
from calibration.sightings import FEWEST_VIEWS, Sightings
from calibration.turning import LEAST_TURN, turning

CHI_MEDIAN = 2.313  # of the length of six unit normal numbers
GROSS = (
    10.0  # standard deviations, by the median, from which a view is an outlier; real ones reach 9
)
_FEW = 4  # views of a random draw
_DRAWS = 40
_ROUNDS = 10
_SURE = 0.010  # [m] of error below which closed forms that all views agree with suffice
_EXACT = 2e-5  # [m] of error below which views that differ from exact ones do so by rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Consensus:
    """inliers: (N,) bool. error: the median length of the pose errors of all [m]."""

    mounting: Mounting
    inliers: np.ndarray
    error: float


def consensus(seen: Sightings, seed: int = 0) -> Consensus | None:
    """What most views agree on; None where no closed form has an answer.

    Random few are drawn only where the closed forms of all views leave some out.
    """
    found = _settled(seen, _closed_forms(seen))
    if found is not None and found.inliers.all() and found.error < _SURE:
        return found
    others = _settled(seen, _of_few(seen, np.random.default_rng(seed)))
    if found is None or (others is not None and others.error < found.error):
        return others
    return found


def _settled(seen: Sightings, cameras: list[np.ndarray]) -> Consensus | None:
    """The fit to the views that agree with the best of the mountings."""
    best, least = None, np.inf
    for camera in cameras:
        boards = seen.boards(camera)
        errors = np.median(_apart(boards, seen.distance), axis=1)
        if errors.min() < least:
            best, least = (camera, boards[int(errors.argmin())]), float(errors.min())
    if best is None:
        return None
    start = Mounting(parent_from_camera=best[0], anchor_from_board=best[1], covariance=np.eye(12))
    found = lengths(seen, *best)
    inliers = near(found)
    for _ in range(_ROUNDS):
        if inliers.sum() < FEWEST_VIEWS:
            return None
        start = fit_halfway(seen.taken(inliers), start)
        found = lengths(seen, start.parent_from_camera, start.anchor_from_board)
        again = near(found)
        if (again == inliers).all():
            break
        inliers = again
    return Consensus(mounting=start, inliers=inliers, error=float(np.median(found)))


def _apart(boards: np.ndarray, distance: float) -> np.ndarray:
    """(N, N) how far boards (N, 4, 4) are from each other, turns by the distance [m]."""
    places, turns = boards[:, :3, 3], boards[:, :3, :3].reshape(-1, 9) * distance / np.sqrt(2)
    rows = np.concatenate([places, turns], axis=1)
    return np.linalg.norm(rows[:, None] - rows, axis=2)


def lengths(seen: Sightings, camera: np.ndarray, board: np.ndarray) -> np.ndarray:
    """(N,) lengths of the pose errors, halfway between hand and camera [m]."""
    return np.linalg.norm(pose_errors(seen, camera, board, HALFWAY) @ halfway(seen), axis=1)


def near(found: np.ndarray) -> np.ndarray:
    """(N,) bool: lengths of errors that the median one explains."""
    return found <= max(GROSS * float(np.median(found)) / CHI_MEDIAN, _EXACT)


def _closed_forms(seen: Sightings) -> list[np.ndarray]:
    found = [closed_form(seen, method) for method in METHODS]
    return [camera for camera in found if camera is not None]


def _of_few(seen: Sightings, generator: np.random.Generator) -> list[np.ndarray]:
    found = []
    for _ in range(_DRAWS if len(seen) > _FEW else 0):
        few = seen.taken(generator.choice(len(seen), _FEW, replace=False))
        if turning(few).across > LEAST_TURN:
            found.append(closed_form(few, "park"))
    return [camera for camera in found if camera is not None]
