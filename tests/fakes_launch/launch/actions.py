"""The actions of `launch` that our launch files use, with launch's own argument names and order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


class DeclareLaunchArgument:
    """Sets a default, and refuses a value that is not among the choices."""

    def __init__(
        self,
        name: str,
        *,
        default_value: str | None = None,
        description: str | None = None,
        choices: Sequence[str] | None = None,
    ) -> None:
        if default_value is not None and choices is not None and default_value not in choices:
            raise RuntimeError(f"default {default_value} of {name} is not among {choices}")
        self.name, self.default_value = name, default_value
        self.description, self.choices = description, choices

    def visit(self, context: dict[str, str]) -> None:
        value = context.setdefault(self.name, self.default_value or "")
        if self.choices is not None and value not in self.choices:
            raise RuntimeError(f"argument {self.name} is {value}, valid options are {self.choices}")


@dataclass
class SetEnvironmentVariable:
    name: str
    value: str


class OpaqueFunction:
    """Calls a function with the context when it is visited; the entities it returns are visited."""

    def __init__(self, *, function: Callable[[dict[str, str]], list[Any]]) -> None:
        self.function = function


class Shutdown:
    """Ends the launch, and so all processes."""

    def __init__(self, *, reason: str = "reason not given") -> None:
        self.reason = reason
