"""Bodies that must not touch: a group's links, the rest of the robot, and the scene.

Joints outside the group are locked where they are; pairs that cannot move against each other, or
not come near each other, are left out, so a checker's work is the group's alone.

Shapes: G joints of the group, in the group's order; P pairs of bodies.
"""

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import UnknownName
from handiwork.planning.motion_bounds import out_of_reach
from handiwork.planning.scene import Attached, Obstacle, Scene
from handiwork.planning.shapes import Shape, parts_of
from handiwork.robots.joint_map import JointMap

_SCENE = "scene/"  # begins the name of every body that is not the robot's


class CollisionWorld:
    """One group of joints among bodies: pinocchio's models, and names for people.

    model: joints of the group only. geometry: bodies and the pairs that are looked at.
    bodies: name of each geometry object: of a link, an obstacle or an attached object.
    pairs: (P, 2) numbers of bodies.
    clearance: (P,) how far apart they must stay [m].
    """

    def __init__(
        self,
        model: pin.Model,
        geometry: pin.GeometryModel,
        joints: tuple[str, ...],
        configuration: np.ndarray,
        scene: Scene,
    ) -> None:
        """`configuration` is the whole `model`'s; joints that are not in `joints` stay there."""
        known = list(model.names)[1:]
        for name in joints:
            if name not in known:
                raise UnknownName("joint", name, known, "Check the group of the robot.")
        locked = [model.getJointId(name) for name in known if name not in joints]
        self.joints = joints
        self.model, self.geometry = pin.buildReducedModel(model, geometry, locked, configuration)
        self.bodies = [_link_name(self.model, body) for body in self.geometry.geometryObjects]
        own = [pin.CollisionPair(pair.first, pair.second) for pair in self.geometry.collisionPairs]
        robot = range(len(self.bodies))
        held = [(body, thing) for thing in scene.attached for body in self._attach(thing)]
        stand = [body for thing in scene.obstacles for body in self._place(thing)]
        pairs = [(pair.first, pair.second) for pair in own]
        for body, thing in held:
            free = {*thing.touch_links, thing.link}
            pairs += [(other, body) for other in robot if self.bodies[other] not in free]
        hung = [body for body, _ in held]
        pairs += [(first, second) for n, first in enumerate(hung) for second in hung[:n]]
        pairs += [(body, thing) for body in (*robot, *hung) for thing in stand]
        self._set_pairs([pair for pair in pairs if self._counts(*pair, scene)])
        self._drop_bodies_without_pairs()
        self.clearance = np.zeros(len(self.pairs))
        self._map = JointMap(self.model, joints)
        # Asked for every posture: where our vector is pinocchio's already, nothing is mapped.
        self._in_order = np.array_equal(self._map.columns, np.arange(self.model.nq))

    def configuration(self, positions: np.ndarray) -> np.ndarray:
        """(G,) joint positions [rad] -> pinocchio's vector for `model`."""
        plain = np.asarray(positions, float)
        return plain if self._in_order else self._map.configuration(plain)

    @property
    def velocity_columns(self) -> np.ndarray:
        """(G,) where the group's joints stand in pinocchio's velocity."""
        return self._map.velocity_columns

    @property
    def own_pairs(self) -> np.ndarray:
        """(P,) of bool: both bodies are the robot's."""
        bodies = self.geometry.geometryObjects
        own = np.array([not body.name.startswith(_SCENE) for body in bodies], bool)
        return own[self.pairs[:, 0]] & own[self.pairs[:, 1]]

    def names(self, pair: int) -> tuple[str, str]:
        """The two bodies of a pair."""
        first, second = self.pairs[pair]
        return self.bodies[first], self.bodies[second]

    def _counts(self, first: int, second: int, scene: Scene) -> bool:
        bodies = [self.geometry.geometryObjects[body] for body in (first, second)]
        if bodies[0].parentJoint == bodies[1].parentJoint:
            return False
        if scene.allowed.allows(self.bodies[first], self.bodies[second]):
            return False
        still, mover = sorted(bodies, key=lambda body: body.parentJoint)
        return still.parentJoint > 0 or not out_of_reach(self.model, mover, still)

    def _set_pairs(self, pairs: list[tuple[int, int]]) -> None:
        self.geometry.removeAllCollisionPairs()
        for first, second in pairs:
            self.geometry.addCollisionPair(pin.CollisionPair(first, second))
        self.pairs = np.array(pairs, int).reshape(-1, 2)

    def _drop_bodies_without_pairs(self) -> None:
        """Most links of a humanoid stand still and are out of an arm's way."""
        kept = np.unique(self.pairs)
        place = {body: number for number, body in enumerate(kept.tolist())}
        bodies = [self.geometry.geometryObjects[body].copy() for body in kept.tolist()]
        self.bodies = [self.bodies[body] for body in kept.tolist()]
        self.geometry = pin.GeometryModel()
        for body in bodies:
            self.geometry.addGeometryObject(body)
        self._set_pairs([(place[first], place[second]) for first, second in self.pairs.tolist()])

    def _attach(self, thing: Attached) -> list[int]:
        if not self.model.existFrame(thing.link):
            raise UnknownName(
                "link", thing.link, sorted(set(self.bodies)), f"Check what {thing.name!r} hangs on."
            )
        link = self.model.frames[self.model.getFrameId(thing.link)]
        placement = link.placement * pin.SE3(thing.link_from_shape)
        return self._add(thing.name, link.parentJoint, placement, thing.shape)

    def _place(self, thing: Obstacle) -> list[int]:
        return self._add(thing.name, 0, pin.SE3(thing.base_from_shape), thing.shape)

    def _add(self, name: str, joint: int, placement: pin.SE3, shape: Shape) -> list[int]:
        added = []
        for pose, geometry in parts_of(shape):
            self.bodies.append(name)
            # A scene may use the name of a link; pinocchio wants names that are unique.
            unique, place = f"{_SCENE}{name}/{len(added)}", placement * pin.SE3(pose)
            body = pin.GeometryObject(unique, joint, place, geometry)
            added.append(self.geometry.addGeometryObject(body))
        return added


def _link_name(model: pin.Model, body: pin.GeometryObject) -> str:
    return model.frames[body.parentFrame].name
