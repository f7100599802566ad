"""Smooth paths of joints that start in a given state and end at rest: one small QP per joint.

A uniform cubic B-spline has pieces of constant jerk, and its derivatives are again B-splines whose
coefficients are the differences of its own. A B-spline lies between its coefficients, so bounds on
differences bound position, velocity, acceleration and jerk everywhere, not only at the knots. The
first three coefficients are the state at the start, and three equal ones at the end are rest; both
are eliminated, so they hold exactly.

    minimise    sum_k w_k (p_k - r_k)^2 + s_2 |second differences|^2 + s_3 |third differences|^2
    subject to  bounds on the coefficients and on their first, second and third differences

In units where the knots are 1 apart nothing depends on the joint but the bounds, so the matrices
are computed once for each size.

Source: de Boor, A Practical Guide to Splines, ch. IX-X (B-splines, their derivatives and hull);
Arnström et al., DAQP, arXiv:2106.12370 (the solver).
Shapes: n pieces, n + 1 knots, n + 3 coefficients, of them n - 2 free; J joints.
"""

from functools import lru_cache

import daqp
import numpy as np

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.limits import Limits

KNOT = 0.04  # [s] between knots
_SMOOTH_ACCELERATION = 1e-6  # weights against squared position errors; knots are 1 apart
_SMOOTH_JERK = 1e-5
_SETTLING_WEIGHT = 0.05  # of errors after the last reference, where the arm only has to stop
_SLACK = 0.998  # of velocity, acceleration and jerk: the solver keeps bounds to 1e-6 only
_MARGIN = 1e-5  # [rad] to the position limits, for the same reason


class Infeasible(Exception):
    """No path from this state to rest keeps the limits of this joint (its number)."""

    def __init__(self, joint: int) -> None:
        super().__init__(joint)
        self.joint = joint


def fit(state: JointSample, references: np.ndarray, tracked: int, limits: Limits) -> np.ndarray:
    """States at the knots of the path from `state` to rest that is nearest to the references.

    Args:
        state: where and how the J joints move at the first knot.
        references: (n + 1, J) wanted positions at the knots [rad].
        tracked: how many knots count in full; the rest is for coming to rest.
        limits: of the J joints.

    Returns:
        positions, velocities, accelerations at the knots, (3, n + 1, J).

    Raises:
        Infeasible: the state cannot be brought to rest inside the limits in this time.
    """
    problem = _problem(len(references) - 1, tracked)
    coefficients = problem.solve(_first_three(state), references, limits)  # (n + 3, J)
    before, here, after = coefficients[:-2], coefficients[1:-1], coefficients[2:]
    states = np.stack(
        [
            (before + 4 * here + after) / 6,
            (after - before) / (2 * KNOT),
            (before - 2 * here + after) / KNOT**2,
        ]
    )
    states[:, 0] = state.position, state.velocity, state.acceleration
    states[1:, -1] = 0.0
    return states


def _first_three(state: JointSample) -> np.ndarray:
    """(3, J) coefficients that put the spline in `state` at its first knot."""
    curve = KNOT**2 * state.acceleration
    middle = state.position - curve / 6
    return np.stack(
        [
            middle - KNOT * state.velocity + curve / 2,
            middle,
            middle + KNOT * state.velocity + curve / 2,
        ]
    )


class _Problem:
    """The QP of one size, its matrices and the solver's memory; for one thread at a time."""

    def __init__(self, pieces: int, tracked: int) -> None:
        every = np.eye(pieces + 3)
        self._free = every[:, 3 : pieces + 1].copy()  # (n + 3, n - 2)
        self._free[-2:, -1] = 1.0  # the last three are equal
        self._weights = np.where(np.arange(pieces + 1) < tracked, 1.0, _SETTLING_WEIGHT)
        self._knots = (every[:-2] + 4 * every[1:-1] + every[2:]) / 6  # (n + 1, n + 3)
        first, second, third = (np.diff(every, order, axis=0) for order in (1, 2, 3))
        # Left out: rows that the start alone decides, and rows of zeros at the end.
        self._differences = np.vstack([first[2:-2], second[1:-1], third])
        self._sizes = [len(first) - 4, len(second) - 2, len(third)]
        smooth = _SMOOTH_ACCELERATION * second.T @ second + _SMOOTH_JERK * third.T @ third
        quadratic = self._knots.T @ (self._weights[:, None] * self._knots) + smooth
        self._gradient = self._free.T @ quadratic  # (n - 2, n + 3)
        self._pull = self._free.T @ self._knots.T * self._weights  # (n - 2, n + 1)
        hessian = np.ascontiguousarray(self._gradient @ self._free)
        self._rows = np.ascontiguousarray(self._differences @ self._free)
        self._inverse = np.linalg.inv(hessian)
        bounds = np.ones(len(hessian) + len(self._rows))
        self._solver = daqp.Model()
        self._solver.setup(hessian, np.zeros(len(hessian)), self._rows, bounds, -bounds)

    def solve(self, start: np.ndarray, references: np.ndarray, limits: Limits) -> np.ndarray:
        """(n + 3, J) coefficients that begin with `start` (3, J)."""
        fixed = np.zeros((len(self._free), start.shape[1]))
        fixed[:3] = start
        linear = self._gradient @ fixed - self._pull @ references  # (n - 2, J)
        lower, upper = self._bounds(fixed, limits)  # (n - 2 + rows, J)
        free = -self._inverse @ linear
        values = np.vstack([free, self._rows @ free])
        broken = ((values < lower) | (values > upper)).any(axis=0)
        for joint in np.flatnonzero(broken).tolist():
            free[:, joint] = self._bounded(
                linear[:, joint], lower[:, joint], upper[:, joint], joint
            )
        return fixed + self._free @ free

    def _bounds(self, fixed: np.ndarray, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of the free coefficients and of the differences, less what the start adds.

        A joint that starts outside its position limits may come back in, never go further out.
        """
        lowest = np.minimum(limits.lower + _MARGIN, fixed[:3].min(axis=0))
        highest = np.maximum(limits.upper - _MARGIN, fixed[:3].max(axis=0))
        rates = [limits.velocity * KNOT, limits.acceleration * KNOT**2, limits.jerk * KNOT**3]
        widest = np.repeat(_SLACK * np.array(rates), self._sizes, axis=0)  # (rows, J)
        already = self._differences @ fixed
        lower, upper = np.empty((2, self._free.shape[1] + len(widest), len(lowest)))
        count = self._free.shape[1]
        lower[:count], lower[count:] = lowest, -widest - already
        upper[:count], upper[count:] = highest, widest - already
        return lower, upper

    def _bounded(
        self, linear: np.ndarray, lower: np.ndarray, upper: np.ndarray, joint: int
    ) -> np.ndarray:
        self._solver.update(
            f=np.ascontiguousarray(linear),
            bupper=np.ascontiguousarray(upper),
            blower=np.ascontiguousarray(lower),
        )
        solution, _, flag, _ = self._solver.solve()
        if flag <= 0:
            raise Infeasible(joint)
        return solution


@lru_cache(maxsize=64)
def _problem(pieces: int, tracked: int) -> _Problem:
    return _Problem(pieces, tracked)
