"""The quickest way of every joint to where it is wanted, by ruckig; one tick of it is taken.

What is wanted moves on while the joint comes. So the way is looked for in a frame that moves with
the wanted velocity, and close by with the wanted acceleration too: there the target stands still,
and the joint meets it instead of trailing it.

Source: Berscheid & Kröger, Jerk-limited Real-time Trajectory Generation with Arbitrary Target
States, arXiv:2105.04830 (ruckig). Shapes: J joints; lists are as fast as ruckig takes them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import ruckig

from handiwork.safety.braking import Bounds, coming_speed

_MOVING = 0.98  # of the velocity limit that the frame may take
_CURVED = 0.9  # of the acceleration limit that the target may have
_JERK = 0.99  # leaves room for rounding
_CLOSE = 0.02  # [rad]


class Motion(NamedTuple):
    """J joints: positions [rad], velocities [rad/s], accelerations [rad/s^2]."""

    position: list[float]
    velocity: list[float]
    acceleration: list[float]


class Pursuit:
    """Holds ruckig's work space."""

    def __init__(self, bounds: Sequence[Bounds]) -> None:
        self._bounds = bounds
        self._solver = ruckig.Ruckig(len(bounds))
        self._path = ruckig.Trajectory(len(bounds))
        self._want = want = ruckig.InputParameter(len(bounds))
        want.synchronization = ruckig.Synchronization.No
        want.max_jerk = [_JERK * bound.jerk for bound in bounds]

    def step(self, start: Motion, wanted: Motion, tick: float, share: float) -> Motion | None:
        """Where the joints are one tick on; None where ruckig finds no way.

        Args:
            start: now.
            wanted: at the end of the tick.
            tick: [s].
            share: of the velocity limits that may be used.
        """
        paired = zip(*start, strict=True), zip(*wanted, strict=True)
        states = zip(*paired, self._bounds, strict=True)
        rows, targets = [], []
        for now, end, bound in states:
            target = _target(now, *end, bound, share * bound.velocity, tick)
            targets.append(target)
            rows.append(_problem(*now, *target, bound.acceleration, tick))
        want, columns = self._want, zip(*rows, strict=True)
        want.current_position, want.current_velocity = next(columns), next(columns)
        want.current_acceleration, want.target_acceleration = next(columns), next(columns)
        want.max_velocity, want.min_velocity = next(columns), next(columns)
        want.max_acceleration, want.min_acceleration = next(columns), next(columns)
        if self._solver.calculate(want, self._path) != ruckig.Result.Working:
            return None
        position, velocity, acceleration = self._path.at_time(tick)
        return Motion(
            [p + target.p for p, target in zip(position, targets, strict=True)],
            [v + target.v for v, target in zip(velocity, targets, strict=True)],
            [a + target.frame for a, target in zip(acceleration, targets, strict=True)],
        )


class _Target(NamedTuple):
    """Where a joint is to be at the end of the tick, and the frame in which it stands still."""

    p: float
    v: float
    a: float
    frame: float  # [rad/s^2] acceleration of the frame, whose velocity is v then
    fastest: float  # [rad/s] that the joint may be at any time


def _target(
    now: tuple[float, float, float],
    p: float,
    v: float,
    a: float,
    bound: Bounds,
    cap: float,
    tick: float,
) -> _Target:
    """A state near the wanted one that ruckig may aim for: inside the limits, with room to turn."""
    if not bound.lower <= p <= bound.upper:
        return _Target(min(max(p, bound.lower), bound.upper), 0.0, 0.0, 0.0, cap)
    gained = tick * bound.acceleration  # [rad/s] at most, by the frame during the tick
    strongest = _CURVED * bound.acceleration
    quickest = max(abs(v), abs(coming_speed(now[1], now[2], bound)))
    if abs(p - now[0]) < _CLOSE and quickest + 4 * gained < cap and abs(a) < strongest:
        return _Target(p, v, a, a, cap - gained)
    v = min(max(v, -_MOVING * cap), _MOVING * cap)
    strongest = min(strongest, (_JERK * bound.jerk * (cap - abs(v))) ** 0.5)
    return _Target(p, v, min(max(a, -strongest), strongest), 0.0, cap)


def _problem(
    p: float,
    v: float,
    a: float,
    goal: float,
    passing: float,
    curved: float,
    frame: float,
    fastest: float,
    strongest: float,
    tick: float,
) -> tuple[float, ...]:
    """A joint at (p, v, a) as ruckig is asked about it, seen from the frame of a target.

    Position, velocity, acceleration when the tick begins; acceleration of the target; limits of
    velocity and of acceleration, upper and lower.
    """
    return (
        p - goal + tick * (passing - tick * frame / 2),
        v - passing + tick * frame,
        a - frame,
        curved - frame,
        fastest - passing,
        -fastest - passing,
        strongest - frame,
        -strongest - frame,
    )
