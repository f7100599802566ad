"""A robot's model file read by pinocchio: links and joints, and their collision shapes as hulls."""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.errors import MissingModel
from handiwork.robots.model_file import Assembly, ModelFile, Mount
from handiwork.robots.urdf import urdf_text


@dataclass(frozen=True, kw_only=True, eq=False)
class Parts:
    """pinocchio's model and the collision shapes on it."""

    model: pin.Model
    geometry: pin.GeometryModel


def read_parts(model: ModelFile | Assembly, *, solid: bool) -> Parts:
    """All joints of the file; collision shapes only where `solid`, since meshes take a second.

    Raises:
        MissingModel: the package is not installed, or lacks the file or a mesh.
    """
    if isinstance(model, Assembly):
        return _assembled(model, solid)
    if model.is_mjcf:
        return _from_mjcf(model, solid)
    text = urdf_text(model)
    parts = pin.buildModelFromXML(text)
    if not solid:
        return Parts(model=parts, geometry=pin.GeometryModel())
    geometry = pin.buildGeomFromUrdfString(parts, text, pin.GeometryType.COLLISION)
    return Parts(model=parts, geometry=_with_hulls(parts, geometry, model.hollow_links))


def _from_mjcf(model: ModelFile, solid: bool) -> Parts:
    path = model.path()
    parts = pin.buildModelFromMJCF(str(path))
    if not solid:
        return Parts(model=parts, geometry=pin.GeometryModel())
    _check_meshes(path, model.distribution)
    geometry = pin.buildGeomFromMJCF(parts, str(path), pin.GeometryType.COLLISION)
    return Parts(model=parts, geometry=_with_hulls(parts, geometry, model.hollow_links))


def _check_meshes(mjcf: Path, distribution: str) -> None:
    """pinocchio says nothing of a mesh that it cannot find."""
    root = ElementTree.parse(mjcf).getroot()
    compiler = root.find("compiler")
    folder = mjcf.parent / ("" if compiler is None else compiler.get("meshdir", ""))
    for mesh in root.iter("mesh"):
        file = mesh.get("file")
        if file is not None and not (folder / file).is_file():
            raise MissingModel(str(folder / file), distribution)


def _with_hulls(
    model: pin.Model, geometry: pin.GeometryModel, hollow: tuple[str, ...]
) -> pin.GeometryModel:
    """Every mesh replaced by its convex hull, which holds the whole mesh, but on hollow links."""
    for shape in geometry.geometryObjects:
        if model.frames[shape.parentFrame].name in hollow:
            continue
        if isinstance(shape.geometry, coal.BVHModelBase):
            # Not buildConvexRepresentation, which takes the mesh itself for convex.
            shape.geometry.buildConvexHull(True, "Qt")
            shape.geometry = shape.geometry.convex
    return geometry


def _assembled(assembly: Assembly, solid: bool) -> Parts:
    """Every arm on the base `universe`, its names prefixed."""
    whole = Parts(model=pin.Model(), geometry=pin.GeometryModel())
    for mount in assembly.mounts:
        part = _prefixed(mount, solid)
        model, geometry = pin.appendModel(
            whole.model,
            part.model,
            whole.geometry,
            part.geometry,
            0,
            pin.SE3(mount.base_from_mount),
        )
        geometry.removeAllCollisionPairs()  # appendModel makes pairs of its own between the arms
        whole = Parts(model=model, geometry=geometry)
    return whole


def _prefixed(mount: Mount, solid: bool) -> Parts:
    parts = read_parts(mount.robot.model, solid=solid)
    for number in range(1, parts.model.njoints):
        parts.model.names[number] = mount.prefix + parts.model.names[number]
    for number in range(1, parts.model.nframes):  # a slice would be a copy
        parts.model.frames[number].name = mount.prefix + parts.model.frames[number].name
    for shape in parts.geometry.geometryObjects:
        shape.name = mount.prefix + shape.name
    return parts
