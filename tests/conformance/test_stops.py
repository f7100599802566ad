"""Stops end the goal with a reason, and nothing moves until somebody enables the arm."""

import numpy as np
from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from std_srvs.srv import Trigger

CODES = FollowJointTrajectory.Result


def running_goal(arm):
    start, move = arm.rest(), arm.away(0.2)
    handle = arm.send(arm.trajectory(move, seconds=1.2))
    assert arm.until(lambda: abs(arm.reference()[0] - start[0]) > 0.02)
    return handle


def assert_refused_and_still(arm):
    stopped = arm.rest()
    assert not arm.send(arm.trajectory(arm.away(0.1))).accepted
    arm.topic.publish(arm.trajectory(arm.away(0.1)))
    arm.spin(0.1)
    np.testing.assert_array_equal(arm.reference(), stopped)


def assert_moves_again(arm):
    arm.rest()
    result = arm.outcome(arm.send(arm.trajectory(arm.away(0.05))))
    assert result.status == GoalStatus.STATUS_SUCCEEDED


def test_an_emergency_stop_ends_the_goal_and_holds_until_enabled(arm):
    handle = running_goal(arm)
    assert arm.call(arm.e_stop, Trigger.Request()).success
    result = arm.outcome(handle)
    assert result.status == GoalStatus.STATUS_ABORTED
    assert "emergency stop" in result.result.error_string
    assert arm.until(lambda: arm.safety[-1].startswith("stopped: "))
    assert_refused_and_still(arm)
    answer = arm.call(arm.enable, Trigger.Request())
    assert answer.success, answer.message
    assert arm.until(lambda: arm.safety[-1] == "enabled")
    assert_moves_again(arm)


def test_an_inactive_server_ends_the_goal_holds_and_rejects(arm):
    change = arm.node.create_client(ChangeState, "arm_server/change_state")
    assert arm.until(change.service_is_ready)

    def turn(transition):
        request = ChangeState.Request(transition=Transition(id=transition))
        assert arm.call(change, request).success

    handle = running_goal(arm)
    turn(Transition.TRANSITION_DEACTIVATE)
    result = arm.outcome(handle)
    assert result.status == GoalStatus.STATUS_ABORTED
    assert result.result.error_code == CODES.INVALID_GOAL
    assert_refused_and_still(arm)
    assert not arm.call(arm.enable, Trigger.Request()).success
    turn(Transition.TRANSITION_ACTIVATE)
    assert_moves_again(arm)
    arm.node.destroy_client(change)
