"""What an arm server's gate is told of its surroundings: a YAML file of boxes and balls.

    margins: {slow: 0.02, stop: 0.005}                            # [m], optional
    things:                                                       # no part of the robot comes near
      table: {lower: [-0.2, -0.6, -0.05], upper: [0.8, 0.6, -0.01]}
      post: {centre: [0.4, 0.3, 0.2], radius: 0.05}
    keep_in:                                                      # a tool stays inside
      - {point: ee_gripper, lower: [0.0, -0.4, 0.0], upper: [0.6, 0.4, 0.6]}
    keep_out:                                                     # a tool stays outside
      - {point: ee_gripper, centre: [0.3, 0.0, 0.0], radius: 0.1}

Everything is in the robot's base frame [m]; a point is the frame of a tool.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from handiwork.errors import BadValue
from handiwork.safety import Ball, KeepIn, KeepOut, Workspace
from handiwork.safety.body_watch import Margins

SECTIONS = ("margins", "things", "keep_in", "keep_out")
SHAPES = "lower and upper corners, or centre and radius"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the file says."""

    margins: Margins = field(default_factory=Margins)
    things: Mapping[str, Workspace | Ball] = field(default_factory=dict)
    volumes: tuple[KeepIn | KeepOut, ...] = ()


def read_surroundings(path: str, points: tuple[str, ...]) -> Surroundings:
    """The file's content; nothing for an empty path. points: those that volumes may name.

    Raises:
        BadValue: the file is not there, or a field of it says something else than it may.
    """
    if not path:
        return Surroundings()
    try:
        content = yaml.safe_load(Path(path).read_text())
    except (OSError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise BadValue(path, "content", reason, "a YAML file", "Check safety_file.") from None
    content = _mapping(path, "content", {} if content is None else content)
    for name in content:
        if name not in SECTIONS:
            raise BadValue(path, "section", name, f"one of {list(SECTIONS)}", "Check its spelling.")
    return Surroundings(
        margins=_margins(path, content.get("margins", {})),
        things={
            name: _shape(path, f"things.{name}", thing)
            for name, thing in _mapping(path, "things", content.get("things", {})).items()
        },
        volumes=(
            *(_keep_in(path, *item, points) for item in _items(path, content, "keep_in")),
            *(_keep_out(path, *item, points) for item in _items(path, content, "keep_out")),
        ),
    )


def _items(path: str, content: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    found = content.get(name, [])
    if not isinstance(found, list):
        raise BadValue(path, name, found, "a list", "Begin each volume with a dash.")
    return [(f"{name}[{index}]", item) for index, item in enumerate(found)]


def _margins(path: str, found: Any) -> Margins:
    values = {key: _number(path, f"margins.{key}", value) for key, value in found.items()}
    try:
        margins = Margins(**values)
    except TypeError:
        raise BadValue(path, "margins", found, "slow and stop [m]", "Check the names.") from None
    if not margins.slow > margins.stop > 0:
        raise BadValue(path, "margins", found, "slow > stop > 0 [m]", "Check the numbers.")
    return margins


def _keep_in(path: str, where: str, item: Any, points: tuple[str, ...]) -> KeepIn:
    item = _mapping(path, where, item)
    box = _shape(path, where, {key: value for key, value in item.items() if key != "point"})
    if isinstance(box, Ball):
        raise BadValue(path, where, item, "lower and upper corners", "Keep the tool in a box.")
    return KeepIn(point=_point(path, where, item, points), box=box)


def _keep_out(path: str, where: str, item: Any, points: tuple[str, ...]) -> KeepOut:
    item = _mapping(path, where, item)
    volume = _shape(path, where, {key: value for key, value in item.items() if key != "point"})
    return KeepOut(point=_point(path, where, item, points), volume=volume)


def _point(path: str, where: str, item: Mapping[str, Any], points: tuple[str, ...]) -> str:
    point = item.get("point")
    if point not in points:
        raise BadValue(path, f"{where}.point", point, f"one of {list(points)}", "Name a tool.")
    return point


def _shape(path: str, where: str, item: Any) -> Workspace | Ball:
    item = _mapping(path, where, item)
    try:
        if set(item) == {"lower", "upper"}:
            return Workspace(
                lower=_corner(path, f"{where}.lower", item["lower"]),
                upper=_corner(path, f"{where}.upper", item["upper"]),
            )
        if set(item) == {"centre", "radius"}:
            return Ball(
                centre=_corner(path, f"{where}.centre", item["centre"]),
                radius=_number(path, f"{where}.radius", item["radius"]),
            )
    except ValueError as error:
        raise BadValue(path, where, dict(item), SHAPES, str(error)) from None
    raise BadValue(path, where, sorted(item), SHAPES, "Check the names.")


def _corner(path: str, where: str, value: Any) -> tuple[float, float, float]:
    if not isinstance(value, list) or len(value) != 3:
        raise BadValue(path, where, value, "three numbers [m]", "Say x, y and z.")
    x, y, z = (_number(path, where, part) for part in value)
    return x, y, z


def _number(path: str, where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadValue(path, where, value, "a number [m]", "Check the file.")
    return float(value)


def _mapping(path: str, where: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadValue(path, where, value, "names with values", "See the example in the docs.")
    return value
