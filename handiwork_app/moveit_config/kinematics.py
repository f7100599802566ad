"""config/kinematics.yaml: KDL for every arm, as MoveIt comes with it.

Source: kdl_kinematics_plugin of MoveIt 2 and its setup assistant's defaults.
"""

from typing import Any

from handiwork.robots.robot import Robot


def kinematics(robot: Robot) -> dict[str, Any]:
    """A solver for each group that has a tool."""
    return {
        group.name: {
            "kinematics_solver": "kdl_kinematics_plugin/KDLKinematicsPlugin",
            "kinematics_solver_search_resolution": 0.005,
            "kinematics_solver_timeout": 0.05,  # [s]
        }
        for group in robot.groups
        if group.tool is not None
    }
