"""The loops of `sampling` and of a trajectory's coefficients, compiled.

The signatures are fixed, so that no other kind of array is compiled for in the middle of a motion.

Shapes: N points, S = N - 1 segments, J joints, T times.
"""
# ruff: noqa: ANN001, ANN201, ANN202 (numba finds the types)

import math

import numpy as np
from numba import njit

# The derivative of order d of t^p is perm(p, d) t^(p - d), and 0 where d is more than p.
_FACTORS = np.array([[math.perm(p, d) for p in range(6)] for d in range(4)], float)


@njit(cache=True, nogil=True, inline="always")
def _derivative(c, elapsed, order):
    value = 0.0
    for p in range(5, order - 1, -1):
        value = value * elapsed + _FACTORS[order, p] * c[p]
    return value


@njit(cache=True, nogil=True, inline="always")
def _told(rows, s):
    for j in range(rows.shape[1]):
        if not (np.isfinite(rows[s, j]) and np.isfinite(rows[s + 1, j])):
            return False
    return True


@njit("(f8[::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, :, ::1])", cache=True, nogil=True)
def fit_segments(times, positions, velocities, accelerations, coefficients):
    """Writes (S, J, 6): of the polynomial in the time since the start of each segment.

    velocities, accelerations: (N, J), a row of NaN where a point says nothing; (0, J): none does.
    """
    for s in range(len(times) - 1):
        span = times[s + 1] - times[s]
        cubic = len(velocities) > 0 and _told(velocities, s)
        quintic = cubic and len(accelerations) > 0 and _told(accelerations, s)
        for j in range(positions.shape[1]):
            c = coefficients[s, j]
            rise = positions[s + 1, j] - positions[s, j]
            c[:] = 0.0
            c[0] = positions[s, j]
            if not cubic:
                c[1] = rise / span
                continue
            v0, v1 = velocities[s, j], velocities[s + 1, j]
            c[1] = v0
            if not quintic:
                c[2] = (3 * rise - (2 * v0 + v1) * span) / span**2
                c[3] = (-2 * rise + (v0 + v1) * span) / span**3
                continue
            away = rise / span - v0  # how much faster than at the start it goes on average
            faster = v1 - v0
            curve0, curve1 = accelerations[s, j] * span, accelerations[s + 1, j] * span
            c[2] = accelerations[s, j] / 2
            c[3] = (10 * away - 4 * faster - 1.5 * curve0 + 0.5 * curve1) / span**2
            c[4] = (-15 * away + 7 * faster + 1.5 * curve0 - curve1) / span**3
            c[5] = (6 * away - 3 * faster - 0.5 * curve0 + 0.5 * curve1) / span**4


@njit("(f8[::1], f8[:, :, ::1], f8[::1], f8[:, :, ::1])", cache=True, nogil=True)
def values_at(knots, coefficients, times, values):
    """Writes the derivatives (D, T, J) of orders 0 to D - 1, at most 3; outside, of the nearer
    end.
    """
    for t in range(len(times)):
        time = min(max(times[t], knots[0]), knots[-1])
        s = min(np.searchsorted(knots, time, side="right"), len(knots) - 1) - 1
        for order in range(len(values)):
            for j in range(values.shape[2]):
                values[order, t, j] = _derivative(coefficients[s, j], time - knots[s], order)


@njit("(f8[::1], f8[:, :, ::1], f8[:, ::1], f8[:, :, :, ::1])", cache=True, nogil=True)
def values_within(knots, coefficients, instants, values):
    """Writes instants (S, P), evenly from each segment's start to its end, and the derivatives
    (D, S, P, J) there.
    """
    parts = instants.shape[1] - 1
    for s in range(len(knots) - 1):
        span = knots[s + 1] - knots[s]
        for p in range(parts + 1):
            elapsed = span * p / parts
            instants[s, p] = knots[s] + elapsed
            for order in range(len(values)):
                for j in range(values.shape[3]):
                    values[order, s, p, j] = _derivative(coefficients[s, j], elapsed, order)


@njit("(f8[::1], f8[:, :, ::1], i8, f8[:, ::1], f8[:, ::1])", cache=True, nogil=True)
def extremes(knots, coefficients, parts, lowest, highest):
    """Writes the least and the greatest (4, J) of what `values_within` would write."""
    lowest[:], highest[:] = np.inf, -np.inf
    for s in range(len(knots) - 1):
        span = knots[s + 1] - knots[s]
        for p in range(parts + 1):
            elapsed = span * p / parts
            for order in range(len(lowest)):
                for j in range(lowest.shape[1]):
                    value = _derivative(coefficients[s, j], elapsed, order)
                    lowest[order, j] = min(lowest[order, j], value)
                    highest[order, j] = max(highest[order, j], value)
