"""How much later the hand's clock is than the camera's, from a motion that both recorded.

Both turn at one speed at any moment, wherever the camera sits. The speeds' correlation has its peak
at the offset; the hand-eye of the two paths then sharpens it, as it fits best at the true one.
Source: Furrer et al., Evaluation of Combined Time-Offset Estimation and Hand-Eye Calibration, Field
and Service Robotics 2017 (the correlation).
Shapes: N poses of a path; M poses of the camera at which the paths are compared.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.optimize import minimize_scalar

from calibration.consensus import near
from calibration.cross_validation import root_mean_square_mm
from calibration.interpretations import agreed
from calibration.pose_errors import Mounting, fit_components, fit_halfway
from calibration.sightings import Sightings
from calibration.trajectories import Paths, Trajectory
from calibration.turning import Turning, check_turning
from handiwork.errors import BadValue
from handiwork.geometry import change_between, inverse

PERIOD = 0.005  # [s] of the grid on which speeds are compared
SMOOTHING = 0.05  # [s] standard deviation of the Gaussian that takes noise out of speeds
LONGEST = 5.0  # [s] of offset that is looked for
LEAST_CORRELATION = 0.7  # below which the two paths are not of one motion
_POSES = 200  # at which the paths are compared for the offset
_MORE_POSES = 400  # for the hand-eye at it
_SEARCH = 0.04  # [s] around the correlation's peak, in which the hand-eye may place the offset


@dataclass(frozen=True, kw_only=True, eq=False)
class TimeOffset:
    """offset_s: what is to be added to the camera's stamps to have the hand's.

    correlated_s: the same by the correlation alone. deviation_s: standard deviation.
    correlation: at its peak.
    transform: (4, 4) gripper_from_camera at the offset; residual_mm, residual_deg: how far the
        board lies from its common place in the median; rms_mm likewise, outliers left out.
    """

    offset_s: float
    correlated_s: float
    deviation_s: float
    correlation: float
    transform: np.ndarray
    covariance: np.ndarray
    residual_mm_median: float
    residual_deg_median: float
    rms_mm: float | None
    outliers: int
    compared: int
    turning: Turning


def time_offset(paths: Paths) -> TimeOffset:
    """The offset of two paths, and the hand-eye that goes with it.

    Raises:
        BadValue: the paths show no common motion, or turn about one axis only.
    """
    correlated, correlation = correlated_offset(paths)
    start = _sightings(paths, correlated, _POSES)
    check_turning(paths.source, "gripper", start)
    found = agreed(paths.source, "eye_in_hand", start)

    def scatter(offset: float) -> float:
        seen = _sightings(paths, offset, _POSES).taken(found.inliers)
        mounting = fit_halfway(seen, found.mounting)
        return float(np.mean(_distances(seen, mounting) ** 2))

    bounds = (correlated - _SEARCH, correlated + _SEARCH)
    answer: Any = minimize_scalar(scatter, bounds=bounds, method="bounded", options={"xatol": 1e-4})
    offset, least = float(answer.x), float(answer.fun)
    step = 0.005
    curvature = (scatter(offset + step) + scatter(offset - step) - 2 * least) / step**2
    seen = _sightings(paths, offset, _MORE_POSES)
    mounting = fit_halfway(seen, found.mounting)
    inliers = near(_distances(seen, mounting))
    mounting = fit_components(seen.taken(inliers), mounting)
    errors = change_between(
        mounting.anchor_from_board, seen.taken(inliers).boards(mounting.parent_from_camera)
    )
    return TimeOffset(
        offset_s=offset,
        correlated_s=correlated,
        deviation_s=float(np.sqrt(2 * least / (max(curvature, 1e-12) * found.inliers.sum()))),
        correlation=correlation,
        transform=mounting.parent_from_camera,
        covariance=mounting.covariance[:6, :6],
        residual_mm_median=1e3 * float(np.median(np.linalg.norm(errors[:, :3], axis=1))),
        residual_deg_median=float(np.degrees(np.median(np.linalg.norm(errors[:, 3:], axis=1)))),
        rms_mm=root_mean_square_mm(np.linalg.norm(errors[:, :3], axis=1)),
        outliers=int((~inliers).sum()),
        compared=len(seen),
        turning=check_turning(paths.source, "gripper", seen.taken(inliers)),
    )


def correlated_offset(paths: Paths) -> tuple[float, float]:
    """The offset at which turning speeds correlate best [s], and that correlation."""
    hand_start, hand = _speeds(paths.hand)
    camera_start, camera = _speeds(paths.camera)
    shorter = min(len(hand), len(camera))
    reach = int(min(LONGEST / PERIOD, shorter / 2))
    shifts = np.arange(-reach, reach + 1) + round((camera_start - hand_start) / PERIOD)
    # shift k compares camera[i] with hand[i + k]
    values = np.array([_correlation(hand, camera, int(shift)) for shift in shifts])
    best = int(np.argmax(values))
    if values[best] < LEAST_CORRELATION or best in (0, len(values) - 1):
        got = f"correlated by {values[best]:.2f} at best"
        want = f"turning speeds correlated by {LEAST_CORRELATION} within {LONGEST:g} s"
        fix = "Record one motion with both, turning now fast and now slowly."
        raise BadValue(paths.source, "hand and camera", got, want, fix)
    before, here, after = values[best - 1 : best + 2]
    part = (before - after) / (2 * (before - 2 * here + after))  # of a parabola's peak
    shift = shifts[best] + part
    return float(shift * PERIOD + hand_start - camera_start), float(here)


def _speeds(path: Trajectory) -> tuple[float, np.ndarray]:
    """When the grid begins [s], and the turning speeds on it [rad/s], smoothed."""
    start = float(path.times[0])
    times = np.arange(start, path.times[-1], PERIOD)
    poses = path.at(times)
    steps = change_between(poses[:-1], poses[1:])[:, 3:]
    speeds = np.linalg.norm(gaussian_filter1d(steps, SMOOTHING / PERIOD, axis=0), axis=1) / PERIOD
    return start, speeds


def _correlation(hand: np.ndarray, camera: np.ndarray, shift: int) -> float:
    """Pearson's, of camera[i] with hand[i + shift]; -1 where they overlap by less than half."""
    begin, end = max(0, -shift), min(len(camera), len(hand) - shift)
    if end - begin < min(len(hand), len(camera)) / 2:
        return -1.0
    one, other = camera[begin:end], hand[begin + shift : end + shift]
    spread = one.std() * other.std()
    return float(((one - one.mean()) * (other - other.mean())).mean() / max(spread, 1e-12))


def _sightings(paths: Paths, offset: float, count: int) -> Sightings:
    """The board as the camera saw it, with the hand as it was then by that offset."""
    times = paths.camera.times
    margin = _SEARCH + 0.01
    low, high = paths.hand.times[0] - offset + margin, paths.hand.times[-1] - offset - margin
    inside = np.flatnonzero((times > low) & (times < high))
    chosen = inside[np.linspace(0, len(inside) - 1, min(count, len(inside))).astype(int)]
    return Sightings(
        names=tuple(f"{times[number]:.3f}" for number in chosen),
        parent_from_anchor=inverse(paths.hand.at(times[chosen] + offset)),
        camera_from_board=inverse(paths.camera.poses[chosen]),
    )


def _distances(seen: Sightings, mounting: Mounting) -> np.ndarray:
    """(M,) of the board's origin from its common place [m]."""
    boards = seen.boards(mounting.parent_from_camera)
    return np.linalg.norm(boards[:, :3, 3] - mounting.anchor_from_board[:3, 3], axis=1)
