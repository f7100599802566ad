"""config/joint_limits.yaml and pilz_cartesian_limits.yaml: what `handiwork.robots` says.

Positions and velocities repeat those of the URDF that is rendered at launch, so the two cannot
disagree. A maker's MoveIt file is not asked: that of the WidowX AI has 6.28 and 9.42 rad/s and a
carriage of 0.445 m, its URDF 3.375 and 7.0 rad/s and 0.044 m.

Source: joint_limits.yaml of MoveIt 2's setup assistant for the keys; the Cartesian limits are ours,
below those of the Franka Control Interface (3.0 m/s, 9.0 m/s^2, 2.5 rad/s).
"""

from typing import Any

from handiwork.robots.group import Gripper
from handiwork.robots.robot import Joint, Robot

SLOWLY = 0.1  # share of the limits where a request does not say: as the setup assistant has it
FINGER_ACCELERATION = 1.0  # [m/s^2] ours: no maker gives one, and MoveIt times no motion without
FINGER_ROOM = (
    5e-4  # [m] that a finger at its stop may read beyond it: MoveIt plans from inside only
)


def joint_limits(robot: Robot) -> dict[str, Any]:
    """Limits of all joints and fingers."""
    limits = {joint.name: _joint(joint) for joint in robot.joints}
    for group in robot.groups:
        if group.gripper is not None:
            limits |= _fingers(group.gripper)
    return {
        "default_velocity_scaling_factor": SLOWLY,
        "default_acceleration_scaling_factor": SLOWLY,
        "joint_limits": limits,
    }


def finger_bounds(gripper: Gripper, name: str) -> tuple[float, float, float]:
    """Least and greatest position [m] and velocity [m/s] of a finger."""
    ratio = gripper.ratios[gripper.joints.index(name)]
    lower, upper = sorted((ratio * gripper.lower, ratio * gripper.upper))
    return lower - FINGER_ROOM, upper + FINGER_ROOM, abs(ratio) * gripper.velocity


def cartesian_limits() -> dict[str, Any]:
    """Of the tool, for the Pilz planner."""
    return {
        "cartesian_limits": {
            "max_trans_vel": 0.5,  # [m/s]
            "max_trans_acc": 2.0,  # [m/s^2]
            "max_trans_dec": -2.0,  # [m/s^2]
            "max_rot_vel": 1.5,  # [rad/s]
        }
    }


def _joint(joint: Joint) -> dict[str, bool | float]:
    return {
        **_bounds(joint.lower, joint.upper, joint.velocity),
        "has_acceleration_limits": True,
        "max_acceleration": float(joint.acceleration),
        "has_jerk_limits": True,
        "max_jerk": float(joint.jerk),
    }


def _fingers(gripper: Gripper) -> dict[str, dict[str, bool | float]]:
    told = {
        "has_acceleration_limits": True,
        "max_acceleration": FINGER_ACCELERATION,
        "has_jerk_limits": False,
    }
    return {name: {**_bounds(*finger_bounds(gripper, name)), **told} for name in gripper.joints}


def _bounds(lower: float, upper: float, velocity: float) -> dict[str, bool | float]:
    return {
        "has_position_limits": True,
        "min_position": float(lower),
        "max_position": float(upper),
        "has_velocity_limits": True,
        "max_velocity": float(velocity),
    }
