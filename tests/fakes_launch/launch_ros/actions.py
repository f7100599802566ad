"""The actions of `launch_ros` that our launch files use."""

from dataclasses import dataclass
from typing import Any


@dataclass(kw_only=True)
class Node:
    """A ROS node in a process of its own; only keywords, as in launch_ros."""

    executable: str
    package: str
    name: str
    namespace: str
    parameters: list[dict[str, Any]]
    remappings: list[tuple[str, str]]
    output: str
    on_exit: Any
