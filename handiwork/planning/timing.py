"""When to be where on a path: as fast as the limits of the joints allow, from rest to rest.

toppra finds the fastest motion under limits of velocity and acceleration. It switches between
accelerations at once, so its progress along the path is averaged over a short window, which
bounds jerk and leaves the path as it is. What is still beyond a limit by the mixing is cured by
playing all of it slower.

Source: Pham & Pham, IEEE Trans. Robotics 34(3), 2018, doi:10.1109/TRO.2018.2819195 (toppra);
Biagiotti & Melchiorri, Control Engineering Practice 20(2), 2012 (averaging bounds jerk).
Shapes: T instants, G joints, N points of a trajectory.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample_segments
from handiwork.planning.rounded_path import RoundedPath
from handiwork.planning.toppra_path import fastest

_STEP = 1e-3  # [s] at which progress is averaged
_INSIDE = 0.995  # of the limits, for what lies between the instants that are looked at


@dataclass(frozen=True, kw_only=True)
class TimingConfig:
    """How a path becomes a trajectory."""

    period: float = 0.02  # [s] between its points
    velocity_scale: float = 1.0  # share of the velocity limits
    acceleration_scale: float = 1.0  # share of the acceleration limits

    def __post_init__(self) -> None:
        if self.period <= 0:
            raise ValueError(f"period must be positive, got {self.period}")
        for name in ("velocity_scale", "acceleration_scale"):
            if not 0 < getattr(self, name) <= 1:
                raise ValueError(f"{name} must be in (0, 1], got {getattr(self, name)}")


def timed(
    paths: list[RoundedPath], limits: Limits, config: TimingConfig | None = None
) -> JointTrajectory:
    """A trajectory from 0 s along paths that begin where the one before ends, at rest there.

    Raises:
        NoPath: toppra finds no motion along a path.
    """
    config = config or TimingConfig()
    parts = [_timed(path, limits, config) for path in paths if path.length > 1e-9]
    if not parts:
        still = paths[0].at(np.zeros(1))
        rest = np.zeros_like(still)
        return JointTrajectory(
            names=limits.names,
            times=np.zeros(1),
            positions=still,
            velocities=rest,
            accelerations=rest,
        )
    return _one_after_the_other(parts)


def _timed(path: RoundedPath, limits: Limits, config: TimingConfig) -> JointTrajectory:
    velocity = config.velocity_scale * limits.velocity
    acceleration = config.acceleration_scale * limits.acceleration
    times, along = _between(*fastest(path, velocity, acceleration))
    window = max(2 * float((acceleration / limits.jerk).max()), 2 * config.period)
    trajectory = _sampled(path, *_averaged(times, along, window), config.period, limits.names)
    return _slowed(trajectory, velocity, acceleration, limits.jerk)


def _between(
    times: np.ndarray, points: np.ndarray, speed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The motion at even instants; acceleration is constant between grid points."""
    instants = np.arange(0.0, times[-1] + _STEP, _STEP)
    piece = np.clip(np.searchsorted(times, instants, side="right") - 1, 0, len(times) - 2)
    since = np.minimum(instants, times[-1]) - times[piece]
    gain = (speed[piece + 1] - speed[piece]) / (times[piece + 1] - times[piece])
    return instants, points[piece] + since * (speed[piece] + since * gain / 2)


def _averaged(
    times: np.ndarray, along: np.ndarray, window: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Progress, its speed and acceleration (T,), averaged over a window [s] behind each instant."""
    width = max(2, round(window / _STEP))
    held = np.concatenate([np.full(width, along[0]), along, np.full(width, along[-1])])
    total = np.concatenate([[0.0], np.cumsum(held)])
    progress = (total[width:] - total[:-width]) / width  # one more than `along` at either end
    speed = (held[width:] - held[:-width]) / (width * _STEP)
    rate = np.gradient(speed, _STEP)
    count = len(speed)
    return np.arange(count) * _STEP, progress[:count], speed, rate


def _sampled(
    path: RoundedPath,
    times: np.ndarray,
    progress: np.ndarray,
    speed: np.ndarray,
    rate: np.ndarray,
    period: float,
    names: tuple[str, ...],
) -> JointTrajectory:
    """Points of a trajectory every period, the last one at rest at the end of the path."""
    count = int(np.ceil(times[-1] / period)) + 1
    instants = np.arange(count) * period
    s, v, a = (np.interp(instants, times, value)[:, None] for value in (progress, speed, rate))
    first, second = path.at(s[:, 0], 1), path.at(s[:, 0], 2)
    positions = path.at(s[:, 0])
    velocities = first * v
    accelerations = first * a + second * v**2
    positions[-1] = path.at(np.array([path.length]))[0]
    velocities[[0, -1]] = accelerations[[0, -1]] = 0.0
    return JointTrajectory(
        names=names,
        times=instants,
        positions=positions,
        velocities=velocities,
        accelerations=accelerations,
    )


def _slowed(
    trajectory: JointTrajectory,
    velocity: np.ndarray,
    acceleration: np.ndarray,
    jerk: np.ndarray,
) -> JointTrajectory:
    """The same motion, slower by one factor, so that it keeps all limits between points too."""
    _, values = sample_segments(trajectory, 8)  # (4, S, 9, J)
    most = np.abs(values[1:]).max(axis=(1, 2)) / _INSIDE  # (3, G)
    share = (most / np.stack([velocity, acceleration, jerk])).max(1)
    factor = float(max(1.0, *(share ** (1 / np.arange(1, 4)))))
    return JointTrajectory(
        names=trajectory.names,
        times=trajectory.times * factor,
        positions=trajectory.positions,
        velocities=_given(trajectory.velocities) / factor,
        accelerations=_given(trajectory.accelerations) / factor**2,
    )


def _one_after_the_other(parts: list[JointTrajectory]) -> JointTrajectory:
    """Trajectories that meet at rest, as one."""
    times, rows, start = [parts[0].times[:1]], [slice(0, None)] + [slice(1, None)] * len(parts), 0.0
    for part in parts:
        times.append(start + part.times[1:])
        start += part.end

    def stacked(what: str) -> np.ndarray:
        return np.concatenate(
            [_given(getattr(part, what))[row] for part, row in zip(parts, rows, strict=False)]
        )

    return JointTrajectory(
        names=parts[0].names,
        times=np.concatenate(times),
        positions=stacked("positions"),
        velocities=stacked("velocities"),
        accelerations=stacked("accelerations"),
    )


def _given(values: np.ndarray | None) -> np.ndarray:
    assert values is not None  # all trajectories of this file have them
    return values
