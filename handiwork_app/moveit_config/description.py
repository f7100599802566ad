"""A robot's URDF for MoveIt, RViz and robot_state_publisher, rendered at launch.

It says what `handiwork.robots` says: limits are the robot's own, also where the maker's file has
others (mechanical ones, or soft ones, which MoveIt would prefer), but that fingers have some room
at their stops; the second finger follows the first; the tool has a frame; and what is neither
commanded nor a finger is fixed where our planner has it. Meshes are named as files on this machine.

Source: wiki.ros.org/urdf/XML; MoveIt 2's robot model reads `safety_controller` before `limit`.
"""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from handiwork.robots.group import Gripper, Tool
from handiwork.robots.robot import Joint, Robot
from handiwork_app.moveit_config.bodies import bodies_of
from handiwork_app.moveit_config.elements import add_fixed, numbers, root_link
from handiwork_app.moveit_config.limits import finger_bounds

WORLD = "world"  # what the robot stands in: the parent of the SRDF's virtual joint
_OF_FIXED = ("origin", "parent", "child")


def robot_description(robot: Robot) -> str:
    """The URDF, its root the robot's own.

    Raises:
        MissingModel: the package that carries the model is not installed.
    """
    root = bodies_of(robot.model, robot.base_frame)
    root.attrib["name"] = robot.name
    joints = {joint.name: joint for joint in robot.joints}
    grippers = [group.gripper for group in robot.groups if group.gripper is not None]
    fingers = {name: gripper for gripper in grippers for name in gripper.joints}
    for element in root.findall("joint"):
        name = element.attrib["name"]
        if name in joints:
            _limit_joint(element, joints[name])
        elif name in fingers:
            _limit_finger(element, fingers[name])
        else:
            _fix(element)
    for group in robot.groups:
        if group.tool is not None:
            _add_tool(root, group.tool)
    for mesh in root.iter("mesh"):
        mesh.attrib["filename"] = f"file://{mesh.attrib['filename']}"
    return _text(root)


def standing_in_world(description: str) -> str:
    """The same robot in `world`, for robot_state_publisher: MoveIt plans in that frame."""
    root = ElementTree.fromstring(description)
    stands_on = root_link(root)
    SubElement(root, "link", name=WORLD)
    add_fixed(root, f"{WORLD}_joint", WORLD, stands_on, np.eye(4))
    return _text(root)


def _limit_joint(element: Element, joint: Joint) -> None:
    element.attrib["type"] = "revolute"
    _limit(element, joint.lower, joint.upper, joint.velocity)


def _limit_finger(element: Element, gripper: Gripper) -> None:
    """The first finger is commanded, another follows it."""
    name = element.attrib["name"]
    element.attrib["type"] = "prismatic"
    _limit(element, *finger_bounds(gripper, name))
    if name != gripper.joints[0]:
        ratio, driven = gripper.ratios[gripper.joints.index(name)], gripper.joints[0]
        SubElement(element, "mimic", joint=driven, multiplier=numbers([ratio]), offset="0")


def _limit(element: Element, lower: float, upper: float, velocity: float) -> None:
    old = element.find("limit")
    effort = "0" if old is None else old.get("effort", "0")
    for tag in ("limit", "safety_controller", "mimic"):
        for found in element.findall(tag):
            element.remove(found)
    bounds = dict(zip(("lower", "upper", "velocity"), (lower, upper, velocity), strict=True))
    written = {name: numbers([value]) for name, value in bounds.items()}
    SubElement(element, "limit", {**written, "effort": effort})


def _fix(element: Element) -> None:
    element.attrib["type"] = "fixed"
    for part in list(element):
        if part.tag not in _OF_FIXED:
            element.remove(part)


def _add_tool(root: Element, tool: Tool) -> None:
    """A link at the tool's frame, unless the model has one."""
    if tool.frame != tool.link:
        SubElement(root, "link", name=tool.frame)
        add_fixed(root, f"{tool.frame}_joint", tool.link, tool.frame, tool.link_from_tool)


def _text(root: Element) -> str:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode")
