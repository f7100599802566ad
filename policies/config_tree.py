"""Config dataclasses from plain trees of settings, as manifests and config files hold them.

Where a field may be of several kinds, the tree's `kind` says which.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

T = TypeVar("T")


class BadConfig(ValueError):
    """A setting that is missing, unknown, or has a value that is not allowed; names its place."""


def from_tree(kind: type[T], tree: object, place: str = "config") -> T:
    """Make `kind` of a mapping; missing settings take their defaults.

    Raises:
        BadConfig: names the place of the setting, what it is and what was wanted.
    """
    if not isinstance(tree, Mapping):
        raise BadConfig(f"{place}: got {tree!r}, want settings of {kind.__name__}")
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    for name in tree:
        if name not in fields:
            raise BadConfig(f"{place}.{name}: unknown, want one of {', '.join(sorted(fields))}")
    for name, field in fields.items():
        has_default = (
            field.default is not dataclasses.MISSING
            or field.default_factory is not dataclasses.MISSING
        )
        if name not in tree and not has_default:
            raise BadConfig(f"{place}.{name}: missing")
    values = {name: _value(hints[name], item, f"{place}.{name}") for name, item in tree.items()}
    try:
        return kind(**values)
    except (TypeError, ValueError) as error:
        raise BadConfig(f"{place}: {error}") from error


def _value(hint: Any, item: object, place: str) -> object:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return from_tree(_chosen(typing.get_args(hint), item, place), item, place)
    if dataclasses.is_dataclass(hint):
        return from_tree(typing.cast(type, hint), item, place)
    if typing.get_origin(hint) is Literal:
        if item not in typing.get_args(hint):
            raise BadConfig(f"{place}: got {item!r}, want one of {typing.get_args(hint)}")
        return item
    if typing.get_origin(hint) is tuple:
        return _tuple(hint, item, place)
    number = hint is float and isinstance(item, int)
    if not (isinstance(item, hint) or number) or isinstance(item, bool) != (hint is bool):
        raise BadConfig(f"{place}: got {item!r}, want {hint.__name__}")
    return item


def _tuple(hint: Any, item: object, place: str) -> tuple[object, ...]:
    if isinstance(item, str) or not isinstance(item, typing.Sequence):
        raise BadConfig(f"{place}: got {item!r}, want a list")
    kinds = typing.get_args(hint)
    many = len(kinds) == 2 and kinds[1] is Ellipsis
    if not many and len(kinds) != len(item):
        raise BadConfig(f"{place}: got {len(item)} items, want {len(kinds)}")
    each = (kinds[0],) * len(item) if many else kinds
    return tuple(
        _value(kind, value, f"{place}[{index}]")
        for index, (kind, value) in enumerate(zip(each, item, strict=True))
    )


def _chosen(kinds: tuple[Any, ...], tree: object, place: str) -> type:
    by_name = {typing.get_args(typing.get_type_hints(kind)["kind"])[0]: kind for kind in kinds}
    name = tree.get("kind") if isinstance(tree, Mapping) else tree
    if name not in by_name:
        raise BadConfig(f"{place}.kind: got {name!r}, want one of {', '.join(sorted(by_name))}")
    return by_name[name]
