"""Parts of a URDF that several of its makers write.

Shapes: placements are (4, 4) [m].
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)


def numbers(values: Iterable[float]) -> str:
    """Numbers as an XML attribute, to a tenth of a nanometre; no -0."""
    return " ".join(f"{round(float(value), 10) + 0.0:.12g}" for value in values)


def add_origin(parent: Element, parent_from_child: np.ndarray) -> None:
    """<origin>: rpy turns about fixed x, y, z in this order, as pinocchio's do."""
    turn = pin.rpy.matrixToRpy(np.ascontiguousarray(parent_from_child[:3, :3]))
    SubElement(parent, "origin", xyz=numbers(parent_from_child[:3, 3]), rpy=numbers(turn))


def add_fixed(
    root: Element, name: str, parent: str, child: str, parent_from_child: np.ndarray
) -> None:
    """A joint that does not move."""
    joint = SubElement(root, "joint", name=name, type="fixed")
    SubElement(joint, "parent", link=parent)
    SubElement(joint, "child", link=child)
    add_origin(joint, parent_from_child)


def link_of(joint: Element, end: str) -> str:
    """The link at the `end` of a joint: "parent" or "child"."""
    found = joint.find(end)
    assert found is not None  # every joint of a URDF has both
    return found.attrib["link"]


def root_link(robot: Element) -> str:
    """The link that is nobody's child."""
    children = {link_of(joint, "child") for joint in robot.findall("joint")}
    return next(
        link.attrib["name"] for link in robot.findall("link") if link.attrib["name"] not in children
    )
