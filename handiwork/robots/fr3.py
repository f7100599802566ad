"""The Franka Research 3 with its hand.

Source: positions and velocities are the limits of the Franka Control Interface for the FR3
(joint_limits.yaml of franka_description, robots/fr3; the same positions stand in fr3.xml of the
PyPI package franky-sim 1.0.4, Apache-2.0, whose fr3.urdf, read here for the bodies, has the wider
mechanical ones). The interface's real velocity limit falls near the joint stops. Acceleration and
jerk are kMaxJointAcceleration and kMaxJointJerk of libfranka's rate_limiting.h for the FR3.
"""

from handiwork.robots.franka import READY, franka_arm, franka_joints
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Robot

FR3 = Robot(
    name="fr3",
    joints=franka_joints(
        "fr3",
        lower=(-2.7437, -1.7837, -2.9007, -3.0421, -2.8065, 0.5445, -3.0159),
        upper=(2.7437, 1.7837, 2.9007, -0.1518, 2.8065, 4.5169, 3.0159),
        velocity=(2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26),
        acceleration=(10.0,) * 7,
        jerk=(5000.0,) * 7,
    ),
    base_frame="fr3_link0",
    groups=(franka_arm("fr3"),),
    home=READY,
    model=ModelFile(distribution="franky-sim", file="franky_sim/assets/fr3.urdf"),
    source="franka_description and libfranka (limits); franky-sim 1.0.4 (URDF)",
)
