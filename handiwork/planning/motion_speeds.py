"""How far bodies can come nearer to each other on one given motion: closer than for any motion.

The motion is looked at in a few middles. There, each link's speed against each other link is known
from the Jacobian, with the directions of all joints' contributions; around a middle it changes by
no more than the second derivatives of a chain of joints allow. A point p at most R_m from joint m
moves with |d2p / dq_j dq_k| <= R_max(j,k), since that derivative is a_j x (a_k x (p - o_k)) for
joint k after joint j, with axes a of length one; for joints that slide R is 1.

Source: Schwarzer, Saha & Latombe, IEEE Trans. Robotics 21(3), 2005, doi:10.1109/TRO.2004.838012,
section III, for one motion at a time; derivatives of a chain: Hourtash, Int. J. Robotics Research
24(7), 2005 (the kinematic Hessian).
Shapes: G joints of the group, V joints in pinocchio's order, P pairs, S sides (a link that moves
against another), M middles.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.motion_bounds import body_rates

_TURN = 0.12  # [rad], all joints together, from a middle to the end of its share of a motion
_MOST_MIDDLES = 32


class MotionSpeeds:
    """Bounds for the pairs of one world."""

    def __init__(self, world: CollisionWorld) -> None:
        self._world, self._model = world, world.model
        self._data = world.model.createData()
        bodies = world.geometry.geometryObjects
        self._links = {joint: _Link(self._model, bodies, joint) for joint in _moving(bodies)}
        parents = [body.parentJoint for body in bodies]
        between = [(parents[first], parents[second]) for first, second in world.pairs.tolist()]
        sides = sorted({side for a, b in between for side in ((a, b), (b, a)) if side[0] > 0})
        place = {side: number for number, side in enumerate(sides)}
        still = len(sides)  # the row of what does not move
        self._of_pairs = np.array(
            [(place.get((a, b), still), place.get((b, a), still)) for a, b in between], int
        ).reshape(-1, 2)
        self._movers = [mover for mover, _ in sides]
        self._own = np.array([self._moves(a) & ~self._moves(b) for a, b in sides], float)
        self._own = self._own.reshape(-1, self._model.nv)  # (S, V)
        self._curving = np.array(
            [_curving(self._links[mover].rates) for mover in self._movers]
        ).reshape(-1, self._model.nv, self._model.nv)
        self._radii = np.array([self._links[mover].radius for mover in self._movers])  # (S,)

    def rates(self, start: np.ndarray, change: np.ndarray) -> np.ndarray:
        """(P,) by how much each pair's distance changes at most from (G,) over a change (G,) [m]."""
        moved = np.zeros(self._model.nv)
        moved[self._world.velocity_columns] = change
        turn = float(np.abs(change).sum())
        middles = min(_MOST_MIDDLES, max(1, int(np.ceil(turn / (2 * _TURN)))))
        shares = (np.arange(middles) + 0.5) / middles
        weights = self._own * moved  # (S, V)
        fastest = self._speeds(start + shares[:, None] * change, weights).max(0)
        size = np.abs(weights)
        curve = np.einsum("sv,svw,sw->s", size, self._curving, size)
        sides = np.append(fastest + curve / (2 * middles), 0.0)
        return sides[self._of_pairs].sum(1)

    def _speeds(self, postures: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(M, S) of the fastest point of each side at (M, G), per share of the motion [m]."""
        jacobians, centres = [], []
        for posture in postures:
            q = self._world.configuration(posture)
            # A copy: pinocchio gives out the same memory every time.
            jacobians.append(pin.computeJointJacobians(self._model, self._data, q).copy())
            centres.append([self._data.oMi[joint].act(at) for joint, at in self._centres])
        jacobian = np.array(jacobians)[:, None]  # (M, 1, 6, V) at the base's origin
        motion = (jacobian @ weights[..., None])[..., 0]  # (M, S, 6)
        linear, turning = motion[..., :3], motion[..., 3:]
        at = np.array(centres)[:, self._movers]  # (M, S, 3)
        return _lengths(linear + np.cross(turning, at)) + self._radii * _lengths(turning)

    def _moves(self, joint: int) -> np.ndarray:
        """(V,) whether each joint moves what hangs on a joint."""
        moves = np.zeros(self._model.nv, bool)
        while joint > 0:
            moves[self._model.joints[joint].idx_v] = True
            joint = self._model.parents[joint]
        return moves


class _Link:
    """All that hangs on one joint: a ball around it, and the reach of each joint to it."""

    def __init__(self, model: pin.Model, bodies: list[pin.GeometryObject], joint: int) -> None:
        own = [body for body in bodies if body.parentJoint == joint]
        self.rates = np.max([body_rates(model, body) for body in own], axis=0)  # (V,)
        centres = np.array([body.placement.act(body.geometry.aabb_center) for body in own])
        radii = np.array([body.geometry.aabb_radius for body in own])
        self.centre = (centres.min(0) + centres.max(0)) / 2
        self.radius = float((_lengths(centres - self.centre) + radii).max())


def _moving(bodies: list[pin.GeometryObject]) -> list[int]:
    return sorted({body.parentJoint for body in bodies} - {0})


def _curving(rates: np.ndarray) -> np.ndarray:
    """(V, V) the reach of the later of two joints; pinocchio numbers them along the chain."""
    later = np.maximum.outer(np.arange(len(rates)), np.arange(len(rates)))
    return rates[later]


def _lengths(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors * vectors).sum(-1))
