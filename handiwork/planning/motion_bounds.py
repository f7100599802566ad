"""How far bodies can come nearer to each other while joints turn by a given amount.

A point at distance r from a joint's axis moves by at most r per radian; r is bounded for all
postures by the lengths of the links between. A pair only comes nearer by joints that move one of
the two without the other.

Source: Schwarzer, Saha & Latombe, IEEE Trans. Robotics 21(3), 2005, doi:10.1109/TRO.2004.838012,
section III (the bound on relative motion).
Shapes: V joints of pinocchio's model in its own order, B bodies, P pairs.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)


def body_rates(model: pin.Model, body: pin.GeometryObject) -> np.ndarray:
    """(V,) how fast the fastest point of a body moves per rad of each joint [m]."""
    body.geometry.computeLocalAABB()
    centre = body.placement.act(body.geometry.aabb_center)
    reach = float(np.linalg.norm(centre)) + body.geometry.aabb_radius
    rates = np.zeros(model.nv)
    joint = body.parentJoint
    while joint > 0:
        # A joint that slides moves points by 1 m per m, and lengthens what hangs on it.
        slides = model.joints[joint].shortname().startswith("JointModelP")
        rates[model.joints[joint].idx_v] = 1.0 if slides else reach
        reach += float(np.linalg.norm(model.jointPlacements[joint].translation))
        reach += _travel(model, joint) if slides else 0.0
        joint = model.parents[joint]
    return rates


def pair_rates(model: pin.Model, geometry: pin.GeometryModel, pairs: np.ndarray) -> np.ndarray:
    """(P, V) by how much the distance of each pair (P, 2) changes at most, per rad [m]."""
    rates = np.array([body_rates(model, body) for body in geometry.geometryObjects])
    rates = rates.reshape(-1, model.nv)
    first, second = rates[pairs[:, 0]], rates[pairs[:, 1]]  # (P, V)
    return np.where((first > 0) & (second > 0), 0.0, first + second)


def out_of_reach(model: pin.Model, mover: pin.GeometryObject, still: pin.GeometryObject) -> bool:
    """Whether a moving body cannot come to a still one in any posture.

    Its first joint stands still, and nothing is further from there than the links are long.
    """
    joint = mover.parentJoint
    while model.parents[joint] > 0:
        joint = model.parents[joint]
    if model.joints[joint].shortname().startswith("JointModelP"):
        return False
    reach = body_rates(model, mover)[model.joints[joint].idx_v]
    still.geometry.computeLocalAABB()
    box = still.geometry.aabb_local
    pivot = still.placement.actInv(model.jointPlacements[joint].translation)
    outside = np.maximum(np.maximum(box.min_ - pivot, pivot - box.max_), 0.0)
    return bool(np.linalg.norm(outside) > reach)


def _travel(model: pin.Model, joint: int) -> float:
    """How far a joint that slides may be from zero [m]."""
    at = model.joints[joint].idx_q
    return max(-model.lowerPositionLimit[at], model.upperPositionLimit[at])
