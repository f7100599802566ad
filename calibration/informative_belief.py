"""What is known of a hand-eye while its views are still being taken: a mean and an information.

Two transforms are unknown. `mount_from_camera` is the hand-eye; `holder_from_board` is where the
board sits. With the camera on the hand the mount is the gripper and the holder the base; with the
camera beside the robot they change places. Either way

    camera_from_board = (mount_from_camera)^-1  mount_from_holder  holder_from_board,

where the robot's kinematics give mount_from_holder. A belief is the most probable pair after the
views so far, starting from a rough guess, and the Fisher information of their corners about it. The
arm errs too, once per view, so many corners of one view cannot make up for few views.

Source: Triggs et al., Bundle Adjustment, 2000 (Gauss-Newton on reprojection, and its information).
Shapes: K corners of a view. A change of the pair is (12,): x, y, z [m] and rotation vector [rad] of
mount_from_camera in its parent's frame, then of holder_from_board, as in `handiwork.geometry`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.informative_projection import projected
from handiwork.geometry import change_between, changed

_ITERATIONS, _SETTLED = 30, 1e-9


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Standard deviations of a corner, and of the place where the arm says the gripper is."""

    corner_px: float = 0.3
    arm_m: float = 0.0003
    arm_rad: float = 0.0005

    def __post_init__(self) -> None:
        if min(self.corner_px, self.arm_m, self.arm_rad) <= 0:
            raise ValueError("corner_px, arm_m and arm_rad must be positive")


@dataclass(frozen=True, kw_only=True, eq=False)
class Sight:
    """One view: mount_from_holder (4, 4) [m], points (K, 3) of the board [m], rays (K, 2).

    rays: where the corners are seen, x and y at a depth of one, without distortion.
    """

    mount_from_holder: np.ndarray
    points: np.ndarray
    rays: np.ndarray


@dataclass(frozen=True, kw_only=True, eq=False)
class Belief:
    """Means (4, 4) [m] and the information (12, 12) about changes of the two."""

    mount_from_camera: np.ndarray
    holder_from_board: np.ndarray
    information: np.ndarray

    @property
    def covariance(self) -> np.ndarray:
        """(12, 12) [m], [rad]."""
        return np.linalg.inv(self.information)

    @property
    def std_m(self) -> float:
        """Of the hand-eye's translation, over its three axes together [m]."""
        return math.sqrt(np.trace(self.covariance[:3, :3]))

    @property
    def std_rad(self) -> float:
        """Of the hand-eye's rotation, over its three axes together [rad]."""
        return math.sqrt(np.trace(self.covariance[3:6, 3:6]))


def guessed(
    mount_from_camera: np.ndarray,
    holder_from_board: np.ndarray,
    std_m: float,
    std_rad: float,
) -> Belief:
    """A belief before the first view, each axis of both known to so much."""
    each = np.repeat([std_m, std_rad] * 2, 3)
    return Belief(
        mount_from_camera=mount_from_camera,
        holder_from_board=holder_from_board,
        information=np.diag(each**-2.0),
    )


def learned(guess: Belief, sights: Sequence[Sight], focal: float, noise: Noise) -> Belief:
    """The guess after all those views; focal [px] is what a corner's noise is told in.

    A view that disagrees three times as much as the others counts for less and less.
    """
    camera, board, information = (
        guess.mount_from_camera,
        guess.holder_from_board,
        guess.information,
    )
    for _ in range(_ITERATIONS):
        information = guess.information.copy()
        gradient = -guess.information @ _aside(guess, camera, board)
        parts = [_compared(camera, board, sight, focal, noise) for sight in sights]
        trusts = _trusts(np.array([part.deviation for part in parts]))
        for part, trust in zip(parts, trusts, strict=True):
            weighted = trust * part.by_change.T @ part.weight
            information += weighted @ part.by_change
            gradient += weighted @ part.error
        step = np.linalg.solve(information, gradient)
        step *= min(1.0, 0.3 / np.abs(step).max())
        camera, board = changed(camera, step[:6]), changed(board, step[6:])
        if np.abs(step).max() < _SETTLED:
            break
    return Belief(mount_from_camera=camera, holder_from_board=board, information=information)


def information_of(
    belief: Belief, mount_from_holder: np.ndarray, points: np.ndarray, focal: float, noise: Noise
) -> np.ndarray:
    """(12, 12) what one more view would add."""
    _, by_change, by_arm = projected(
        belief.mount_from_camera, belief.holder_from_board, mount_from_holder, points
    )
    return by_change.T @ _weight(by_arm, focal, noise) @ by_change


def _aside(guess: Belief, camera: np.ndarray, board: np.ndarray) -> np.ndarray:
    """(12,) the change that makes the present pair of the guess."""
    return np.concatenate(
        [
            change_between(guess.mount_from_camera, camera),
            change_between(guess.holder_from_board, board),
        ]
    )


def _weight(by_arm: np.ndarray, focal: float, noise: Noise) -> np.ndarray:
    """(2 K, 2 K) inverse covariance of a view's rays: corners and arm."""
    arm = np.repeat([noise.arm_m, noise.arm_rad], 3) ** 2
    corner = (noise.corner_px / focal) ** 2 * np.eye(len(by_arm))
    return np.linalg.inv(corner + (by_arm * arm) @ by_arm.T)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Compared:
    """A view beside what was expected of it: error (2 K,), slopes (2 K, 12), weight (2 K, 2 K)."""

    error: np.ndarray
    by_change: np.ndarray
    weight: np.ndarray

    @property
    def deviation(self) -> float:
        """Root mean square of the errors, in their standard deviations."""
        return math.sqrt(float(self.error @ self.weight @ self.error) / len(self.error))


def _compared(
    camera: np.ndarray, board: np.ndarray, sight: Sight, focal: float, noise: Noise
) -> _Compared:
    rays, by_change, by_arm = projected(camera, board, sight.mount_from_holder, sight.points)
    return _Compared(
        error=(sight.rays - rays).ravel(),
        by_change=by_change,
        weight=_weight(by_arm, focal, noise),
    )


def _trusts(deviations: np.ndarray) -> np.ndarray:
    """(N,) 1 for views that agree, falling fast beyond three times the median deviation."""
    if not len(deviations):
        return deviations
    bound = 3.0 * max(1.0, float(np.median(deviations)))
    return np.minimum(1.0, (bound / np.maximum(deviations, 1e-12)) ** 2)
