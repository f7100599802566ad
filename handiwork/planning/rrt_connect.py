"""OMPL's RRT-Connect between one posture and several, with motions checked by our own checkers.

Source: Kuffner & LaValle, ICRA 2000, doi:10.1109/ROBOT.2000.844730; OMPL 2 (the implementation).
Shapes: G joints of the group, K goals, N points of a path.
"""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from ompl import base, geometric, util

util.setLogLevel(util.LOG_ERROR)


class Motions(Protocol):
    """What is asked about motions."""

    def free(self, start: np.ndarray, end: np.ndarray) -> bool:
        """Whether the straight motion between two postures (G,) [rad] is free."""
        ...


class RRTConnect:
    """One search space: bounds (G,) [rad], and how far a tree grows in one step [rad]."""

    def __init__(self, lower: np.ndarray, upper: np.ndarray, reach: float) -> None:
        self._joints = len(lower)
        self._reach = reach
        self._space = base.RealVectorStateSpace(self._joints)
        bounds = base.RealVectorBounds(self._joints)
        for joint in range(self._joints):
            bounds.setLow(joint, float(lower[joint]))
            bounds.setHigh(joint, float(upper[joint]))
        self._space.setBounds(bounds)

    def search(
        self,
        start: np.ndarray,
        goals: np.ndarray,
        free: Callable[[np.ndarray], bool],
        motions: Motions,
        seconds: float,
    ) -> np.ndarray | None:
        """A path (N, G) [rad] from `start` (G,) to one of `goals` (K, G), or None in that time."""
        information = self._information(free, motions)
        problem = base.ProblemDefinition(information)
        problem.addStartState(self._state(start))
        targets = base.GoalStates(information)
        for goal in goals:
            targets.addState(self._state(goal))
        problem.setGoal(targets)
        planner = geometric.RRTConnect(information)
        planner.setRange(self._reach)
        planner.setProblemDefinition(problem)
        planner.setup()
        status = planner.solve(float(seconds))
        if status.getStatus() != base.PlannerStatus.EXACT_SOLUTION:
            return None
        return self._points(problem.getSolutionPath())

    def _information(
        self, free: Callable[[np.ndarray], bool], motions: Motions
    ) -> base.SpaceInformation:
        information = base.SpaceInformation(self._space)
        information.setStateValidityChecker(_Postures(information, free, self._joints))
        information.setMotionValidator(_Edges(information, motions, self._joints))
        information.setup()
        return information

    def _state(self, posture: np.ndarray) -> Any:  # OMPL's types lack indexing
        state: Any = self._space.allocState()
        for joint, position in enumerate(posture.tolist()):
            state[joint] = position
        return state

    def _points(self, path: Any) -> np.ndarray:
        return np.array([_array(state, self._joints) for state in path.getStates()])


class _Postures(base.StateValidityChecker):
    def __init__(
        self,
        information: base.SpaceInformation,
        free: Callable[[np.ndarray], bool],
        joints: int,
    ) -> None:
        super().__init__(information)
        self._free, self._joints = free, joints

    def isValid(self, state: Any) -> bool:  # noqa: N802 (OMPL's name)
        return self._free(_array(state, self._joints))


class _Edges(base.MotionValidator):
    def __init__(self, information: base.SpaceInformation, motions: Motions, joints: int) -> None:
        super().__init__(information)
        self._motions, self._joints = motions, joints

    def checkMotion(self, start: Any, end: Any) -> bool:  # noqa: N802 (OMPL's name)
        return self._motions.free(_array(start, self._joints), _array(end, self._joints))


def _array(state: Any, joints: int) -> np.ndarray:
    return np.array([state[joint] for joint in range(joints)])
