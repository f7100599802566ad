"""Two WidowX AI on one base, facing each other, each with its gripper.

Names get the prefix left_ or right_; the maker's own sets call them follower_left_joint_0
(Stationary AI) or trossen_arm_1/joint_0 (two arms of its ROS driver), which an arm server
translates.

Source: the bases stand as on the maker's Stationary AI (stationary_ai.urdf of
trossen_arm_description: at y of plus and minus 0.4575 m, turned towards each other); all else as
in `handiwork.robots.wxai`.
"""

from dataclasses import replace

import numpy as np

from handiwork.robots.group import Group, Tool
from handiwork.robots.model_file import Assembly, Mount
from handiwork.robots.robot import Robot
from handiwork.robots.wxai import WXAI, out_of_gripper

_APART = 0.4575  # [m] of each base from the middle
_FINGERTIPS = 0.156062  # [m] from link_6: the joint ee_gripper of the maker's URDF
# Tool down at 0.3 m before each arm, 0.1 m above the base.
_HOME = np.array([0.0, 1.15, 0.95, -1.37, 0.0, 0.0])


def _mount(prefix: str, y: float) -> Mount:
    """An arm at (0, y, 0) [m] whose x points at the middle."""
    towards = -np.sign(y)
    base_from_mount = np.eye(4)
    base_from_mount[:2, :2] = [[0.0, -towards], [towards, 0.0]]
    base_from_mount[1, 3] = y
    return Mount(robot=WXAI, prefix=prefix, base_from_mount=base_from_mount)


def _arm(prefix: str) -> Group:
    arm = WXAI.group("arm")
    assert arm.gripper is not None
    return Group(
        name=f"{prefix}arm",
        joints=tuple(prefix + name for name in arm.joints),
        base_link=prefix + arm.base_link,
        tool=Tool(
            frame=f"{prefix}tool",
            link=f"{prefix}link_6",
            link_from_tool=out_of_gripper(_FINGERTIPS),
        ),
        gripper=replace(arm.gripper, joints=tuple(prefix + name for name in arm.gripper.joints)),
    )


_PREFIXES = ("left_", "right_")

WXAI_PAIR = Robot(
    name="wxai_pair",
    joints=tuple(
        replace(joint, name=prefix + joint.name) for prefix in _PREFIXES for joint in WXAI.joints
    ),
    base_frame="base",
    groups=tuple(_arm(prefix) for prefix in _PREFIXES),
    home=np.concatenate([_HOME, _HOME]),
    model=Assembly(mounts=(_mount("left_", _APART), _mount("right_", -_APART))),
    source=f"stationary_ai.urdf of trossen_arm_description (bases); {WXAI.source}",
)
