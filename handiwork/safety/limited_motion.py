"""What is sent, tick by tick: always a motion inside the limits that can still stop inside them.

A wanted state is taken as it is, bit by bit, if a lawful motion leads there in this tick and a
lawful stop leads on from there; every motion inside the limits satisfies both. Otherwise the joint
pursues it. Joints are independent.

Shapes: J joints.
"""

import numpy as np

from handiwork.control.limits import Limits
from handiwork.safety.braking import (
    ROUNDING,
    Bounds,
    bounds_of,
    braked,
    coming_speed,
    resting_point,
    stays_inside,
)
from handiwork.safety.one_tick import State, fits_acceleration, fits_jerk
from handiwork.safety.pursuit import Motion, Pursuit

_ROUNDING = 1e-3  # of a velocity, acceleration or jerk that is wanted


class LimitedMotion:
    """Remembers what was sent last, and how it moved."""

    def __init__(self, limits: Limits, position: np.ndarray) -> None:
        self._limits = limits
        self.anchor(position)

    def anchor(self, position: np.ndarray) -> None:
        """Begin anew, at rest at (J,) [rad]. Joints that are outside may stay or come back."""
        here = np.asarray(position, float)
        limits = self._limits
        self._bounds = tuple(
            bound._replace(lower=min(bound.lower, p), upper=max(bound.upper, p))
            for bound, p in zip(bounds_of(limits), here.tolist(), strict=True)
        )
        self._pursuit = Pursuit(self._bounds)
        still = [0.0] * len(here)
        self.sent = Motion(here.tolist(), still, still)

    @property
    def resting(self) -> bool:
        """Nothing moves."""
        return not any(self.sent.velocity) and not any(self.sent.acceleration)

    def follow(self, wanted: Motion, tick: float, share: float = 1.0) -> str | None:
        """Go to what is wanted, or as near as the limits allow; then say why not there.

        Args:
            wanted: finite, at the end of the tick.
            tick: [s] since the last step.
            share: of the velocity limits that may be used, above 0.
        """
        ends = zip(*self.sent, strict=True), zip(*wanted, strict=True)
        broken = [
            _broken(bound, start, end, tick, share)
            for bound, start, end in zip(self._bounds, *ends, strict=True)
        ]
        if not any(broken):
            self.sent = wanted
            return None
        near = self._pursuit.step(self.sent, wanted, tick, share)
        states = [
            (wanted.position[joint], wanted.velocity[joint], wanted.acceleration[joint])
            if what is None
            else self._nearer(joint, near, tick)
            for joint, what in enumerate(broken)
        ]
        self.sent = Motion(*map(list, zip(*states, strict=True)))
        return self._difference(wanted, broken, share)

    def brake(self, tick: float) -> None:
        """Come to rest as soon as the limits allow."""
        if self.resting:
            return
        states = [
            braked(p, v, a, tick, bound)
            for p, v, a, bound in zip(*self.sent, self._bounds, strict=True)
        ]
        self.sent = Motion(*map(list, zip(*states, strict=True)))

    def resting_point(self, after: float) -> np.ndarray:
        """(J,) [rad] where the joints would rest if they went on like this and then stopped.

        after: [s] until they begin to stop.
        """
        points = []
        for p, v, a, bound in zip(*self.sent, self._bounds, strict=True):
            faster = min(max(v + a * after, -bound.velocity), bound.velocity)
            points.append(resting_point(p + after * (v + faster) / 2, faster, a, bound))
        return np.array(points)

    def _nearer(self, joint: int, near: Motion | None, tick: float) -> tuple[float, float, float]:
        """A tick of the pursuit where a stop still fits afterwards, else of the stop."""
        bound, sent = self._bounds[joint], self.sent
        if near is not None:
            p, v, a = near.position[joint], near.velocity[joint], near.acceleration[joint]
            fastest = (1 + _ROUNDING) * bound.velocity
            if abs(coming_speed(v, a, bound)) <= fastest and stays_inside(p, v, a, bound):
                return p, v, a
        return braked(
            sent.position[joint], sent.velocity[joint], sent.acceleration[joint], tick, bound
        )

    def _difference(self, wanted: Motion, broken: list[str | None], share: float) -> str:
        """In one sentence, for the joint that is furthest from where it is wanted."""
        away = [
            abs(p - q) if what else -1.0
            for p, q, what in zip(wanted.position, self.sent.position, broken, strict=True)
        ]
        joint = away.index(max(away))
        bound, what = self._bounds[joint], broken[joint]
        allowed = {
            "position": f"a stop between {bound.lower:.4g} and {bound.upper:.4g} rad",
            "velocity": f"at most {share * bound.velocity:.4g} rad/s",
            "acceleration": f"at most {bound.acceleration:.4g} rad/s^2",
            "jerk": f"at most {bound.jerk:.4g} rad/s^3",
        }[what or "jerk"]
        return (
            f"{bound.name} is {away[joint]:.4f} rad from where it is wanted: "
            f"its {what} allows {allowed}"
        )


def _broken(bound: Bounds, start: State, end: State, tick: float, share: float) -> str | None:
    """The limit that a joint would break on the way from start to end; None if none."""
    p, v, a = end
    if start == end and not v and not a:
        return None
    if not bound.lower - ROUNDING <= p <= bound.upper + ROUNDING:
        return "position"
    fastest = (1 + _ROUNDING) * bound.velocity
    if abs(v) > share * fastest or abs(p - start[0]) > tick * fastest:
        return "velocity"
    strongest = (1 + _ROUNDING) * bound.acceleration
    if abs(a) > strongest or not fits_acceleration(start, end, tick, strongest):
        return "acceleration"
    if abs(coming_speed(v, a, bound)) > fastest:
        return "velocity"
    if not stays_inside(p, v, a, bound):
        return "position"
    return None if fits_jerk(start, end, tick, (1 + _ROUNDING) * bound.jerk) else "jerk"
