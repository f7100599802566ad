"""How far bodies can come nearer to each other on one given motion: closer than for any motion.

A motion is looked at in a few middles. There the Jacobian says how fast each link moves as seen
from each other link, all joints together; around a middle that changes by no more than the second
derivatives of a chain of joints allow. For joint k after joint j, with axes a of length one, a
point p has d2p / dq_j dq_k = a_j x (a_k x (p - o_k)), which is no longer than p is far from joint k
(for joints that slide: than 1).

Source: Schwarzer, Saha & Latombe, IEEE Trans. Robotics 21(3), 2005, doi:10.1109/TRO.2004.838012
(proof by bounds on motion, there with the bound for any motion alone).
Shapes: G joints of the group, V joints in pinocchio's order, P pairs, L links that move,
S sides (a link that moves as seen from another), M middles.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.planning.collision_world import CollisionWorld
from handiwork.planning.motion_bounds import body_rates

_TURN = 0.25  # [rad], of all joints together, from a middle to the end of its share of a motion
_MOST_MIDDLES = 32


class MotionSpeeds:
    """Bounds for the pairs of one world."""

    def __init__(self, world: CollisionWorld) -> None:
        self._world, self._model = world, world.model
        self._data = world.model.createData()
        bodies = world.geometry.geometryObjects
        self._links = sorted({body.parentJoint for body in bodies} - {0})  # by their joints
        balls = [_ball([body for body in bodies if body.parentJoint == n]) for n in self._links]
        self._centres = [centre for centre, _ in balls]
        sides = self._sides([body.parentJoint for body in bodies])
        self._movers = np.array([self._links.index(mover) for mover, _ in sides], int)
        self._radii = np.array([balls[mover][1] for mover in self._movers])  # (S,)
        own = [self._moves(mover) & ~self._moves(other) for mover, other in sides]
        self._own = np.reshape(np.array(own, float), (-1, self._model.nv))  # (S, V)
        reach = [self._reach(bodies, mover) for mover, _ in sides]
        self._curving = np.reshape(reach, (len(sides), self._model.nv, self._model.nv))

    def rates(self, start: np.ndarray, change: np.ndarray) -> np.ndarray:
        """(P,) by how much the distance of each pair changes at most on the way [m].

        The way is from `start` (G,) by `change` (G,) [rad], and the bound holds for any share of
        it: in a tenth of it, the distance changes by a tenth of this at most.
        """
        moved = np.zeros(self._model.nv)
        moved[self._world.velocity_columns] = change
        weights = self._own * moved  # (S, V)
        turn = float(np.abs(change).sum())
        middles = min(_MOST_MIDDLES, max(1, int(np.ceil(turn / (2 * _TURN)))))
        shares = (np.arange(middles) + 0.5) / middles
        fastest = self._speeds(start + shares[:, None] * change, weights).max(0)
        sizes = np.abs(weights)
        curving = (sizes[:, None] @ self._curving @ sizes[..., None])[:, 0, 0]
        sides = np.append(fastest + curving / (2 * middles), 0.0)  # the last does not move
        return sides[self._of_pairs].sum(1)

    def _speeds(self, postures: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """(M, S) of the fastest point of each side at (M, G), in m over the whole way."""
        jacobians, centres = [], []
        for posture in postures:
            q = self._world.configuration(posture)
            # Copied, since pinocchio gives out the same memory every time.
            jacobians.append(pin.computeJointJacobians(self._model, self._data, q).copy())
            places = self._data.oMi
            centres += [places[n].act(at) for n, at in zip(self._links, self._centres, strict=True)]
        jacobian = np.array(jacobians)[:, None]  # (M, 1, 6, V), of points at the base's origin
        motion = (jacobian @ weights[..., None])[..., 0]  # (M, S, 6)
        linear, turning = motion[..., :3], motion[..., 3:]
        at = np.reshape(centres, (len(postures), -1, 3))[:, self._movers]  # (M, S, 3)
        return _lengths(linear + np.cross(turning, at)) + self._radii * _lengths(turning)

    def _sides(self, parents: list[int]) -> list[tuple[int, int]]:
        """Which joint's link moves as seen from which; each pair is told its two, or the still."""
        pairs = [(parents[first], parents[second]) for first, second in self._world.pairs.tolist()]
        both = {side for first, second in pairs for side in ((first, second), (second, first))}
        sides = sorted(side for side in both if side[0] > 0)
        place = {side: number for number, side in enumerate(sides)}
        still = len(sides)
        rows = [(place.get((a, b), still), place.get((b, a), still)) for a, b in pairs]
        self._of_pairs = np.array(rows, int).reshape(-1, 2)
        return sides

    def _moves(self, joint: int) -> np.ndarray:
        """(V,) which joints move what hangs on a joint."""
        moves = np.zeros(self._model.nv, bool)
        while joint > 0:
            moves[self._model.joints[joint].idx_v] = True
            joint = self._model.parents[joint]
        return moves

    def _reach(self, bodies: list[pin.GeometryObject], joint: int) -> np.ndarray:
        """(V, V) how far a link's points are at most from the later of two joints."""
        own = [body_rates(self._model, body) for body in bodies if body.parentJoint == joint]
        number = np.arange(self._model.nv)  # grows along a chain
        return np.max(own, axis=0)[np.maximum.outer(number, number)]


def _ball(bodies: list[pin.GeometryObject]) -> tuple[np.ndarray, float]:
    """Centre (3,) in the joint's frame and radius of a ball around bodies of one link [m]."""
    for body in bodies:
        body.geometry.computeLocalAABB()
    centres = np.array([body.placement.act(body.geometry.aabb_center) for body in bodies])
    radii = np.array([body.geometry.aabb_radius for body in bodies])
    centre = (centres.min(0) + centres.max(0)) / 2
    return centre, float((_lengths(centres - centre) + radii).max())


def _lengths(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt((vectors * vectors).sum(-1))
