"""Trajectories are followed by their times, to their ends, whoever names the joints how.

Source: ros2_controllers 5.17, joint_trajectory_controller: stamps, joint order, result codes,
query_state, controller_state.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from control_msgs.srv import QueryTrajectoryState
from rclpy.action import ActionClient
from scipy.interpolate import CubicHermiteSpline

from handiwork_ros.controller_names import controller_name
from handiwork_ros.messages import seconds_from_stamp, stamp_from_seconds

CODES = FollowJointTrajectory.Result
DUE = 0.8  # [s] from the motion's beginning, between two of its points


@dataclass
class Recorded:
    """One motion of two seconds."""

    start: np.ndarray
    move: float
    feedback: list = field(default_factory=list)
    states: list = field(default_factory=list)
    asked: object = None
    queried: object = None
    result: object = None


@pytest.fixture(scope="module")
def long_motion(arm, stalls):
    """The first joint by 0.3 rad in 2 s, as seen by all who look."""
    return stalls.undisturbed(lambda: recorded_motion(arm))


def recorded_motion(arm):
    arm.check_enabled()
    start = arm.rest()
    arm.fresh()  # what came to rest before is not of this motion
    recorded = Recorded(start=start, move=arm.away(0.3))
    begin = arm.now() + 0.2
    recorded.asked = arm.trajectory(recorded.move, seconds=2.0, start=begin)
    handle = arm.send(recorded.asked, lambda told: recorded.feedback.append(told.feedback))
    arm.spin(0.5)
    request = QueryTrajectoryState.Request(time=stamp_from_seconds(begin + DUE))
    recorded.queried = arm.call(arm.query, request)
    recorded.result = arm.outcome(handle)
    recorded.states = list(arm.states)
    arm.fresh()
    return recorded


def test_a_goal_succeeds(long_motion):
    assert long_motion.result.status == GoalStatus.STATUS_SUCCEEDED
    assert long_motion.result.result.error_code == CODES.SUCCESSFUL


def test_the_last_point_is_held_and_measured_within_2_mrad(arm, long_motion):
    end = long_motion.start[0] + long_motion.move
    assert arm.reference()[0] == pytest.approx(end, abs=1e-9)
    assert arm.until(lambda: abs(arm.measured(arm.names[0]) - end) < 0.002, patience=1.0)


def test_what_is_sent_has_no_step(long_motion):
    stamps = [seconds_from_stamp(s.header.stamp) for s in long_motion.states]
    sent = np.array([state.output.positions[0] for state in long_motion.states])
    speeds = np.abs(np.diff(sent)) / np.diff(stamps)
    peak = abs(long_motion.move) / 2.0 * 30 / 16  # of a quintic from rest to rest
    assert speeds.max() < 1.2 * peak


def test_query_state_tells_what_the_trajectory_asks_for(arm, long_motion):
    assert long_motion.queried.success, long_motion.queried.message
    assert list(long_motion.queried.name) == arm.names
    points = long_motion.asked.points
    times = [seconds_from_stamp(point.time_from_start) for point in points]
    positions = [point.positions[0] for point in points]
    velocities = [point.velocities[0] for point in points]
    want = CubicHermiteSpline(times, positions, velocities)(DUE)
    assert long_motion.queried.position[0] == pytest.approx(want, abs=1e-6)


def test_query_state_fails_where_there_is_no_trajectory(arm, long_motion):
    request = QueryTrajectoryState.Request(time=stamp_from_seconds(arm.now() + 1.0))
    answer = arm.call(arm.query, request)
    assert not answer.success and answer.message


def test_feedback_tells_what_is_wanted_and_what_is(arm, long_motion):
    assert len(long_motion.feedback) > 10  # 20 Hz by default
    told = long_motion.feedback[-1]
    assert list(told.joint_names) == arm.names
    error = np.array(told.desired.positions) - np.array(told.actual.positions)
    np.testing.assert_allclose(told.error.positions, error, atol=1e-12)


def test_controller_state_has_reference_feedback_error_and_output(arm):
    arm.rest()
    state = arm.states[-1]
    assert list(state.joint_names) == arm.names
    error = np.array(state.reference.positions) - np.array(state.feedback.positions)
    np.testing.assert_allclose(state.error.positions, error, atol=1e-12)
    np.testing.assert_allclose(state.output.positions, state.reference.positions, atol=0.02)
    assert state.speed_scaling_factor == 1.0


def test_joint_states_has_every_joint_and_finger_by_name(arm):
    fingers = [n for g in arm.robot.groups if g.gripper is not None for n in g.gripper.joints]
    message = arm.joints[-1]
    assert set(message.name) == {*arm.robot.names, *fingers}
    assert len(message.position) == len(message.velocity) == len(message.name)


def test_joints_may_come_in_any_order(arm):
    start, move = arm.rest(), arm.away(0.1)
    result = arm.outcome(arm.send(arm.trajectory(move, order=-1)))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    arm.fresh()
    np.testing.assert_allclose(arm.reference(), [start[0] + move, *start[1:]], atol=1e-9)


def test_a_past_start_with_a_future_end_skips_what_is_past(arm):
    start, move = arm.rest(), arm.away(0.1)
    arm.until(lambda: arm.now() > 2.0)
    sent = arm.now()
    arm.topic.publish(arm.trajectory(move, seconds=2.0, start=sent - 1.2))
    assert arm.until(lambda: arm.now() > sent + 0.85)
    stamps = [seconds_from_stamp(state.header.stamp) for state in arm.states]
    after = arm.states[np.searchsorted(stamps, sent + 0.82)]  # the end was at 0.8
    assert after.reference.positions[0] == pytest.approx(start[0] + move, abs=1e-9)


def test_a_future_start_holds_until_then(arm):
    start, move = arm.rest(), arm.away(0.1)
    begin = arm.now() + 0.5
    message = arm.trajectory(move, start=begin)
    message.points.insert(0, type(message.points[0])(positions=start.tolist()))
    message.points[0].velocities = [0.0] * len(start)
    arm.states.forget()
    assert arm.outcome(arm.send(message)).status == GoalStatus.STATUS_SUCCEEDED
    moved = [
        seconds_from_stamp(s.header.stamp)
        for s in arm.states
        if abs(s.reference.positions[0] - start[0]) > 1e-6
    ]
    assert moved[0] > begin


def test_all_groups_of_the_robot_move_at_once(arm):
    """Where there is but one, that one does."""
    arm.rest()
    message, clients = arm.joints[-1], []
    for group in arm.robot.groups:
        name = f"{controller_name(group.name)}/follow_joint_trajectory"
        here = [message.position[list(message.name).index(joint)] for joint in group.joints]
        clients.append((ActionClient(arm.node, FollowJointTrajectory, name), group, here))
    assert arm.until(lambda: all(client.server_is_ready() for client, _, _ in clients))
    sent = []
    for client, group, here in clients:
        goal = arm.trajectory(0.0)
        goal.joint_names = list(group.joints)
        middle = 0.5 * (arm.robot.lower + arm.robot.upper)[arm.robot.columns(group)]
        step = np.sign(middle - here) * 0.05
        for index, point in enumerate(goal.points):
            share = (index + 1) / len(goal.points)
            point.positions = (here + share * step).tolist()
            point.velocities = []
        sent.append(client.send_goal_async(FollowJointTrajectory.Goal(trajectory=goal)))
    handles = [arm.wait(future) for future in sent]
    for handle in handles:
        assert arm.outcome(handle).status == GoalStatus.STATUS_SUCCEEDED
    for client, _, _ in clients:
        client.destroy()
