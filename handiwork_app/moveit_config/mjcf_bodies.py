"""An MJCF as the links and joints of a URDF. Masses are left out: nobody here reads them.

A link has one frame, so a body's joint must turn about the body's own origin, as every joint of
the models in use does. URDF has no capsules: they become a cylinder and two spheres.

Source: pinocchio 4.1 for frames and shapes; wiki.ros.org/urdf/XML for the elements.
"""

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import BadValue
from handiwork.robots.model_file import ModelFile
from handiwork_app.moveit_config.elements import add_fixed, add_origin, numbers


def bodies_of_mjcf(file: ModelFile) -> Element:
    """The URDF of an MJCF whose one outermost body is fixed to the world.

    Raises:
        MissingModel: the package that carries it is not installed.
        BadValue: a joint is not at its body's origin, or a shape is of a kind that URDF lacks.
    """
    path = str(file.path())
    model = pin.buildModelFromMJCF(path)
    root = Element("robot", name="robot")
    for frame in model.frames:
        if frame.type == pin.FrameType.BODY:
            SubElement(root, "link", name=frame.name)
    efforts = _efforts(path)
    for frame in model.frames:
        if frame.type == pin.FrameType.BODY and frame.parentFrame != 0:
            _add_joint(root, model, frame, efforts)
    links = {link.attrib["name"]: link for link in root}
    for tag, kind in (
        ("visual", pin.GeometryType.VISUAL),
        ("collision", pin.GeometryType.COLLISION),
    ):
        for shape in pin.buildGeomFromMJCF(model, path, kind).geometryObjects:
            frame = model.frames[shape.parentFrame]
            _add_shape(links[frame.name], tag, shape, frame.placement.actInv(shape.placement))
    return root


def _add_joint(
    root: Element, model: pin.Model, frame: pin.Frame, efforts: Mapping[str, float]
) -> None:
    """The joint that moves a body, or the one that fixes it to the body it lies in."""
    above = model.frames[frame.parentFrame]
    if above.type != pin.FrameType.JOINT:
        between = above.placement.actInv(frame.placement)
        add_fixed(root, f"{frame.name}_joint", above.name, frame.name, between.homogeneous)
        return
    if not frame.placement.isApprox(pin.SE3.Identity(), 1e-9):
        got = numbers(frame.placement.translation)
        fix = "Put the joint at the body's origin."
        raise BadValue(frame.name, "origin in its joint", got, "0 0 0, not turned", fix)
    parent, number = model.frames[above.parentFrame], frame.parentJoint
    moves = model.joints[number].createData()
    model.joints[number].calc(moves, np.zeros(model.joints[number].nq))
    along, about = np.ravel(moves.S)[:3], np.ravel(moves.S)[3:]
    turns = bool(about.any())
    joint = SubElement(root, "joint", name=above.name, type="revolute" if turns else "prismatic")
    SubElement(joint, "parent", link=parent.name)
    SubElement(joint, "child", link=frame.name)
    between = parent.placement.actInv(model.jointPlacements[number])
    add_origin(joint, between.homogeneous)
    SubElement(joint, "axis", xyz=numbers(about if turns else along))
    SubElement(joint, "limit", effort=numbers([efforts.get(above.name, 0.0)]))


def _efforts(path: str) -> dict[str, float]:
    """Largest force or torque of the joints that have an actuator [N] or [Nm]."""
    actuators = ElementTree.parse(path).getroot().findall("actuator/*[@forcerange]")
    return {
        actuator.attrib["joint"]: float(actuator.attrib["forcerange"].split()[1])
        for actuator in actuators
        if "joint" in actuator.attrib
    }


def _add_shape(link: Element, tag: str, shape: pin.GeometryObject, placement: pin.SE3) -> None:
    for moved, geometry in _geometries(shape):
        element = SubElement(link, tag)
        add_origin(element, (placement * moved).homogeneous)
        SubElement(element, "geometry").append(geometry)
        if tag == "visual" and shape.overrideMaterial:
            material = SubElement(element, "material", name=shape.name)
            SubElement(material, "color", rgba=numbers(shape.meshColor))


def _geometries(shape: pin.GeometryObject) -> Iterator[tuple[pin.SE3, Element]]:
    """What a shape is made of in a URDF, each part with its place in the shape."""
    here, solid = pin.SE3.Identity(), shape.geometry
    if isinstance(solid, coal.BVHModelBase):
        scale = numbers(np.ravel(shape.meshScale))
        yield here, Element("mesh", filename=shape.meshPath, scale=scale)
    elif isinstance(solid, coal.Box):
        yield here, Element("box", size=numbers(2 * np.ravel(solid.halfSide)))
    elif isinstance(solid, coal.Sphere):
        yield here, Element("sphere", radius=numbers([solid.radius]))
    elif isinstance(solid, coal.Cylinder | coal.Capsule):
        length, radius = numbers([2 * solid.halfLength]), numbers([solid.radius])
        yield here, Element("cylinder", radius=radius, length=length)
        for end in (-1, 1) if isinstance(solid, coal.Capsule) else ():
            place = pin.SE3(np.eye(3), np.array([0.0, 0.0, end * solid.halfLength]))
            yield place, Element("sphere", radius=radius)
    else:
        want = "a mesh, box, sphere, cylinder or capsule"
        fix = "Describe the shape otherwise in the model."
        raise BadValue(shape.name, "geometry", type(solid).__name__, want, fix)
