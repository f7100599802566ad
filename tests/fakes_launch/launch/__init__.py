"""A stand-in for ROS 2's `launch`: descriptions, their arguments, and what they start."""

from collections.abc import Sequence
from typing import Any

from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable

LaunchContext = dict  # the configurations: name -> value


class LaunchDescription:
    """Entities in the order in which they are visited."""

    def __init__(self, entities: Sequence[Any]) -> None:
        self.entities = list(entities)

    def visit(self, arguments: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
        """As `ros2 launch ... name:=value`: what is started, and in which environment."""
        context, environment, started = LaunchContext(arguments), {}, []
        for entity in self.entities:
            if isinstance(entity, DeclareLaunchArgument):
                entity.visit(context)
            elif isinstance(entity, SetEnvironmentVariable):
                environment[entity.name] = entity.value
            elif isinstance(entity, OpaqueFunction):
                started += entity.function(context)
            else:
                started.append(entity)
        return started, environment
