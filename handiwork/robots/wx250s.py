"""The WidowX 250 with six joints (wx250s) of Interbotix, as its ROS driver counts its joints.

Source: positions, velocities and the gripper are those of wx250s.urdf.xacro of
interbotix_xsarm_descriptions (interbotix_ros_manipulators, branch jazzy, 2024-10). Bodies are an
older xacro of the same arm in the PyPI package rtb-data, which counts the elbow and the wrist the
other way round; it has no licence file beside it, so it is read at run time and never copied.
Acceleration and jerk are not published by the maker: ours.
"""

import numpy as np

from handiwork.robots.group import Gripper, Group, Tool
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Joint, Robot

# The driver's own profile takes 2 s for any motion, of which 0.3 s to gather speed.
_BIG = {"velocity": np.pi, "acceleration": 10.0, "jerk": 500.0}
_WRIST = {"velocity": np.pi, "acceleration": 15.0, "jerk": 750.0}

_NAMES = ("waist", "shoulder", "elbow", "forearm_roll", "wrist_angle", "wrist_rotate")

WX250S = Robot(
    name="wx250s",
    joints=(
        Joint(name="waist", lower=-3.14158, upper=3.14158, **_BIG),
        Joint(name="shoulder", lower=-1.8850, upper=1.9897, **_BIG),
        Joint(name="elbow", lower=-2.1468, upper=1.6057, **_BIG),
        Joint(name="forearm_roll", lower=-3.14158, upper=3.14158, **_WRIST),
        Joint(name="wrist_angle", lower=-1.7453, upper=2.1468, **_WRIST),
        Joint(name="wrist_rotate", lower=-3.14158, upper=3.14158, **_WRIST),
    ),
    base_frame="wx250s/base_link",
    groups=(
        Group(
            name="arm",
            joints=_NAMES,
            base_link="wx250s/base_link",
            tool=Tool(
                frame="wx250s/tool",
                link="wx250s/ee_gripper_link",
                # Tool z is the gripper's direction, the link's x; tool x is the link's z.
                link_from_tool=np.array(
                    [
                        [0.0, 0.0, 1.0, 0.0],
                        [0.0, -1.0, 0.0, 0.0],
                        [1.0, 0.0, 0.0, 0.0],
                        [0.0, 0.0, 0.0, 1.0],
                    ]
                ),
            ),
            gripper=Gripper(
                joints=("left_finger", "right_finger"),
                ratios=(1.0, -1.0),
                lower=0.015,
                upper=0.037,
                velocity=1.0,
                effort=5.0,
            ),
        ),
    ),
    home=np.array([0.0, -0.35, 0.35, 0.0, 1.5708, 0.0]),  # gripper down at x 0.21, y 0, z 0.20 m
    model=ModelFile(
        distribution="rtb-data",
        file="rtbdata/xacro/trossen_descriptions/urdf/wx250s.urdf.xacro",
        arguments=(("robot_name", "wx250s"),),
        reversed_joints=("elbow", "wrist_angle"),
        # The folded forearm lies in the bend of the upper arm, as in the driver's sleep posture.
        hollow_links=("wx250s/upper_arm_link",),
    ),
    source="wx250s.urdf.xacro of interbotix_xsarm_descriptions (limits); rtb-data 2.0.0 (bodies)",
)
