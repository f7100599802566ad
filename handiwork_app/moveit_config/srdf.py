"""A robot's SRDF: groups, their named states, end effectors, where it stands, what may touch.

Source: wiki.ros.org/srdf and srdfdom, which reads it.
"""

from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from handiwork.robots.group import Gripper, Group
from handiwork.robots.robot import Robot
from handiwork_app.moveit_config.controllers import gripper_group
from handiwork_app.moveit_config.description import WORLD
from handiwork_app.moveit_config.disabled_pairs import disabled_pairs
from handiwork_app.moveit_config.elements import link_of, numbers, root_link


def srdf_text(robot: Robot, description: str) -> str:
    """The SRDF that belongs to `description`, the robot's URDF."""
    urdf = ElementTree.fromstring(description)
    joints = {joint.attrib["name"]: joint for joint in urdf.findall("joint")}
    root = Element("robot", name=robot.name)
    fingers = set()
    for group in robot.groups:
        _add_group(root, group)
        home = robot.home[robot.columns(group)].tolist()
        _add_state(root, group.name, "home", dict(zip(group.joints, home, strict=True)))
        if group.gripper is not None:
            _add_gripper(
                root, group, group.gripper, link_of(joints[group.gripper.joints[0]], "parent")
            )
            fingers.add(frozenset(link_of(joints[name], "child") for name in group.gripper.joints))
    virtual = {"name": f"{WORLD}_joint", "type": "fixed", "parent_frame": WORLD}
    SubElement(root, "virtual_joint", {**virtual, "child_link": root_link(urdf)})
    for pair in disabled_pairs(robot, fingers):
        ends = {"link1": pair.first, "link2": pair.second}
        SubElement(root, "disable_collisions", {**ends, "reason": pair.reason})
    ElementTree.indent(root)
    return f'<?xml version="1.0"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add_group(root: Element, group: Group) -> None:
    """An arm is the chain to its tool; what has no tool is its joints."""
    element = SubElement(root, "group", name=group.name)
    if group.tool is not None:
        SubElement(element, "chain", base_link=group.base_link, tip_link=group.tool.frame)
    else:
        _add_joints(element, group.joints)


def _add_gripper(root: Element, arm: Group, gripper: Gripper, parent_link: str) -> None:
    name = gripper_group(arm)
    _add_joints(SubElement(root, "group", name=name), gripper.joints)
    _add_state(root, name, "open", gripper.positions(gripper.upper))
    _add_state(root, name, "closed", gripper.positions(gripper.lower))
    hand = {"name": f"{name}_end", "group": name, "parent_link": parent_link}
    SubElement(root, "end_effector", {**hand, "parent_group": arm.name})


def _add_joints(element: Element, names: Sequence[str]) -> None:
    for name in names:
        SubElement(element, "joint", name=name)


def _add_state(root: Element, group: str, name: str, positions: dict[str, float]) -> None:
    element = SubElement(root, "group_state", name=name, group=group)
    for joint, position in positions.items():
        SubElement(element, "joint", name=joint, value=numbers([position]))
