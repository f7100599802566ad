"""A node's parameters are the fields of its config: declared, described, bounded and read once.

A field tells its meaning by `dataclasses.field(metadata={"description": ..., "minimum": ...,
"maximum": ...})`; its default is the parameter's default, and "name" the parameter's name where
that is not the field's, as in `align_depth.enable`. A config is fixed for the life of the node, so
every parameter is read-only.
"""

import dataclasses
import math
from typing import TypeVar, get_type_hints

from rcl_interfaces.msg import FloatingPointRange, IntegerRange, ParameterDescriptor
from rclpy.exceptions import InvalidParameterValueException
from rclpy.node import Node

Config = TypeVar("Config")
Value = bool | int | float | str | list[str] | list[float]

KINDS: dict[object, tuple[str, tuple[type, ...]]] = {
    bool: ("a truth value", (bool,)),
    int: ("a whole number", (int,)),
    float: ("a number", (float, int)),
    str: ("a text", (str,)),
    tuple[str, ...]: ("a list of texts", (list, tuple)),
    tuple[float, ...]: ("a list of numbers", (list, tuple)),
}


def declared(node: Node, defaults: Config) -> Config:
    """Declare every field of `defaults` on the node and return the config that was asked for.

    Raises:
        ValueError: a value of another type, out of its bounds, or refused by the config itself.
            The message names the node's parameter.
    """
    hints = get_type_hints(type(defaults))
    values: dict[str, object] = {}
    for field in dataclasses.fields(defaults):  # pyright: ignore[reportArgumentType]
        default = getattr(defaults, field.name)
        try:
            parameter = node.declare_parameter(
                _name(field),
                list(default) if isinstance(default, tuple) else default,
                _descriptor(field, hints[field.name]),
            )
        except InvalidParameterValueException as error:
            raise ValueError(f"{node.get_fully_qualified_name()}: {error}") from error
        values[field.name] = _checked(field, hints[field.name], parameter.value)
    try:
        return type(defaults)(**values)
    except ValueError as error:
        raise ValueError(f"{node.get_fully_qualified_name()}: {error}") from error


def _name(field: dataclasses.Field[object]) -> str:
    return field.metadata.get("name", field.name)


def _descriptor(field: dataclasses.Field[object], kind: object) -> ParameterDescriptor:
    descriptor = ParameterDescriptor(
        name=_name(field),
        description=field.metadata.get("description", ""),
        read_only=True,
        dynamic_typing=True,  # so that `30` may stand for `30.0`; `_checked` keeps the type
    )
    lowest, highest = field.metadata.get("minimum"), field.metadata.get("maximum")
    if lowest is None and highest is None:
        return descriptor
    if kind is int:
        descriptor.integer_range = [
            IntegerRange(
                from_value=-(2**63) if lowest is None else int(lowest),
                to_value=2**63 - 1 if highest is None else int(highest),
            )
        ]
    else:
        descriptor.floating_point_range = [
            FloatingPointRange(
                from_value=float("-inf") if lowest is None else float(lowest),
                to_value=float("inf") if highest is None else float(highest),
            )
        ]
    return descriptor


def _checked(field: dataclasses.Field[object], kind: object, value: Value | None) -> object:
    named, types = KINDS[kind]
    if not isinstance(value, types) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"parameter {_name(field)!r} is {value!r}, want {named}.")
    lowest = field.metadata.get("minimum", -math.inf)
    highest = field.metadata.get("maximum", math.inf)
    if kind in (int, float) and not lowest <= value <= highest:  # pyright: ignore[reportOperatorIssue]
        # rclpy looks only at values of the declared type, and `2` for `2.0` is not.
        raise ValueError(f"parameter {_name(field)!r} is {value!r}, want {lowest} to {highest}.")
    if kind is float:
        return float(value)  # pyright: ignore[reportArgumentType]
    return tuple(value) if isinstance(value, list | tuple) else value
