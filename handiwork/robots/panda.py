"""The Panda (Franka Emika Robot, FER) with its hand.

Source: positions and velocities are those of panda.urdf in the PyPI package example-robot-data
6.0.0 (BSD-3; the model Apache-2.0), which are the limits of the Franka Control Interface.
Acceleration and jerk are those of the interface's documentation for the Panda ("Robot limits",
also kMaxJointAcceleration and kMaxJointJerk of libfranka 0.9).
"""

from handiwork.robots.franka import READY, franka_arm, franka_joints
from handiwork.robots.model_file import ModelFile
from handiwork.robots.robot import Robot

PANDA = Robot(
    name="panda",
    joints=franka_joints(
        "panda",
        lower=(-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973),
        upper=(2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973),
        velocity=(2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61),
        acceleration=(15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0),
        jerk=(7500.0, 3750.0, 5000.0, 6250.0, 7500.0, 10000.0, 10000.0),
    ),
    base_frame="panda_link0",
    groups=(franka_arm("panda"),),
    home=READY,
    model=ModelFile(
        distribution="example-robot-data",
        file="cmeel.prefix/share/example-robot-data/robots/panda_description/urdf/panda.urdf",
    ),
    source="panda.urdf of example-robot-data 6.0.0; libfranka 0.9 (acceleration, jerk)",
)
