"""A new trajectory replaces the old one, a new goal ends the old one, a cancel holds.

Source: ros2_controllers 5.17, joint_trajectory_controller: goal_accepted_callback,
goal_cancelled_callback, check of tolerances.
"""

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from builtin_interfaces.msg import Duration
from control_msgs.action import FollowJointTrajectory
from control_msgs.msg import JointTolerance

CODES = FollowJointTrajectory.Result


def moved(arm, start):
    return abs(arm.reference()[0] - start[0]) > 0.02


def test_a_new_message_replaces_the_trajectory_without_a_step(arm):
    start, move = arm.rest(), arm.away(0.2)
    back = arm.trajectory(0.0)
    back.points = back.points[-1:]
    arm.topic.publish(arm.trajectory(move, seconds=1.6))
    assert arm.until(lambda: moved(arm, start))
    arm.topic.publish(back)
    assert arm.until(lambda: abs(arm.reference()[0] - start[0]) < 1e-9)
    times = [state.header.stamp.sec + state.header.stamp.nanosec * 1e-9 for state in arm.states]
    away = np.array([state.reference.positions[0] - start[0] for state in arm.states])
    assert np.abs(away).max() < 0.19
    assert np.abs(np.diff(away) / np.diff(times)).max() < 2.0  # [rad/s]


def test_a_message_leaves_the_goal_to_its_tolerances(arm):
    start, move = arm.rest(), arm.away(0.2)
    back = arm.trajectory(0.0)
    handle = arm.send(arm.trajectory(move, seconds=1.2))
    arm.until(lambda: moved(arm, start))
    arm.topic.publish(back)
    result = arm.outcome(handle)
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    arm.fresh()
    assert arm.reference()[0] == pytest.approx(start[0], abs=1e-9)


def test_a_new_goal_preempts_the_old_one(arm):
    start, move = arm.rest(), arm.away(0.2)
    back = arm.trajectory(0.0)
    old = arm.send(arm.trajectory(move, seconds=1.2))
    arm.until(lambda: moved(arm, start))
    new = arm.send(back)
    ended = arm.outcome(old)
    assert ended.status == GoalStatus.STATUS_ABORTED
    assert ended.result.error_code == CODES.INVALID_GOAL
    assert ended.result.error_string == "Current goal preempted by new incoming action."
    assert arm.outcome(new).status == GoalStatus.STATUS_SUCCEEDED


def test_a_canceled_goal_stops_the_arm_where_it_is(arm):
    start, move = arm.rest(), arm.away(0.2)
    handle = arm.send(arm.trajectory(move, seconds=1.2))
    assert arm.until(lambda: moved(arm, start))
    arm.wait(handle.cancel_goal_async())
    assert arm.outcome(handle).status == GoalStatus.STATUS_CANCELED
    arm.fresh()
    held = arm.reference()
    assert abs(held[0] - start[0]) < 0.19
    arm.rest()
    np.testing.assert_array_equal(arm.reference(), held)
    assert arm.until(lambda: abs(arm.measured(arm.names[0]) - held[0]) < 0.005)


def test_a_goal_outside_its_path_tolerance_is_aborted_and_the_arm_holds(arm):
    start = arm.rest()
    tolerance = [JointTolerance(name=arm.names[0], position=0.01)]
    result = arm.outcome(arm.send(arm.jump(arm.away(0.2)), path_tolerance=tolerance))
    assert result.status == GoalStatus.STATUS_ABORTED
    assert result.result.error_code == CODES.PATH_TOLERANCE_VIOLATED
    assert arm.names[0] in result.result.error_string
    assert abs(arm.rest()[0] - start[0]) < 0.19


def test_a_goal_late_at_its_end_is_aborted_and_the_arm_holds(arm):
    arm.rest()
    tolerance = [JointTolerance(name=arm.names[0], position=0.002)]
    patience = Duration(nanosec=10_000_000)
    handle = arm.send(
        arm.jump(arm.away(0.2)), goal_tolerance=tolerance, goal_time_tolerance=patience
    )
    result = arm.outcome(handle)
    assert result.status == GoalStatus.STATUS_ABORTED
    assert result.result.error_code == CODES.GOAL_TOLERANCE_VIOLATED


def test_a_tolerance_of_minus_one_lifts_the_limit(arm):
    arm.rest()
    lifted = [JointTolerance(name=arm.names[0], position=-1.0)]
    result = arm.outcome(arm.send(arm.jump(arm.away(0.1)), path_tolerance=lifted))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
