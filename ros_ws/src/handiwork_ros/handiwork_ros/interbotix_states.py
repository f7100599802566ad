"""What xs_sdk's joint_states say of a WidowX 250s: the newest that can be believed.

Where it cannot read its motors, xs_sdk publishes NaN or, in older versions, counts of zero, which
read as -pi on every joint: outside the shoulder's and the elbow's limits. Such messages do not
count, so that a robot whose motors fall silent has a lost link. Nor do those of an arm server in
the same namespace, which know no `gripper` motor. Efforts are in milliamperes and left out.

Source: interbotix_ros_core, branches jazzy (xs_sdk_obj.cpp: order, fingers) and noetic (NaN), and
its README (units); interbotix_xs_driver, branch ros2, read_joint_states.
"""

import time
from dataclasses import dataclass

import numpy as np
from sensor_msgs.msg import JointState

from handiwork.control.arm_values import ArmReading
from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.wx250s import WX250S
from handiwork_ros.interbotix_motors import GRIPPER

_SLACK = 0.2  # [rad] that a joint may be found outside its limits
_LOW, _HIGH = WX250S.lower - _SLACK, WX250S.upper + _SLACK
_FINGER = "left_finger"  # the right one is its mirror
_NEEDED = {*WX250S.names, _FINGER, GRIPPER.name}


@dataclass(frozen=True, kw_only=True, eq=False)
class Heard:
    """A reading and when it came [s], of time.monotonic."""

    reading: ArmReading
    at: float


class InterbotixStates:
    """Told of every message, in one thread; asked in any."""

    def __init__(self) -> None:
        self.newest: Heard | None = None

    def hear(self, message: JointState) -> None:
        """Keep what it says, where it can be believed."""
        place = {name: index for index, name in enumerate(message.name)}
        told = min(len(message.position), len(message.velocity))
        if not place.keys() >= _NEEDED or told < len(message.name):
            return
        columns = [place[name] for name in WX250S.names]
        position = np.array(message.position)[columns]
        finger = np.array(message.position)[[place[_FINGER]]]
        if not _believable(position) or not np.isfinite(finger).all():
            return
        velocity = np.array(message.velocity)[columns]
        joints = JointSample(position, velocity, np.zeros(len(columns)))
        reading = ArmReading(joints=joints, grippers=finger)
        self.newest = Heard(reading=reading, at=time.monotonic())


def _believable(position: np.ndarray) -> bool:
    """Near the limits or inside; (J,) [rad]. NaN is not."""
    return bool(np.all((position > _LOW) & (position < _HIGH)))
