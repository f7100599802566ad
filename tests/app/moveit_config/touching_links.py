"""Which links of a URDF touch, by its own shapes: the meshes themselves, as MoveIt has them."""

from functools import cache

import pinocchio as pin


class Touching:
    """The shapes of a URDF's links, and the pairs of them that are tested."""

    def __init__(self, description):
        self.model = pin.buildModelFromXML(description)
        kind = pin.GeometryType.COLLISION
        self.geometry = pin.buildGeomFromUrdfString(self.model, description, kind)
        self.data = self.model.createData()
        frames = [shape.parentFrame for shape in self.geometry.geometryObjects]
        self.links = [self.model.frames[frame].name for frame in frames]

    def configuration(self, positions):
        configuration = pin.neutral(self.model)
        for name, position in positions.items():
            configuration[self.model.joints[self.model.getJointId(name)].idx_q] = position
        return configuration

    def random(self, named, generator):
        positions = dict(zip(named.names, generator.uniform(named.lower, named.upper), strict=True))
        for group in named.groups:
            if group.gripper is not None:
                finger = generator.uniform(group.gripper.lower, group.gripper.upper)
                positions |= group.gripper.positions(finger)
        return self.configuration(positions)

    def look_at(self, tested):
        """Test these pairs of links from now on; none: all pairs."""
        self.geometry.removeAllCollisionPairs()
        self.geometry.addAllCollisionPairs()
        kept = [
            (pair.first, pair.second)
            for pair in self.geometry.collisionPairs
            if tested is None or self.names(pair) in tested
        ]
        self.geometry.removeAllCollisionPairs()
        for first, second in kept:
            self.geometry.addCollisionPair(pin.CollisionPair(first, second))
        self.found = pin.GeometryData(self.geometry)

    def names(self, pair):
        return frozenset((self.links[pair.first], self.links[pair.second]))

    def at(self, configuration):
        pin.computeCollisions(
            self.model, self.data, self.geometry, self.found, configuration, False
        )
        pairs = zip(self.geometry.collisionPairs, self.found.collisionResults, strict=True)
        return {self.names(pair) for pair, result in pairs if result.isCollision()}


touching_of = cache(Touching)
