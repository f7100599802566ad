"""The hardest stop of one joint in closed form, and the states from which one still fits.

Plain numbers: for a handful of joints they are faster than small arrays, and the gate has
microseconds. A joint is (p, v, a): position [rad], velocity [rad/s], acceleration [rad/s^2].

Source: Berscheid & Kröger, Jerk-limited Real-time Trajectory Generation with Arbitrary Target
States, arXiv:2105.04830 (profiles of constant jerk); the derivation is ours.
"""

from math import sqrt
from typing import NamedTuple

from handiwork.control.limits import Limits

ROUNDING = 1e-6  # [rad] of a position limit
_NONE = 1e-12


class Bounds(NamedTuple):
    """Limits of one joint, and how far from a position limit none of its motions meets it."""

    name: str
    lower: float
    upper: float
    velocity: float
    acceleration: float
    jerk: float
    far: float  # [rad]


class Stop(NamedTuple):
    """Jerk -side*J for `rise`, none for `hold`, side*J for `fall` [s]: then the joint rests."""

    side: float
    rise: float
    hold: float
    fall: float


def bounds_of(limits: Limits) -> tuple[Bounds, ...]:
    """One for each joint."""
    columns = limits.lower, limits.upper, limits.velocity, limits.acceleration, limits.jerk
    return tuple(
        Bounds(name, lower, upper, v, a, jerk, _farthest(v, a, jerk))
        for name, lower, upper, v, a, jerk in zip(
            limits.names, *(column.tolist() for column in columns), strict=True
        )
    )


def _farthest(velocity: float, acceleration: float, jerk: float) -> float:
    """[rad] that no stop needs: at full speed until the strongest deceleration is built up."""
    return velocity * 2 * acceleration / jerk + velocity * velocity / (2 * acceleration)


def advanced(p: float, v: float, a: float, jerk: float, time: float) -> tuple[float, float, float]:
    """The joint after `time` [s] of constant jerk."""
    return (
        p + time * (v + time * (a / 2 + time * jerk / 6)),
        v + time * (a + time * jerk / 2),
        a + time * jerk,
    )


def hardest_stop(v: float, a: float, bounds: Bounds) -> Stop:
    """The quickest way to rest."""
    jerk = bounds.jerk
    side = 1.0 if v + a * abs(a) / (2 * jerk) >= 0 else -1.0
    v, a = side * v, side * a
    needed = v + a * a / (2 * jerk)  # [rad/s] of speed once a has gone down to 0
    strongest = min(sqrt(max(jerk * needed, 0.0)), bounds.acceleration)
    strongest = max(strongest, -a)
    hold = 0.0
    if strongest > _NONE:
        hold = max((needed - strongest * strongest / jerk) / strongest, 0.0)
    return Stop(side, max((a + strongest) / jerk, 0.0), hold, strongest / jerk)


def resting_point(p: float, v: float, a: float, bounds: Bounds) -> float:
    """[rad] where the hardest stop ends."""
    return _end(p, v, a, hardest_stop(v, a, bounds), bounds.jerk)


def _end(p: float, v: float, a: float, stop: Stop, jerk: float) -> float:
    side, rise, hold, fall = stop
    p, v, a = advanced(p, v, a, -side * jerk, rise)
    if hold:
        p, v, a = advanced(p, v, a, 0.0, hold)
    return advanced(p, v, a, side * jerk, fall)[0]


def braked(p: float, v: float, a: float, time: float, bounds: Bounds) -> tuple[float, float, float]:
    """The joint `time` [s] into its hardest stop; exactly at rest once it is over.

    Where that stop would pass a position limit, the joint accelerates away from the limit as hard
    as it may, and stops a little later, on the way back.
    """
    if not v and not a:
        return p, v, a
    jerk = bounds.jerk
    stop = hardest_stop(v, a, bounds)
    side, rise, hold, fall = stop
    end = _end(p, v, a, stop, jerk)
    inwards = _inwards(p, v, a, side, end, bounds)
    if inwards:
        side, rise, hold = -inwards, max((bounds.acceleration - inwards * a) / jerk, 0.0), time
    elif rise + hold + fall <= time:
        return end, 0.0, 0.0
    if time <= rise:
        return advanced(p, v, a, -side * jerk, time)
    p, v, a = advanced(p, v, a, -side * jerk, rise)
    time -= rise
    if time <= hold:
        return advanced(p, v, a, 0.0, time)
    p, v, a = advanced(p, v, a, 0.0, hold)
    return advanced(p, v, a, side * jerk, min(time - hold, fall))


def _inwards(p: float, v: float, a: float, side: float, end: float, bounds: Bounds) -> float:
    """1 where the hardest stop would pass the lower limit, -1 the upper one, else 0.

    A stop that begins against its side (v < 0 < a) goes on that way first, until v is 0.
    """
    furthest = p
    if side * v < 0:
        square = max(a * a + 2 * side * bounds.jerk * v, 0.0)
        turning = (side * a - sqrt(square)) / bounds.jerk
        furthest = advanced(p, v, a, -side * bounds.jerk, turning)[0]
    if max(end, furthest) > bounds.upper + ROUNDING:
        return -1.0
    return 1.0 if min(end, furthest) < bounds.lower - ROUNDING else 0.0


def coming_speed(v: float, a: float, bounds: Bounds) -> float:
    """[rad/s] that the joint has once its acceleration has gone down to 0 as fast as it may."""
    return v + a * abs(a) / (2 * bounds.jerk)


def stays_inside(p: float, v: float, a: float, bounds: Bounds) -> bool:
    """Whether the joint can still turn round before its position limits; `braked` then does."""
    up, down = bounds.upper - p, p - bounds.lower
    if min(up, down) > bounds.far:
        return True
    return (
        _least_travel(v, a, bounds) <= up + ROUNDING
        and _least_travel(-v, -a, bounds) <= down + ROUNDING
    )


def _least_travel(v: float, a: float, bounds: Bounds) -> float:
    """[rad] that the joint goes on forwards even if it decelerates as hard as it may."""
    rise = max((a + bounds.acceleration) / bounds.jerk, 0.0)
    travel, speed, _ = advanced(0.0, v, a, -bounds.jerk, rise)
    if speed > 0:
        return max(travel + speed * speed / (2 * bounds.acceleration), 0.0)
    square = a * a + 2 * bounds.jerk * v
    turning = (a + sqrt(square)) / bounds.jerk if square > 0 else 0.0  # [s] when v is 0 again
    if turning <= 0:
        return 0.0
    return max(advanced(0.0, v, a, -bounds.jerk, turning)[0], 0.0)
