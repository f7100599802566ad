"""From the trajectory that is running to the next one, without a step, and always to rest.

The next trajectory starts with the points of the running one that still count, up to a knot a
little after `now`, and leaves it there. Leaving at a knot means that the rest of the running
trajectory is itself one of the paths to choose from, so a way to rest inside the limits always
exists as long as this module made the running one.

Shapes: N points, J joints, M references, n pieces.
"""

import math
from dataclasses import dataclass

import numpy as np

from handiwork.control.joint_trajectory import JointSample, JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample_all
from handiwork.control.spline import KNOT, Infeasible, fit
from handiwork.control.stopping import stopping

SETTLE = 0.4  # [s] from the last reference to rest
_SLIVER = 1e-4  # [s] the derivatives of a piece shorter than this drown in rounding


@dataclass(frozen=True, kw_only=True, eq=False)
class Departure:
    """Where and when the next trajectory leaves the running one.

    head: the running trajectory from the last knot before `now` up to the departure.
    state: the commanded state at the departure.
    remaining: how long the running trajectory would go on after it [s].
    """

    head: JointTrajectory
    state: JointSample
    remaining: float

    @property
    def time(self) -> float:
        """When it leaves [s]."""
        return self.head.end

    def knots(self, end: float) -> np.ndarray:
        """Times of the knots from the departure to the first one at or after `end`."""
        pieces = max(math.ceil((end - self.time) / KNOT - 1e-6), 1)
        return self.time + KNOT * np.arange(pieces + 1)


@dataclass(frozen=True, kw_only=True, eq=False)
class Joined:
    """The next trajectory; `infeasible` names joints for which only a stop was found."""

    trajectory: JointTrajectory
    infeasible: tuple[str, ...] = ()


def depart(running: JointTrajectory, now: float, earliest: float) -> Departure:
    """Leave at the first knot from `earliest` on; at `earliest` itself where none is near.

    Args:
        running: the trajectory in force; a single point if the arm rests.
        now: time at which the controller may switch at the earliest [s].
        earliest: time from which the next trajectory may differ [s], after `now`.
    """
    knots = running.times
    following = knots[np.searchsorted(knots, earliest - 1e-9) :]
    near = len(following) > 0 and following[0] - earliest < KNOT
    time = float(following[0]) if near else earliest
    before = knots[knots <= now]
    start = before[-1] if len(before) and before[-1] > now - KNOT - _SLIVER else now
    between = knots[(knots > start + _SLIVER) & (knots < time - 1e-9)]
    times = np.concatenate([[start], between, [time]])
    states = sample_all(running, times)
    return Departure(
        head=_trajectory(running.names, times, states[:3]),
        state=JointSample(*states[:3, -1]),
        remaining=max(running.end - time, 0.0),
    )


def join(departure: Departure, times: np.ndarray, positions: np.ndarray, limits: Limits) -> Joined:
    """Follow references as nearly as the limits allow, then come to rest.

    References are joined by straight lines, starting from where the arm departs.

    Args:
        departure: where the running trajectory is left.
        times: (M,) when the references are due, increasing [s].
        positions: (M, J) references [rad].
        limits: of the joints. A reference outside the position limits is aimed for at the limit.
    """
    knots = departure.knots(times[-1] + SETTLE)
    more = math.ceil((departure.time + departure.remaining - knots[-1]) / KNOT - 1e-6)
    knots = departure.knots(float(knots[-1]) + max(more, 0) * KNOT)
    references = _references(departure, times, positions, knots, limits)
    tracked = int(np.searchsorted(knots, times[-1], side="right"))
    try:
        states = fit(departure.state, references, tracked, limits)
    except Infeasible as error:
        stopped = _appended(departure, *_stopped(departure, limits))
        return Joined(trajectory=stopped, infeasible=(limits.names[error.joint],))
    return Joined(trajectory=_appended(departure, knots, states))


def stop(running: JointTrajectory, limits: Limits, now: float, lead: float) -> JointTrajectory:
    """Leave the running trajectory `lead` after `now` and stop as soon as the limits allow."""
    departure = depart(running, now, now + lead)
    return _appended(departure, *_stopped(departure, limits))


def at_rest(names: tuple[str, ...], position: np.ndarray, time: float) -> JointTrajectory:
    """A trajectory of one point: an arm that rests."""
    position = np.asarray(position, float)[None]
    still = np.zeros_like(position)
    return JointTrajectory(
        names=names,
        times=np.array([time]),
        positions=position,
        velocities=still,
        accelerations=still,
    )


def _references(
    departure: Departure,
    times: np.ndarray,
    positions: np.ndarray,
    knots: np.ndarray,
    limits: Limits,
) -> np.ndarray:
    """(n + 1, J) references at the knots, clipped to the position limits."""
    later = times > departure.time + 1e-9
    times = np.concatenate([[departure.time], times[later]])
    positions = np.vstack([departure.state.position, positions[later]])
    inside = np.clip(positions, limits.lower, limits.upper)
    return np.stack([np.interp(knots, times, joint) for joint in inside.T], axis=1)


def _stopped(departure: Departure, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    times, states = stopping(departure.state, limits)
    return departure.time + times, states


def _appended(departure: Departure, times: np.ndarray, states: np.ndarray) -> JointTrajectory:
    """The head, then the points after the departure; times (N,), states (3, N, J)."""
    head = departure.head
    assert head.velocities is not None  # made by `depart`
    assert head.accelerations is not None
    before = np.stack([head.positions, head.velocities, head.accelerations])
    return _trajectory(
        head.names,
        np.concatenate([head.times, times[1:]]),
        np.concatenate([before, states[:, 1:]], axis=1),
    )


def _trajectory(names: tuple[str, ...], times: np.ndarray, states: np.ndarray) -> JointTrajectory:
    return JointTrajectory(
        names=names,
        times=times,
        positions=states[0],
        velocities=states[1],
        accelerations=states[2],
    )
