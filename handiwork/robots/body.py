"""A robot's bodies as pinocchio sees them: joints by name, convex shapes that may touch.

What is not commanded is locked: grippers open, where they take most room. All collision shapes are
convex, meshes by their hulls, so that coal needs no more than GJK.

Source: pinocchio 4.1 for models and placements, coal 3.0 for hulls and distances.
Shapes: J commanded joints in the robot's own order, Q entries of pinocchio's configuration (a joint
that turns without end has two: cosine and sine), V entries of its velocity.
"""

from functools import cache, cached_property

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import UnknownName
from handiwork.robots.group import Tool
from handiwork.robots.joint_map import JointMap
from handiwork.robots.parts import Parts, read_parts
from handiwork.robots.robot import Robot
from handiwork.robots.self_collision import pairs_that_can_touch


@cache
def body_of(robot: Robot) -> "Body":
    """The body of a robot, made once in a process."""
    return Body(robot)


class Body:
    """pinocchio's model of a robot, and its geometry. Read only: whoever changes it, copies it.

    model: all commanded joints, and a frame for each tool.
    columns: (J,) the first entry of each of our joints in pinocchio's configuration.
    velocity_columns: (J,) its entry in pinocchio's velocity.
    """

    def __init__(self, robot: Robot) -> None:
        self.robot = robot
        self.model = _reduced(read_parts(robot.model, solid=False), robot).model
        for group in robot.groups:
            if group.tool is not None:
                add_tool(self.model, group.tool, robot.name)
        self._map = JointMap(self.model, robot.names)
        self.columns = self._map.columns
        self.velocity_columns = self._map.velocity_columns

    def configuration(self, positions: np.ndarray) -> np.ndarray:
        """(J,) joint positions [rad] -> (Q,) pinocchio's configuration."""
        return self._map.configuration(positions)

    @cached_property
    def geometry(self) -> pin.GeometryModel:
        """Convex collision shapes, with the pairs of them that can touch each other."""
        geometry = _reduced(read_parts(self.robot.model, solid=True), self.robot).geometry
        for first, second in pairs_that_can_touch(self, geometry):
            geometry.addCollisionPair(pin.CollisionPair(first, second))
        return geometry

    def touching(self, positions: np.ndarray) -> tuple[tuple[str, str], ...]:
        """Names of the shapes that touch each other at (J,) joint positions [rad]."""
        data, shapes = pin.GeometryData(self.geometry), self.geometry.geometryObjects
        configuration = self.configuration(positions)
        pin.computeCollisions(
            self.model, self.model.createData(), self.geometry, data, configuration, False
        )
        found = zip(self.geometry.collisionPairs, data.collisionResults, strict=True)
        return tuple(
            (shapes[pair.first].name, shapes[pair.second].name)
            for pair, result in found
            if result.isCollision()
        )


def add_tool(model: pin.Model, tool: Tool, robot: str) -> None:
    """A frame for the tool, unless the link is the tool's frame itself."""
    if not model.existFrame(tool.link):
        known = [frame.name for frame in model.frames]
        raise UnknownName("link", tool.link, known, f"Check the tool of {robot}.")
    if tool.frame == tool.link:
        return
    link = model.frames[model.getFrameId(tool.link)]
    placement = link.placement * pin.SE3(tool.link_from_tool)
    model.addFrame(pin.Frame(tool.frame, link.parentJoint, placement, pin.FrameType.OP_FRAME))


def _reduced(parts: Parts, robot: Robot) -> Parts:
    """The parts with every joint locked that is not commanded."""
    known = list(parts.model.names)[1:]
    for name in robot.names:
        if name not in known:
            raise UnknownName("joint", name, known, f"Check {robot.name} against its model file.")
    locked = [parts.model.getJointId(name) for name in known if name not in robot.names]
    model, geometry = pin.buildReducedModel(
        parts.model, parts.geometry, locked, _grippers_open(parts.model, robot)
    )
    return Parts(model=model, geometry=geometry)


def _grippers_open(model: pin.Model, robot: Robot) -> np.ndarray:
    """(Q,) of the whole model: every joint at zero, fingers apart."""
    configuration = pin.neutral(model)
    for group in robot.groups:
        if group.gripper is not None:
            for name, position in group.gripper.positions(group.gripper.upper).items():
                configuration[model.joints[model.getJointId(name)].idx_q] = position
    return configuration
