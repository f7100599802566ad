"""Joint positions that put a tool at a full pose, found from near postures, again and again.

A search is damped least squares on the six numbers of the pose's logarithm. Joints that stand at a
limit and would go on through it are left out of the step, so the others make up for them. A search
that stops getting nearer is given up; the next one starts from the posture, among thousands of
seeded ones, whose tool is next nearest to the pose.

Source: Sugihara, IEEE Trans. Robotics 27(5), 2011, doi:10.1109/TRO.2011.2148230 (the damping grows
with the squared error, so it vanishes at the solution); pinocchio for placements and Jacobians.
Shapes: K joints in pinocchio's order, N seeded postures.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
from scipy.linalg.blas import dsyrk  # pyright: ignore[reportAttributeAccessIssue] (compiled)
from scipy.linalg.lapack import dposv  # pyright: ignore[reportAttributeAccessIssue] (compiled)
from scipy.spatial import cKDTree  # pyright: ignore[reportAttributeAccessIssue] (compiled)

from handiwork.robots.chain import Chain

_IDENTITY = np.asfortranarray(np.eye(6))
_LENGTH = 0.3  # [m] that weigh as much as a radian when poses are compared
_FIRST = 4  # neighbours looked up at first; most searches end before


@dataclass(frozen=True, kw_only=True)
class PoseInverseConfig:
    """When a search is content, when it gives up, and how many there are."""

    position_tolerance: float = 1e-6  # [m]
    turn_tolerance: float = 1e-5  # [rad]
    iterations: int = 40  # of one search
    patience: int = 3  # iterations without getting nearer by a fifth
    damping: float = 1e-2  # times the squared error, added to the squared singular values
    largest_step: float = 0.5  # [rad] of any joint per iteration
    restarts: int = 64  # at most, from seeded postures
    postures: int = 16384  # N


class PoseInverse:
    """Searches on one chain."""

    def __init__(self, chain: Chain, config: PoseInverseConfig) -> None:
        self._chain, self._config = chain, config

    def search(self, base_from_tool: pin.SE3, start: np.ndarray) -> np.ndarray | None:
        """(K,) [rad] inside the limits from one start (K,), or None if the search is given up."""
        chain, config = self._chain, self._config
        now, best, patience = chain.inside(start), math.inf, config.patience
        enough, turned_enough = config.position_tolerance**2, config.turn_tolerance**2
        for _ in range(config.iterations):
            pin.computeJointJacobians(chain.model, chain.data, now)  # placements too
            tool = pin.updateFramePlacement(chain.model, chain.data, chain.tool)
            lacks = pin.log6(tool.actInv(base_from_tool)).vector  # (6,) seen from the tool
            x, y, z, turn_x, turn_y, turn_z = lacks.tolist()
            away = x * x + y * y + z * z
            turn = turn_x * turn_x + turn_y * turn_y + turn_z * turn_z
            if away < enough and turn < turned_enough:
                return now
            error = away + turn
            if error < 0.8 * best:
                best, patience = error, config.patience
            elif patience == 0:
                return None
            else:
                patience -= 1
            now = self._moved(now, lacks, config.damping * error)
        return None

    def solutions(self, base_from_tool: pin.SE3) -> Iterator[np.ndarray]:
        """(K,) [rad] of every search that succeeds, from the nearest seeded posture on."""
        for start in self._starts(base_from_tool):
            found = self.search(base_from_tool, start)
            if found is not None:
                yield found

    def _moved(self, now: np.ndarray, lacks: np.ndarray, damping: float) -> np.ndarray:
        """(K,) [rad] one step from `now`, where the chain was last placed, to less of `lacks`."""
        chain = self._chain
        jacobian = pin.getFrameJacobian(chain.model, chain.data, chain.tool, pin.LOCAL)  # (6, K)
        wanted = now + self._limited(_damped(jacobian, lacks, damping))
        moved = chain.inside(wanted)
        if moved.tobytes() == wanted.tobytes():  # the quickest comparison, and the usual case
            return moved
        blocked = (moved == now) & (wanted != now)
        if not blocked.any():
            return moved
        step = _damped(np.where(blocked, 0.0, jacobian), lacks, damping)
        return chain.inside(now + self._limited(step))

    def _limited(self, step: np.ndarray) -> np.ndarray:
        """(K,) the same direction, no joint by more than the largest step [rad]."""
        largest = max(map(abs, step.tolist()))
        return step * min(1.0, self._config.largest_step / max(largest, 1e-12))

    def _starts(self, base_from_tool: pin.SE3) -> Iterator[np.ndarray]:
        """Seeded postures (K,), those first whose tools are nearest to the pose."""
        postures, tree = self._seeded
        features, looked_up = _features(base_from_tool), 0
        for count in (min(_FIRST, self._config.restarts), self._config.restarts):
            # Nearly the nearest: they lead there as often, and are found in a third of the time.
            _, nearest = tree.query(features, count, eps=1.0)
            for number in np.atleast_1d(nearest)[looked_up:]:
                yield postures[number]
            looked_up = count

    @cached_property
    def _seeded(self) -> tuple[np.ndarray, cKDTree]:
        """(N, K) random postures inside the limits, and a tree of their tools' poses."""
        chain, draws = self._chain, np.random.default_rng(0)
        shape = (self._config.postures, len(chain.lower))
        postures = draws.uniform(chain.lower, chain.upper, shape)
        return postures, cKDTree(np.array([_features(chain.place(one)) for one in postures]))


def _damped(jacobian: np.ndarray, lacks: np.ndarray, damping: float) -> np.ndarray:
    """(K,) the damped least squares step of a Jacobian (6, K)."""
    # normal = jacobian @ jacobian.T + damping, (6, 6): symmetric and positive by construction
    normal = dsyrk(1.0, jacobian.T, trans=1, beta=damping + 1e-12, c=_IDENTITY)
    _, weights, _ = dposv(normal, lacks)
    return jacobian.T @ weights


def _features(base_from_tool: pin.SE3) -> np.ndarray:
    """(12,) of a pose such that near poses have near features: position and weighted axes [m]."""
    return np.concatenate([base_from_tool.translation, _LENGTH * base_from_tool.rotation.ravel()])
