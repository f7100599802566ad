"""The WidowX AI arm of Trossen Robotics, holding a rod that points out of its gripper.

Source: positions, velocities and the gripper are those of the maker's URDF (wxai_follower.urdf of
trossen_arm_description; trossen_arm_ros, branch jazzy, 2025-12-05), also where the maker's MoveIt
file says otherwise; bodies are the MJCF in the PyPI package trossen-arm-sim (Apache-2.0).
Acceleration and jerk are not published by the maker: ours.
"""

import numpy as np

from handiwork.robots.group import Gripper, Group, Tool
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Joint, Robot
from handiwork.tasks.push_t import ROD_RADIUS_PX, TableSquare

ROD_LENGTH = 0.20  # [m] from link_6 to the tip
ROD_RADIUS = ROD_RADIUS_PX * TableSquare().metres_per_px  # [m]

# Followed exactly, the agent of the human Push-T demonstrations asks of joints 0 to 2, at the
# 99.9th percentile over time, 0.95 rad/s, 10 rad/s^2 and 750 rad/s^3; of joint 3 a third of it.
_BIG = {"velocity": 3.375, "acceleration": 20.0, "jerk": 1000.0}
_WRIST = {"velocity": 7.0, "acceleration": 30.0, "jerk": 1500.0}


def out_of_gripper(distance: float) -> np.ndarray:
    """(4, 4) a tool in link_6 [m]: z along the gripper (link_6's x), x along link_6's z."""
    return np.array(
        [
            [0.0, 0.0, 1.0, distance],
            [0.0, -1.0, 0.0, 0.0],
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )


WXAI = Robot(
    name="wxai",
    joints=(
        Joint(name="joint_0", lower=-3.0543, upper=3.0543, **_BIG),
        Joint(name="joint_1", lower=0.0, upper=3.1416, **_BIG),
        Joint(name="joint_2", lower=0.0, upper=2.3562, **_BIG),
        Joint(name="joint_3", lower=-1.5708, upper=1.5708, **_WRIST),
        Joint(name="joint_4", lower=-1.5708, upper=1.5708, **_WRIST),
        Joint(name="joint_5", lower=-3.1416, upper=3.1416, **_WRIST),
    ),
    base_frame="base_link",
    groups=(
        Group(
            name="arm",
            joints=tuple(f"joint_{index}" for index in range(6)),
            base_link="base_link",
            tool=Tool(frame="rod_tip", link="link_6", link_from_tool=out_of_gripper(ROD_LENGTH)),
            gripper=Gripper(
                joints=("left_carriage_joint", "right_carriage_joint"),
                ratios=(1.0, 1.0),
                lower=0.0,
                upper=0.044,
                velocity=0.0875,
                effort=400.0,
            ),
        ),
    ),
    home=np.array([0.0, 1.5656, 1.2429, -1.2481, 0.0, 0.0]),  # tip at x 0.27, y 0, z 0.05 m
    model=ModelFile(
        distribution="trossen-arm-sim", file="trossen_arm_sim/assets/wxai_follower.xml"
    ),
    source="wxai_follower.urdf of trossen_arm_description (limits); trossen-arm-sim 0.2.3 (MJCF)",
)
