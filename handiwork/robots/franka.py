"""What the FR3 and the Panda share: seven joints, a hand with two fingers, a ready posture.

Source: names of franka_description; the ready posture of libfranka's examples
(`[0, -pi/4, 0, -3 pi/4, 0, pi/2, pi/4]`); the hand's stroke and speed are those of both URDFs, its
70 N of continuous force those of the Franka Hand's data sheet.
"""

import math
from collections.abc import Sequence

import numpy as np

from handiwork.robots.group import Gripper, Group, Tool
from handiwork.robots.robot import Joint

READY = np.array(
    [0.0, -math.pi / 4, 0.0, -3 * math.pi / 4, 0.0, math.pi / 2, math.pi / 4]
)  # tool pointing down at x 0.307, y 0, z 0.487 m


def franka_joints(
    prefix: str,
    lower: Sequence[float],
    upper: Sequence[float],
    velocity: Sequence[float],
    acceleration: Sequence[float],
    jerk: Sequence[float],
) -> tuple[Joint, ...]:
    """Seven joints from seven numbers each [rad], [rad/s], [rad/s^2], [rad/s^3]."""
    rows = zip(lower, upper, velocity, acceleration, jerk, strict=True)
    return tuple(
        Joint(
            name=f"{prefix}_joint{number}",
            lower=low,
            upper=high,
            velocity=speed,
            acceleration=gain,
            jerk=change,
        )
        for number, (low, high, speed, gain, change) in enumerate(rows, start=1)
    )


def franka_arm(prefix: str) -> Group:
    """The arm with its hand; the tool is the point between the fingertips."""
    return Group(
        name="arm",
        joints=tuple(f"{prefix}_joint{number}" for number in range(1, 8)),
        base_link=f"{prefix}_link0",
        tool=Tool(frame=f"{prefix}_hand_tcp", link=f"{prefix}_hand_tcp", link_from_tool=np.eye(4)),
        gripper=Gripper(
            joints=(f"{prefix}_finger_joint1", f"{prefix}_finger_joint2"),
            ratios=(1.0, 1.0),
            lower=0.0,
            upper=0.04,
            velocity=0.2,
            effort=70.0,
        ),
    )
