"""config/moveit_controllers.yaml: our arm servers, as moveit_simple_controller_manager names them.

Names are relative, so a move_group in the arm server's namespace finds them. A gripper goal moves
the first finger; the others follow.

Source: moveit_simple_controller_manager of MoveIt 2 (branch kilted); docs/arm_servers.md.
"""

from typing import Any

from handiwork.robots.group import Gripper, Group
from handiwork.robots.robot import Robot

MANAGER = "moveit_simple_controller_manager"


def gripper_group(group: Group) -> str:
    """The group of an arm's gripper: gripper, left_gripper."""
    return f"{group.name.removesuffix('arm')}gripper"


def moveit_controllers(robot: Robot) -> dict[str, Any]:
    """One trajectory controller for each group, and one for each gripper."""
    controllers: dict[str, Any] = {}
    for group in robot.groups:
        controllers[f"{group.name}_controller"] = _arm(group)
        if group.gripper is not None:
            controllers[f"{gripper_group(group)}_controller"] = _gripper(group.gripper)
    return {
        "trajectory_execution": {
            "execution_duration_monitoring": True,
            "allowed_execution_duration_scaling": 1.2,
            "allowed_goal_duration_margin": 0.5,  # [s]
            "allowed_start_tolerance": 0.01,  # [rad]
        },
        "moveit_controller_manager": f"{MANAGER}/MoveItSimpleControllerManager",
        MANAGER: {"controller_names": list(controllers), **controllers},
    }


def _arm(group: Group) -> dict[str, Any]:
    return {
        "type": "FollowJointTrajectory",
        "action_ns": "follow_joint_trajectory",
        "default": True,
        "joints": list(group.joints),
    }


def _gripper(gripper: Gripper) -> dict[str, Any]:
    return {
        "type": "GripperCommand",
        "action_ns": "gripper_cmd",
        "default": True,
        "joints": [gripper.joints[0]],
        "max_effort": gripper.effort,  # [N]
    }
