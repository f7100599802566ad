"""Where one camera is in the other's frame, from boards that both saw at the same moment.

Shapes: N views.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.fields import read_field, read_object, read_pose
from handiwork.errors import BadValue
from handiwork.geometry import change_between, inverse, mean_pose

FEWEST_VIEWS = 3
GROSS = 8.0  # standard deviations, by the median, from which a view is an outlier
CHI_MEDIAN = 2.313  # of the length of six unit normal numbers
FARTHEST_MM, FARTHEST_DEG = 20.0, 3.0  # of the median view, beyond which nothing is answered
_EXACT = 2e-5  # [m]
_MOST = 0.4  # share of outliers beyond which the views do not agree
_ROUNDS = 10


@dataclass(frozen=True, kw_only=True, eq=False)
class SharedViews:
    """first_from_board, second_from_board: (N, 4, 4) of one board, in either camera [m]."""

    names: tuple[str, ...]
    first_from_board: np.ndarray
    second_from_board: np.ndarray
    source: str = "the views"


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraPair:
    """transform: (4, 4) first_from_second [m]. covariance: (6, 6) of changes in the first's frame.

    residual_mm, residual_deg: (N,) of every view. cross_validated_mm: root mean square distance of
    a left out view's answer from the others'.
    """

    transform: np.ndarray
    covariance: np.ndarray
    residual_mm: np.ndarray
    residual_deg: np.ndarray
    outliers: tuple[str, ...]
    cross_validated_mm: float


def load_shared_views(path: Path | str) -> SharedViews:
    """From a JSON with `views` of `name`, `first_from_board`, `second_from_board`."""
    where, content = str(path), read_object(path)
    listed: list[Any] = read_field(where, content, "views")
    poses: dict[str, list[np.ndarray]] = {"first_from_board": [], "second_from_board": []}
    for number, item in enumerate(listed):
        at = f"views[{number}]."
        for field, found in poses.items():
            value = read_field(where, item, field, at)
            found.append(read_pose(where, f"{at}{field}", value))
    return SharedViews(
        names=tuple(
            str(item.get("name", f"view_{number:02d}")) for number, item in enumerate(listed)
        ),
        first_from_board=np.array(poses["first_from_board"]).reshape(-1, 4, 4),
        second_from_board=np.array(poses["second_from_board"]).reshape(-1, 4, 4),
        source=where,
    )


def camera_pair(seen: SharedViews) -> CameraPair:
    """The mean of what the views say that agree with most.

    Raises:
        BadValue: fewer than three views, or views that fit no rigid mounting.
    """
    if len(seen.names) < FEWEST_VIEWS:
        fix = "Show the board to both cameras from 10 sides or more."
        raise BadValue(seen.source, "views", len(seen.names), f"{FEWEST_VIEWS} or more", fix)
    answers = seen.first_from_board @ inverse(seen.second_from_board)
    distance = float(np.median(np.linalg.norm(seen.second_from_board[:, :3, 3], axis=1)))
    scales = np.array([1.0] * 3 + [distance] * 3)
    inliers = _agreeing(answers, scales)
    mean = mean_pose(answers[inliers])
    changes = change_between(mean, answers)
    millimetres = 1e3 * np.linalg.norm(changes[:, :3], axis=1)
    degrees = np.degrees(np.linalg.norm(changes[:, 3:], axis=1))
    mm, deg = float(np.median(millimetres[inliers])), float(np.median(degrees[inliers]))
    if mm > FARTHEST_MM or deg > FARTHEST_DEG or (~inliers).mean() > _MOST:
        got = f"{inliers.sum()} of {len(inliers)} that agree, to {mm:.1f} mm, {deg:.1f} deg"
        want = f"views that agree to {FARTHEST_MM:g} mm and {FARTHEST_DEG:g} degrees"
        fix = "Check metres, that none is inverted, and that both saw the board at one moment."
        raise BadValue(seen.source, "views", got, want, fix)
    count = int(inliers.sum())
    away = changes[inliers] * count / (count - 1)  # from the mean of the others
    return CameraPair(
        transform=mean,
        covariance=changes[inliers].T @ changes[inliers] / (count * (count - 1)),
        residual_mm=millimetres,
        residual_deg=degrees,
        outliers=tuple(name for name, fits in zip(seen.names, inliers, strict=True) if not fits),
        cross_validated_mm=1e3 * float(np.sqrt((away[:, :3] ** 2).sum(axis=1).mean())),
    )


def _agreeing(answers: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """(N,) bool: which answers lie near the one that is nearest to most."""
    apart = np.array([_lengths(one, answers, scales) for one in answers])
    found = apart[int(np.median(apart, axis=1).argmin())]
    inliers = _near(found)
    for _ in range(_ROUNDS):
        again = _near(_lengths(mean_pose(answers[inliers]), answers, scales))
        if (again == inliers).all():
            break
        inliers = again
    return inliers


def _lengths(start: np.ndarray, answers: np.ndarray, scales: np.ndarray) -> np.ndarray:
    many = np.broadcast_to(start, answers.shape)
    return np.linalg.norm(change_between(many, answers) * scales, axis=1)


def _near(found: np.ndarray) -> np.ndarray:
    return found <= max(GROSS * float(np.median(found)) / CHI_MEDIAN, _EXACT)
