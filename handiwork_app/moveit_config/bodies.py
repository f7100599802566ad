"""Links and joints of a robot's model, whatever it is written in, as one URDF."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from handiwork.robots.model_file import Assembly, ModelFile, Mount
from handiwork.robots.urdf import urdf_text
from handiwork_app.moveit_config.elements import add_fixed, root_link
from handiwork_app.moveit_config.mjcf_bodies import bodies_of_mjcf


def bodies_of(model: ModelFile | Assembly, base: str) -> Element:
    """The model's tree; `base` is what the arms of an assembly stand on.

    Raises:
        MissingModel: the package that carries the model is not installed.
    """
    if isinstance(model, Assembly):
        return _assembled(model, base)
    if model.is_mjcf:
        return bodies_of_mjcf(model)
    return ElementTree.fromstring(urdf_text(model))


def _assembled(assembly: Assembly, base: str) -> Element:
    whole = Element("robot", name="robot")
    SubElement(whole, "link", name=base)
    for mount in assembly.mounts:
        part = _prefixed(mount)
        name = f"{mount.prefix}mount"
        add_fixed(whole, name, base, root_link(part), mount.base_from_mount)
        whole.extend(part)
    return whole


def _prefixed(mount: Mount) -> Element:
    """The mounted robot, its names as in `handiwork.robots.parts`."""
    part = bodies_of(mount.robot.model, mount.robot.base_frame)
    named = [(element, "name") for tag in ("link", "joint") for element in part.findall(tag)]
    named += [(element, "link") for tag in ("parent", "child") for element in part.iter(tag)]
    named += [(element, "joint") for element in part.iter("mimic")]
    for element, attribute in named:
        element.attrib[attribute] = mount.prefix + element.attrib[attribute]
    return part
