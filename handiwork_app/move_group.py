"""MoveIt's own move_group in place of our planner node: its process, and its parameters.

move_group reads what the robot's configuration package holds and the URDF as it is rendered here.
It plans in the frame `world`, so robot_state_publisher comes with it, which stands the robot there.
It works with the names of docs/arm_servers.md in its own namespace.

Source: MoveIt 2, branch kilted: move_group.cpp, moveit_configs_utils and moveit_py for the names.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from handiwork.errors import HandiworkError
from handiwork.robots.registry import robot
from handiwork.robots.robot import Robot
from handiwork_app.environment import ros_environment
from handiwork_app.moveit_config import package_name, robot_description, standing_in_world
from handiwork_app.moveit_config.controllers import MANAGER
from handiwork_app.process import Parameter, Process

PIPELINE = "ompl"
DESCRIPTION = "robot_description"
# What planning_scene_monitor tells RViz, and what move_group does.
_PUBLISHED = (
    "publish_planning_scene",
    "publish_geometry_updates",
    "publish_state_updates",
    "publish_transforms_updates",
    f"publish_{DESCRIPTION}",
    f"publish_{DESCRIPTION}_semantic",
)


class MissingConfiguration(HandiworkError):
    """A robot's MoveIt configuration package that is not there."""


def move_group_process(
    robot_name: str,
    namespace: str,
    *,
    sim_time: bool = False,
    controllers: Mapping[str, str] | None = None,
) -> Process:
    """move_group for a robot whose arm server is in `namespace`.

    Args:
        sim_time: it lives on /clock.
        controllers: trajectory controllers of others by the group they move, as in
            {"arm": "/fr3_arm_controller"}; ours where a group is not named.

    Raises:
        UnknownName: there is no such robot.
        MissingConfiguration: the robot's configuration package is not built.
        MissingModel: the package that carries the robot's model is not installed.
    """
    of = robot(robot_name)
    parameters = move_group_parameters(of, config_folder(of.name), controllers or {})
    return Process(
        package="moveit_ros_move_group",
        executable="move_group",
        name="move_group",
        namespace=_absolute(namespace),
        parameters={"use_sim_time": sim_time, **parameters},
    )


def robot_state_publisher_process(
    robot_name: str, namespace: str, *, sim_time: bool = False
) -> Process:
    """The frames of all links on /tf, and `world` on /tf_static.

    Raises:
        UnknownName: there is no such robot.
        MissingModel: the package that carries the robot's model is not installed.
    """
    description = standing_in_world(robot_description(robot(robot_name)))
    return Process(
        package="robot_state_publisher",
        executable="robot_state_publisher",
        name="robot_state_publisher",
        namespace=_absolute(namespace),
        parameters={"use_sim_time": sim_time, DESCRIPTION: description},
    )


def move_group_parameters(
    of: Robot, folder: Path, controllers: Mapping[str, str]
) -> dict[str, Parameter]:
    """All parameters of move_group; `folder` is the config folder of the robot's package."""
    return {
        **_shared_parameters(of, folder, controllers),
        "planning_pipelines": [PIPELINE],
        "default_planning_pipeline": PIPELINE,
        "allow_trajectory_execution": True,
        "capabilities": "",
        "disable_capabilities": "",
        "monitor_dynamics": False,
    }


def moveit_py_parameters(of: Robot, folder: Path) -> dict[str, Parameter]:
    """All parameters of `handiwork_ros.moveit_py_planner`, which asks for pipelines its own way."""
    return {
        **_shared_parameters(of, folder, {}),
        "planning_pipelines.pipeline_names": [PIPELINE],
        "plan_request_params.planning_pipeline": PIPELINE,
        "plan_request_params.planning_attempts": 1,
        "planning_scene_monitor_options.wait_for_initial_state_timeout": 10.0,  # [s]
    }


def config_folder(robot_name: str) -> Path:
    """Where the robot's configuration lies in the ROS workspace.

    Raises:
        MissingConfiguration: its package is not built, or not sourced.
    """
    package = package_name(robot_name)
    prefixes = ros_environment(os.environ).get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    for prefix in filter(None, prefixes):
        folder = Path(prefix) / "share" / package / "config"
        if folder.is_dir():
            return folder
    raise MissingConfiguration(
        f"no ROS package {package}. Build ros_ws with `make setup`, or with colcon, and source it."
    )


def _shared_parameters(
    of: Robot, folder: Path, controllers: Mapping[str, str]
) -> dict[str, Parameter]:
    """What move_group and moveit_py are told alike."""
    planning = _read(folder, "joint_limits") | _read(folder, "pilz_cartesian_limits")
    return {
        DESCRIPTION: robot_description(of),
        f"{DESCRIPTION}_semantic": (folder / f"{of.name}.srdf").read_text(),
        **flat(f"{DESCRIPTION}_kinematics.", _read(folder, "kinematics")),
        **flat(f"{DESCRIPTION}_planning.", planning),
        **flat(f"{PIPELINE}.", _read(folder, f"{PIPELINE}_planning")),
        **flat("", _renamed(_read(folder, "moveit_controllers"), controllers)),
        "moveit_manage_controllers": False,  # ours are always there
        **dict.fromkeys(_PUBLISHED, True),
    }


def _renamed(settings: dict[str, Any], controllers: Mapping[str, str]) -> dict[str, Any]:
    """The controllers' settings with others' names for those of some groups."""
    names = {f"{group}_controller": name for group, name in controllers.items()}
    manager = settings[MANAGER]
    listed = [names.get(name, name) for name in manager["controller_names"]]
    told = {names.get(name, name): value for name, value in manager.items()}
    return {**settings, MANAGER: {**told, "controller_names": listed}}


def flat(prefix: str, values: Mapping[str, Any]) -> dict[str, Parameter]:
    """Nested parameters by dotted names: {"arm": {"timeout": 1.0}} -> {"arm.timeout": 1.0}."""
    found: dict[str, Parameter] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= flat(f"{prefix}{name}.", value)
        else:
            found[f"{prefix}{name}"] = value
    return found


def _read(folder: Path, name: str) -> dict[str, Any]:
    return yaml.safe_load((folder / f"{name}.yaml").read_text())


def _absolute(namespace: str) -> str:
    return f"/{namespace.strip('/')}"
