"""A robot's MoveIt configuration package: every file of it as text."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import yaml

from handiwork.robots.robot import Robot
from handiwork_app.moveit_config.controllers import moveit_controllers
from handiwork_app.moveit_config.description import robot_description
from handiwork_app.moveit_config.kinematics import kinematics
from handiwork_app.moveit_config.limits import cartesian_limits, joint_limits
from handiwork_app.moveit_config.ompl import ompl_planning
from handiwork_app.moveit_config.srdf import srdf_text

_MADE = "Made by python -m handiwork_app.moveit_config from handiwork/robots; not edited by hand."

_PACKAGE = """\
<?xml version="1.0"?>
<?xml-model href="http://download.ros.org/schema/package_format3.xsd" schematypens="http://www.w3.org/2001/XMLSchema"?>
<!-- {made} -->
<package format="3">
  <name>{name}</name>
  <version>{version}</version>
  <description>MoveIt 2 for the robot {robot} behind Handiwork's arm servers.</description>
  <maintainer email="maintainers@handiwork.invalid">The Handiwork authors</maintainer>
  <license>Apache-2.0</license>

  <buildtool_depend>ament_cmake</buildtool_depend>

  <exec_depend>moveit_kinematics</exec_depend>
  <exec_depend>moveit_planners_ompl</exec_depend>
  <exec_depend>moveit_ros_move_group</exec_depend>
  <exec_depend>moveit_simple_controller_manager</exec_depend>
  <exec_depend>robot_state_publisher</exec_depend>

  <export>
    <build_type>ament_cmake</build_type>
  </export>
</package>
"""

_CMAKE = """\
# {made}
cmake_minimum_required(VERSION 3.16)
project({name} NONE)

find_package(ament_cmake REQUIRED)
install(DIRECTORY config DESTINATION share/${{PROJECT_NAME}})
ament_package()
"""


def package_name(robot: str) -> str:
    """The ROS package that holds a robot's configuration."""
    return f"handiwork_{robot}_moveit_config"


def package_files(robot: Robot) -> dict[str, str]:
    """Text of every file, by its path in the package.

    Raises:
        MissingModel: the package that carries the robot's model is not installed.
    """
    words = {"made": _MADE, "name": package_name(robot.name), "robot": robot.name}
    described = srdf_text(robot, robot_description(robot))
    head, _, body = described.partition("\n")
    return {
        "package.xml": _PACKAGE.format(**words, version=version("handiwork")),
        "CMakeLists.txt": _CMAKE.format(**words),
        f"config/{robot.name}.srdf": f"{head}\n<!-- {_MADE} -->\n{body}",
        "config/kinematics.yaml": _yaml(kinematics(robot)),
        "config/joint_limits.yaml": _yaml(joint_limits(robot)),
        "config/moveit_controllers.yaml": _yaml(moveit_controllers(robot)),
        "config/ompl_planning.yaml": _yaml(ompl_planning(robot)),
        "config/pilz_cartesian_limits.yaml": _yaml(cartesian_limits()),
    }


def _yaml(values: Mapping[str, Any]) -> str:
    return f"# {_MADE}\n{yaml.safe_dump(dict(values), sort_keys=False)}"
