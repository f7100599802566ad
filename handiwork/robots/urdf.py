"""URDF as every library here can read it: xacro expanded, meshes by absolute path."""

from pathlib import Path
from xml.etree import ElementTree

import xacro

from handiwork.errors import MissingModel
from handiwork.robots.model_file import ModelFile


def urdf_text(model: ModelFile) -> str:
    """The model's URDF, its meshes found and its joints turned as the robot's driver does.

    Raises:
        MissingModel: the package is not installed, or a mesh is not where the URDF says.
    """
    path = model.path()
    if path.suffix == ".xacro":
        expanded = xacro.process_file(str(path), mappings=dict(model.arguments))
        text = expanded.toxml()  # pyright: ignore[reportAttributeAccessIssue] (no stubs)
    else:
        text = path.read_text()
    robot = ElementTree.fromstring(text)
    for mesh in robot.iter("mesh"):
        file = _mesh(path, mesh.attrib["filename"])
        if not file.is_file():
            raise MissingModel(str(file), model.distribution)
        mesh.attrib["filename"] = str(file)
    for joint in robot.findall("joint"):
        if joint.attrib["name"] in model.reversed_joints:
            _reverse(joint)
    for link in robot.findall("link"):
        if link.attrib["name"] in model.solid_links:
            _make_solid(link)
    return ElementTree.tostring(robot, encoding="unicode")


def _mesh(urdf: Path, name: str) -> Path:
    """package://NAME/rest lies in the folder NAME above the URDF; other names lie beside it."""
    scheme, _, rest = name.partition("://")
    if scheme != "package":
        return urdf.parent / name
    package, _, file = rest.partition("/")
    for folder in urdf.parents:
        if folder.name == package:
            return folder / file
    return urdf.parent / file


def _reverse(joint: ElementTree.Element) -> None:
    """The same joint counted the other way round: -axis, limits swapped and negated."""
    axis, limit = joint.find("axis"), joint.find("limit")
    assert axis is not None  # a revolute joint of a URDF has both
    assert limit is not None
    axis.attrib["xyz"] = " ".join(str(-float(part)) for part in axis.attrib["xyz"].split())
    lower, upper = float(limit.attrib["lower"]), float(limit.attrib["upper"])
    limit.attrib["lower"], limit.attrib["upper"] = str(-upper), str(-lower)


def _make_solid(link: ElementTree.Element) -> None:
    """What is drawn can be touched."""
    for visual in link.findall("visual"):
        collision = ElementTree.SubElement(link, "collision")
        collision.extend(part for part in visual if part.tag in ("origin", "geometry"))
