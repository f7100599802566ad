"""Goals that break a rule are rejected, topic messages that do are dropped.

Source: ros2_controllers 5.17, joint_trajectory_controller, validate_trajectory_msg.
"""

import numpy as np

from handiwork_ros.messages import stamp_from_seconds


def no_names(message):
    message.joint_names = []


def unknown_joint(message):
    message.joint_names = ["no_such_joint", *message.joint_names[1:]]


def twice_the_same(message):
    message.joint_names = [message.joint_names[1], *message.joint_names[1:]]


def part_of_the_joints(message):
    message.joint_names = message.joint_names[:-1]
    for point in message.points:
        point.positions, point.velocities = point.positions[:-1], point.velocities[:-1]


def no_points(message):
    message.points = []


def end_in_motion(message):
    message.points[-1].velocities[0] = 0.5


def short_row(message):
    message.points[-1].positions = message.points[-1].positions[:-1]


def short_velocities(message):
    message.points[-1].velocities = message.points[-1].velocities[:-1]


def times_that_stand(message):
    message.points[-1].time_from_start = message.points[-2].time_from_start


def effort(message):
    message.points[-1].effort = [0.0] * len(message.joint_names)


def not_finite(message):
    message.points[-1].positions[0] = float("nan")


RULES = (
    no_names,
    unknown_joint,
    twice_the_same,
    part_of_the_joints,
    no_points,
    end_in_motion,
    short_row,
    short_velocities,
    times_that_stand,
    effort,
    not_finite,
)


def test_a_trajectory_that_breaks_a_rule_is_rejected_or_dropped(arm):
    start = arm.rest()
    for spoil in RULES:
        message = arm.trajectory(arm.away(0.1))
        spoil(message)
        assert not arm.send(message).accepted, spoil.__name__
        arm.topic.publish(message)
    arm.spin(0.1)
    np.testing.assert_array_equal(arm.reference(), start)


def test_a_trajectory_that_ends_in_the_past_is_rejected_or_dropped(arm):
    start = arm.rest()
    arm.until(lambda: arm.now() > 1.0)  # so that the past lies after the start of time
    message = arm.trajectory(arm.away(0.1), seconds=0.3)
    message.header.stamp = stamp_from_seconds(arm.now() - 0.6)
    assert not arm.send(message).accepted
    arm.topic.publish(message)
    arm.spin(0.1)
    np.testing.assert_array_equal(arm.reference(), start)
