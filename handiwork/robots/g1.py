"""The Unitree G1 with 29 joints (rev 1.0), its pelvis fixed, with its rubber hands.

Joints stand in the order of the motors of unitree_hg's LowCmd: legs, waist, arms.

Source: positions are those of g1_29dof_rev_1_0.urdf in the PyPI package example-robot-data 6.0.0
(the model BSD-3, from unitree_ros). That file's velocities (20 to 37 rad/s) are what the motors
turn at without load; the maker's own arm example moves at 0.5 rad/s and xr_teleoperate at up to 20.
Velocity, acceleration and jerk: ours, well below the motors. The tool is the middle of the hand.
"""

import numpy as np

from handiwork.robots.group import Group, Tool
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Joint, Robot

_LEG = {"velocity": 6.0, "acceleration": 30.0, "jerk": 1500.0}
_WAIST = {"velocity": 2.0, "acceleration": 10.0, "jerk": 500.0}
_ARM = {"velocity": 6.0, "acceleration": 30.0, "jerk": 1500.0}
_PALM = 0.095  # [m] from wrist yaw to the hand's centre of mass, 0.0415 + 0.0536 in the URDF


def _leg(side: str, roll: tuple[float, float]) -> tuple[Joint, ...]:
    return (
        Joint(name=f"{side}_hip_pitch_joint", lower=-2.5307, upper=2.8798, **_LEG),
        Joint(name=f"{side}_hip_roll_joint", lower=roll[0], upper=roll[1], **_LEG),
        Joint(name=f"{side}_hip_yaw_joint", lower=-2.7576, upper=2.7576, **_LEG),
        Joint(name=f"{side}_knee_joint", lower=-0.087267, upper=2.8798, **_LEG),
        Joint(name=f"{side}_ankle_pitch_joint", lower=-0.87267, upper=0.5236, **_LEG),
        Joint(name=f"{side}_ankle_roll_joint", lower=-0.2618, upper=0.2618, **_LEG),
    )


def _arm(side: str, roll: tuple[float, float]) -> tuple[Joint, ...]:
    return (
        Joint(name=f"{side}_shoulder_pitch_joint", lower=-3.0892, upper=2.6704, **_ARM),
        Joint(name=f"{side}_shoulder_roll_joint", lower=roll[0], upper=roll[1], **_ARM),
        Joint(name=f"{side}_shoulder_yaw_joint", lower=-2.618, upper=2.618, **_ARM),
        Joint(name=f"{side}_elbow_joint", lower=-1.0472, upper=2.0944, **_ARM),
        Joint(name=f"{side}_wrist_roll_joint", lower=-1.97222, upper=1.97222, **_ARM),
        Joint(name=f"{side}_wrist_pitch_joint", lower=-1.61443, upper=1.61443, **_ARM),
        Joint(name=f"{side}_wrist_yaw_joint", lower=-1.61443, upper=1.61443, **_ARM),
    )


def _group(name: str, joints: tuple[Joint, ...], base_link: str, tool: Tool | None = None) -> Group:
    names = tuple(joint.name for joint in joints)
    return Group(name=name, joints=names, base_link=base_link, tool=tool)


def _palm(side: str) -> Tool:
    """Tool z is the hand's direction, the link's x; tool x is the link's z."""
    link_from_tool = np.array(
        [[0.0, 0.0, 1.0, _PALM], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0, 0, 0, 1.0]]
    )
    return Tool(frame=f"{side}_palm", link=f"{side}_wrist_yaw_link", link_from_tool=link_from_tool)


# Left and right are mirrored: what opens one way on the left opens the other way on the right.
_LEFT_LEG, _RIGHT_LEG = _leg("left", (-0.5236, 2.9671)), _leg("right", (-2.9671, 0.5236))
_LEFT_ARM, _RIGHT_ARM = _arm("left", (-1.5882, 2.2515)), _arm("right", (-2.2515, 1.5882))
_WAIST_JOINTS = (
    Joint(name="waist_yaw_joint", lower=-2.618, upper=2.618, **_WAIST),
    Joint(name="waist_roll_joint", lower=-0.52, upper=0.52, **_WAIST),
    Joint(name="waist_pitch_joint", lower=-0.52, upper=0.52, **_WAIST),
)
_STANDING = (0.0,) * 6
_ELBOWS_BENT = (0.0, 0.25, 0.0, 0.9, 0.0, 0.0, 0.0)
_ELBOWS_BENT_RIGHT = (0.0, -0.25, 0.0, 0.9, 0.0, 0.0, 0.0)

G1 = Robot(
    name="g1",
    joints=(*_LEFT_LEG, *_RIGHT_LEG, *_WAIST_JOINTS, *_LEFT_ARM, *_RIGHT_ARM),
    base_frame="pelvis",
    groups=(
        _group("left_arm", _LEFT_ARM, "torso_link", _palm("left")),
        _group("right_arm", _RIGHT_ARM, "torso_link", _palm("right")),
        _group("waist", _WAIST_JOINTS, "pelvis"),
        _group("left_leg", _LEFT_LEG, "pelvis"),
        _group("right_leg", _RIGHT_LEG, "pelvis"),
    ),
    home=np.array([*_STANDING, *_STANDING, 0, 0, 0, *_ELBOWS_BENT, *_ELBOWS_BENT_RIGHT], float),
    model=ModelFile(
        distribution="example-robot-data",
        file="cmeel.prefix/share/example-robot-data/robots/g1_description/urdf/"
        "g1_29dof_rev_1_0.urdf",
        solid_links=("left_rubber_hand", "right_rubber_hand"),
    ),
    source="g1_29dof_rev_1_0.urdf of example-robot-data 6.0.0 (positions)",
)
