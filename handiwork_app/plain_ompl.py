"""OMPL as it comes: its RRT-Connect and its `simplifySolution`, with every setting its own.

A validity callback in Python asks the planner's own checker, posture by posture, at samples a
hundredth of the space's extent apart (0.1 rad or so); between them nothing is looked at, and
nothing is proven.

Source: OMPL 2, geometric::SimpleSetup (the usual way to use it).
Shapes: G joints of the group, N points of a path.
"""

from typing import Any

import numpy as np
from ompl import base, geometric

from handiwork.planning.planner import Planner


def plain_path(
    planner: Planner, start: np.ndarray, goal: np.ndarray, seconds: float
) -> np.ndarray | None:
    """A path (N, G) [rad] from (G,) to (G,), or None if none was found in that many seconds."""
    joints = len(planner.lower)
    space = _space(planner)
    setup = geometric.SimpleSetup(space)
    free = planner.checker.free
    setup.setStateValidityChecker(lambda state: free(_posture(state, joints)))
    setup.setStartAndGoalStates(_state(space, start), _state(space, goal))
    setup.setPlanner(geometric.RRTConnect(setup.getSpaceInformation()))
    if setup.solve(seconds).getStatus() != base.PlannerStatus.EXACT_SOLUTION:
        return None
    setup.simplifySolution()
    return np.array([_posture(state, joints) for state in setup.getSolutionPath().getStates()])


def _space(planner: Planner) -> base.RealVectorStateSpace:
    space = base.RealVectorStateSpace(len(planner.lower))
    bounds = base.RealVectorBounds(len(planner.lower))
    for joint, (low, high) in enumerate(zip(planner.lower, planner.upper, strict=True)):
        bounds.setLow(joint, float(low))
        bounds.setHigh(joint, float(high))
    space.setBounds(bounds)
    return space


def _state(space: base.RealVectorStateSpace, posture: np.ndarray) -> Any:
    state: Any = space.allocState()  # OMPL's types lack indexing
    for joint, position in enumerate(posture.tolist()):
        state[joint] = position
    return state


def _posture(state: Any, joints: int) -> np.ndarray:
    """(G,) [rad]."""
    return np.array([state[joint] for joint in range(joints)])
