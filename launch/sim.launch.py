"""`ros2 launch handiwork sim.launch.py`: the processes of `handiwork up app=sim`, rendered."""

from datetime import datetime

from ament_index_python import get_package_share_directory
from launch.actions import DeclareLaunchArgument, OpaqueFunction, SetEnvironmentVariable, Shutdown
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from handiwork_app.commands import prepared
from handiwork_app.compose import Process, choices, compose, load_config
from launch import LaunchContext, LaunchDescription

ARGUMENTS = {"robot": "the arm", "task": "what it does", "policy": "what proposes its actions"}
NAMES = ("package", "executable", "name", "namespace")


def generate_launch_description() -> LaunchDescription:  # noqa: D103, launch's own name
    profile = get_package_share_directory("handiwork_ros") + "/config/fastdds_shm.xml"
    settings = [SetEnvironmentVariable("FASTDDS_DEFAULT_PROFILES_FILE", profile)]
    settings += [SetEnvironmentVariable("MUJOCO_GL", "egl")]
    for name, meaning in ARGUMENTS.items():
        offer = {"default_value": getattr(load_config([]), name).name, "choices": choices(name)}
        settings += [DeclareLaunchArgument(name, description=meaning, **offer)]
    return LaunchDescription([*settings, OpaqueFunction(function=_nodes)])


def _nodes(context: LaunchContext) -> list[Node]:
    words = [f"{name}={LaunchConfiguration(name).perform(context)}" for name in ARGUMENTS]
    config = prepared(load_config(["app=sim", *words]), datetime.now())
    return [_node(process) for process in compose(config)]


def _node(process: Process) -> Node:
    names = {name: getattr(process, name) for name in NAMES}
    stop = Shutdown(reason=f"{process.name} ended")  # when one ends, all end
    wires = {"parameters": [dict(process.parameters)], "remappings": list(process.remappings)}
    return Node(**names, **wires, output="screen", on_exit=stop)
