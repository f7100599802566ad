"""What a stack is made of: ROS 2 nodes, each in a process of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Parameter = bool | int | float | str | list[float] | list[str]


@dataclass(frozen=True, kw_only=True)
class Process:
    """One ROS 2 node in a process of its own."""

    package: str
    executable: str
    name: str
    namespace: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    remappings: tuple[tuple[str, str], ...] = ()
    job: bool = False  # when it ends, the stack ends, with its exit status
