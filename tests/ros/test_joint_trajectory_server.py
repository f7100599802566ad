"""The simulated arm keeps joint_trajectory_controller's rules, asked over the wire.

Source of the rules: ros2_controllers 5.17, joint_trajectory_controller (validation, replacement,
preemption, cancel, result codes).
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from control_msgs.msg import JointTolerance, JointTrajectoryControllerState
from rclpy.action import ActionClient
from rclpy.node import Node
from sensor_msgs.msg import JointState
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from handiwork.robots.wxai import WXAI
from handiwork_ros.messages import (
    duration_from_seconds,
    seconds_from_stamp,
    stamp_from_seconds,
)
from handiwork_ros.sim_node import SimConfig, SimNode

NAMES = list(WXAI.names)
CODES = FollowJointTrajectory.Result


@dataclass
class Client:
    """What a MoveIt or rqt would hold."""

    topic: object
    action: ActionClient
    states: list[JointTrajectoryControllerState] = field(default_factory=list)
    joints: list[JointState] = field(default_factory=list)

    def reference(self) -> np.ndarray:
        return np.array(self.states[-1].reference.positions)

    def now(self) -> float:
        return seconds_from_stamp(self.states[-1].header.stamp)


@pytest.fixture
def client(graph):
    graph.add(SimNode(SimConfig(priority=0, controller_state_rate=50.0)))
    node = graph.add(Node("client"))
    client = Client(
        topic=node.create_publisher(JointTrajectory, "arm_controller/joint_trajectory", 10),
        action=ActionClient(node, FollowJointTrajectory, "arm_controller/follow_joint_trajectory"),
    )
    node.create_subscription(
        JointTrajectoryControllerState,
        "arm_controller/controller_state",
        client.states.append,
        10,
    )
    node.create_subscription(JointState, "joint_states", client.joints.append, 10)
    ready = graph.until(
        lambda: (
            client.states
            and client.joints
            and client.action.server_is_ready()
            and client.topic.get_subscription_count()
        ),
    )
    assert ready
    return client


def trajectory(start, move, seconds=0.4, **changes):
    """From `start` by `move` on the first joint, in two points, at rest at the end."""
    half, end = np.array(start, float), np.array(start, float)
    half[0] += move / 2
    end[0] += move
    speed = np.zeros(len(start))
    speed[0] = move / seconds
    message = JointTrajectory(joint_names=NAMES)
    message.points = [
        JointTrajectoryPoint(
            positions=half.tolist(),
            velocities=speed.tolist(),
            time_from_start=duration_from_seconds(seconds / 2),
        ),
        JointTrajectoryPoint(
            positions=end.tolist(),
            velocities=[0.0] * len(NAMES),
            time_from_start=duration_from_seconds(seconds),
        ),
    ]
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def send(graph, client, message, **tolerances):
    """The goal's handle, answered."""
    goal = FollowJointTrajectory.Goal(trajectory=message, **tolerances)
    future = client.action.send_goal_async(goal)
    assert graph.until(future.done)
    return future.result()


def outcome(graph, handle, patience=5.0):
    future = handle.get_result_async()
    assert graph.until(future.done, patience)
    return future.result()


def test_a_goal_is_reached_and_its_last_point_is_held(graph, client):
    start = client.reference()
    result = outcome(graph, send(graph, client, trajectory(start, 0.2)))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    assert result.result.error_code == CODES.SUCCESSFUL
    graph.spin(0.3)
    assert client.reference()[0] == pytest.approx(start[0] + 0.2, abs=1e-9)
    assert client.joints[-1].position[0] == pytest.approx(start[0] + 0.2, abs=0.005)


def test_joints_may_come_in_any_order(graph, client):
    start = client.reference()
    message = trajectory(start, 0.1)
    message.joint_names = NAMES[::-1]
    for point in message.points:
        point.positions = point.positions[::-1]
        point.velocities = point.velocities[::-1]
    result = outcome(graph, send(graph, client, message))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    graph.spin(0.05)
    np.testing.assert_allclose(client.reference(), [start[0] + 0.1, *start[1:]], atol=1e-9)


def spoilt(client, how):
    message = trajectory(client.reference(), 0.1)
    last = message.points[-1]
    if how == "no joint names":
        message.joint_names = []
    elif how == "an unknown joint":
        message.joint_names = ["elbow", *NAMES[1:]]
    elif how == "a joint missing":
        message.joint_names = NAMES[:-1]
        for point in message.points:
            point.positions, point.velocities = point.positions[:-1], point.velocities[:-1]
    elif how == "no points":
        message.points = []
    elif how == "an end in motion":
        last.velocities = [0.5] + [0.0] * (len(NAMES) - 1)
    elif how == "a short row of positions":
        last.positions = last.positions[:-1]
    elif how == "times that do not increase":
        last.time_from_start = message.points[0].time_from_start
    elif how == "effort":
        last.effort = [0.0] * len(NAMES)
    elif how == "an end in the past":
        message.header.stamp = stamp_from_seconds(max(client.now() - 0.5, 0.001))
    elif how == "a value that is not finite":
        last.positions = [float("nan")] * len(NAMES)
    return message


SPOILT = (
    "no joint names",
    "an unknown joint",
    "a joint missing",
    "no points",
    "an end in motion",
    "a short row of positions",
    "times that do not increase",
    "effort",
    "an end in the past",
    "a value that is not finite",
)


def test_goals_that_break_a_rule_are_rejected_and_topic_messages_dropped(graph, client):
    graph.until(lambda: client.now() > 0.6)  # so that half a second ago is after the start of time
    start = client.reference()
    for how in SPOILT:
        assert not send(graph, client, spoilt(client, how)).accepted, how
        client.topic.publish(spoilt(client, how))
    graph.spin(0.3)
    np.testing.assert_array_equal(client.reference(), start)


def test_a_past_start_with_a_future_end_skips_what_is_past(graph, client):
    start = client.reference()
    message = trajectory(start, 0.2, seconds=0.8)
    message.header.stamp = stamp_from_seconds(client.now() - 0.4)
    sent = client.now()
    client.topic.publish(message)
    assert graph.until(lambda: client.reference()[0] > start[0] + 0.09, 0.3)
    assert graph.until(lambda: client.reference()[0] > start[0] + 0.1999)
    assert client.now() - sent < 0.6


def test_a_new_message_replaces_the_trajectory_without_a_step(graph, client):
    start = client.reference()
    client.topic.publish(trajectory(start, 0.4, seconds=1.0))
    assert graph.until(lambda: client.reference()[0] > start[0] + 0.1)
    client.topic.publish(trajectory(start, 0.0, seconds=0.5))
    assert graph.until(lambda: abs(client.reference()[0] - start[0]) < 1e-6)
    positions = np.array([state.reference.positions[0] for state in client.states])
    times = np.array([seconds_from_stamp(state.header.stamp) for state in client.states])
    moved, passed = np.abs(np.diff(positions)), np.diff(times)
    assert (moved <= 1.5 * passed + 1e-3).all()  # it goes at 1.1 rad/s at most
    assert positions.max() < start[0] + 0.4


def test_a_new_goal_preempts_the_old_one(graph, client):
    start = client.reference()
    old = send(graph, client, trajectory(start, 0.4, seconds=2.0))
    ended = old.get_result_async()
    graph.spin(0.2)
    new = send(graph, client, trajectory(start, 0.0, seconds=0.5))
    assert graph.until(ended.done)
    assert ended.result().status == GoalStatus.STATUS_ABORTED
    assert ended.result().result.error_code == CODES.INVALID_GOAL
    assert "preempted" in ended.result().result.error_string
    assert outcome(graph, new).status == GoalStatus.STATUS_SUCCEEDED


def test_a_canceled_goal_stops_the_arm_where_it_is(graph, client):
    start = client.reference()
    handle = send(graph, client, trajectory(start, 0.6, seconds=2.0))
    assert graph.until(lambda: client.reference()[0] > start[0] + 0.1)
    answer = handle.cancel_goal_async()
    assert graph.until(answer.done)
    assert outcome(graph, handle).status == GoalStatus.STATUS_CANCELED
    graph.spin(0.1)
    held = client.reference()[0]
    assert start[0] + 0.05 < held < start[0] + 0.5
    graph.spin(0.3)
    assert client.reference()[0] == held


def test_a_goal_outside_its_path_tolerance_is_aborted_with_the_code(graph, client):
    start = client.reference()
    message = trajectory(start, 2.0, seconds=0.4)  # faster than the servo can
    tolerance = [JointTolerance(name=NAMES[0], position=0.002)]
    result = outcome(graph, send(graph, client, message, path_tolerance=tolerance))
    assert result.status == GoalStatus.STATUS_ABORTED
    assert result.result.error_code == CODES.PATH_TOLERANCE_VIOLATED


def test_feedback_tells_what_is_wanted_and_what_is(graph, client):
    seen = []
    goal = FollowJointTrajectory.Goal(trajectory=trajectory(client.reference(), 0.2))
    future = client.action.send_goal_async(goal, lambda message: seen.append(message.feedback))
    assert graph.until(future.done)
    assert graph.until(lambda: len(seen) >= 3)
    feedback = seen[-1]
    assert feedback.joint_names == NAMES
    np.testing.assert_allclose(
        np.array(feedback.desired.positions) - np.array(feedback.actual.positions),
        feedback.error.positions,
        atol=1e-12,
    )
    outcome(graph, future.result())
