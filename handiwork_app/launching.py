"""Stacks for `ros2 launch`: a launch file's arguments become settings, `compose` does the rest.

`launch` and `launch_ros` come with a system ROS; only the launch files import this module.
"""
# pyright: reportMissingImports=false, reportAttributeAccessIssue=false

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ament_index_python import get_package_share_directory
from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from handiwork_app.commands import prepared
from handiwork_app.compose import compose
from handiwork_app.process import Process
from handiwork_app.words import load_config
from launch import LaunchContext, LaunchDescription

NAMES = ("package", "executable", "name", "namespace")


@dataclass(frozen=True)
class Argument:
    """A setting that a launch file offers; its first choice is the default, none: any text."""

    name: str
    meaning: str
    choices: tuple[str, ...] = ()


def robot_argument(*names: str) -> Argument:
    """Which of these robots."""
    return Argument("robot", "which robot", names)


ARM_ARGUMENTS = (
    Argument("hardware", "the simulated robot, or the real one", ("sim", "real")),
    Argument("controllers", "our arm server, or the maker's own", ("ours", "ros2_control")),
    Argument("planner", "ours, or MoveIt's", ("embedded", "move_group")),
    Argument("address", "of the real robot; empty: as it is delivered"),
    Argument("camera", "none, ours, or the maker's own", ("none", "ours", "realsense2_camera")),
    Argument("serial", "number of the camera; empty: the only one there is"),
    Argument("hand_eye", "file that says where the camera is; empty: none"),
)


def description(app: str, arguments: Sequence[Argument]) -> LaunchDescription:
    """The stack of that app; when one of its nodes ends, all end."""
    profile = get_package_share_directory("handiwork_ros") + "/config/fastdds_shm.xml"
    settings = [SetEnvironmentVariable("FASTDDS_DEFAULT_PROFILES_FILE", profile)]
    settings += [SetEnvironmentVariable("MUJOCO_GL", "egl")]
    for argument in arguments:
        offer = {"default_value": "", "description": argument.meaning}
        if argument.choices:
            offer |= {"default_value": argument.choices[0], "choices": argument.choices}
        settings += [DeclareLaunchArgument(argument.name, **offer)]

    def nodes(context: LaunchContext) -> list[Node]:
        said = {item.name: LaunchConfiguration(item.name).perform(context) for item in arguments}
        words = [f"{name}={value}" for name, value in said.items() if value]
        config = prepared(load_config([f"app={app}", *words]), datetime.now())
        return [_node(process) for process in compose(config)]

    return LaunchDescription([*settings, OpaqueFunction(function=nodes)])


def _node(process: Process) -> Node:
    names = {name: getattr(process, name) for name in NAMES}
    stop = Shutdown(reason=f"{process.name} ended")
    wires = {"parameters": [dict(process.parameters)], "remappings": list(process.remappings)}
    return Node(**names, **wires, output="screen", on_exit=stop)
