"""The executor moves the simulated arm by chunks, and refuses by name what must not move it."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from control_msgs.msg import JointTrajectoryControllerState
from diagnostic_msgs.msg import DiagnosticStatus
from handiwork_msgs.action import RunSkill
from handiwork_msgs.msg import ActionCandidates, ChunkReport, SkillState
from rclpy.action import ActionClient
from rclpy.node import Node
from sensor_msgs.msg import JointState as JointStateMessage

from handiwork.chunks import ActionChunk
from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai import WXAI
from handiwork_ros.executor_node import ExecutorNode, ExecutorNodeConfig
from handiwork_ros.messages import (
    JointState,
    duration_from_seconds,
    joint_state_from_message,
    message_from_chunk,
    point_from_sample,
)
from handiwork_ros.quality_of_service import LATCHED
from handiwork_ros.sim_node import SimConfig, SimNode
from handiwork_ros.stack_clock import StackClock

KINEMATICS = Kinematics(WXAI)


@dataclass
class Desk:
    """A policy's and an operator's place in the graph."""

    graph: object
    node: Node
    clock: StackClock
    states: dict[str, DiagnosticStatus]
    reports: list[ChunkReport] = field(default_factory=list)
    joints: list[JointState] = field(default_factory=list)
    skills: list[SkillState] = field(default_factory=list)
    sequence: int = 0

    def __post_init__(self):
        self.candidates = self.node.create_publisher(ActionCandidates, "action_candidates", 10)
        self.action = ActionClient(self.node, RunSkill, "run_skill")
        listen = self.node.create_subscription
        listen(ChunkReport, "chunk_reports", self.reports.append, 10)
        listen(SkillState, "skill", self.skills.append, LATCHED)
        listen(
            JointStateMessage,
            "joint_states",
            lambda m: self.joints.append(joint_state_from_message(m, WXAI.names)),
            10,
        )
        assert self.graph.until(
            lambda: (
                self.skills
                and self.action.server_is_ready()
                and self.candidates.get_subscription_count()
            )
        )

    def tip(self):
        return KINEMATICS.tool(self.joints[-1].position)[:2, 3]

    def run(self, skill="push_t", timeout=20.0):
        goal = RunSkill.Goal(skill=skill, timeout=duration_from_seconds(timeout))
        future = self.action.send_goal_async(goal)
        assert self.graph.until(future.done)
        return future.result()

    def chunk(self, move=(0.03, 0.0), **changes):
        """Straight on by `move` [m] in 8 rows that begin now."""
        self.sequence += 1
        rows = self.tip() + np.linspace(0, 1, 8)[:, None] * np.array(move)
        now = self.clock.now()
        chunk = ActionChunk(
            rows=rows.astype(np.float32),
            names=("x", "y"),
            space="pose",
            frame="base_link",
            start=now,
            period=0.1,
            observed=now - 0.05,
            sequence=self.sequence,
        )
        return message_from_chunk(replace(chunk, **changes))

    def send(self, message):
        """Publish one chunk and wait for what became of it."""
        count = len(self.reports)
        self.candidates.publish(ActionCandidates(chunks=[message]))
        assert self.graph.until(lambda: len(self.reports) > count)
        return self.reports[-1]

    def rests(self):
        return np.abs(self.joints[-1].velocity).max() < 1e-3


@pytest.fixture
def desk(sim_graph):
    sim_graph.add(SimNode(SimConfig(priority=0)))
    sim_graph.add(ExecutorNode(ExecutorNodeConfig(priority=0)))
    node = sim_graph.add(Node("desk"))
    desk = Desk(sim_graph, node, StackClock(node), sim_graph.listen(node))
    assert sim_graph.until(lambda: desk.joints)
    return desk


def test_a_chunk_moves_the_arm_and_when_the_policy_dies_it_comes_to_rest_by_itself(desk):
    assert desk.run().accepted
    start = desk.tip()
    report = desk.send(desk.chunk(move=(0.04, 0.0)))
    assert report.accepted, report.reason
    assert 0 < report.chunk_to_trajectory_s < 1.0
    assert desk.graph.until(lambda: not desk.rests())
    # Nothing more is sent: the policy is dead.
    assert desk.graph.until(lambda: desk.rests() and desk.tip()[0] > start[0] + 0.03)
    resting = desk.tip()
    desk.graph.spin(0.5)
    np.testing.assert_allclose(desk.tip(), resting, atol=1e-4)
    assert "no chunk was accepted" in desk.states["executor"].message
    assert desk.states["executor"].level == DiagnosticStatus.WARN


def spoilt(desk, how):
    now = desk.clock.now()
    if how == "not finite":
        return desk.chunk(rows=np.full((8, 2), np.nan, np.float32))
    if how == "wrong width":
        message = desk.chunk()
        message.rows = message.rows[:-1]
        return message
    if how == "unknown names":
        return desk.chunk(names=("x", "z"))
    if how == "all past":
        return desk.chunk(start=now - 1.5, observed=now - 0.1)
    if how == "out of order":
        desk.sequence -= 1
        return desk.chunk(sequence=1)
    return desk.chunk(observed=now - 2.0)


SPOILT = {
    "not finite": "not finite",
    "wrong width": "15 values for 2 names",
    "unknown names": "['x', 'z']",
    "all past": "all its rows are past",
    "out of order": "chunk 1 came after",
    "from old eyes": "rests on an observation",
}


def test_bad_chunks_are_refused_and_named_and_good_ones_go_on(desk):
    desk.run()
    for _ in range(2):
        assert desk.send(desk.chunk(move=(0.0, 0.0))).accepted
    for how, said in SPOILT.items():
        desk.graph.until(lambda: desk.states["executor"].level == DiagnosticStatus.OK)
        report = desk.send(spoilt(desk, how))
        assert not report.accepted, how
        assert said in report.reason
        said_aloud = desk.graph.until(lambda: said in desk.states["executor"].message)  # noqa: B023
        assert said_aloud, how
        good = desk.send(desk.chunk(move=(0.0, 0.0)))
        assert good.accepted, good.reason
    assert desk.graph.until(lambda: desk.states["executor"].level == DiagnosticStatus.OK)


def test_without_a_running_skill_nothing_moves(desk):
    before = desk.joints[-1].position
    report = desk.send(desk.chunk())
    assert not report.accepted
    assert "no skill is running" in report.reason
    desk.graph.spin(0.3)
    np.testing.assert_allclose(desk.joints[-1].position, before, atol=1e-4)
    # A chunk that comes after the end of its run is no fault.
    assert desk.graph.until(lambda: desk.states["executor"].level == DiagnosticStatus.OK)


def test_only_a_known_skill_runs_and_only_once_at_a_time(desk):
    assert not desk.run("juggle").accepted
    assert not desk.run(timeout=0.0).accepted
    assert desk.run().accepted
    assert not desk.run().accepted


def test_a_run_ends_when_its_time_is_up(desk):
    handle = desk.run(timeout=0.6)
    assert desk.graph.until(lambda: desk.skills[-1].running)
    desk.send(desk.chunk())
    ended = handle.get_result_async()
    assert desk.graph.until(ended.done, 10.0)
    assert ended.result().status == GoalStatus.STATUS_ABORTED
    result = ended.result().result
    assert (result.outcome, result.chunks_accepted) == (RunSkill.Result.TIMED_OUT, 1)
    assert desk.graph.until(lambda: not desk.skills[-1].running)
    assert desk.run().accepted
    assert desk.graph.until(lambda: desk.skills[-1].run == 2)


def test_a_canceled_run_stops_the_arm_before_the_chunk_is_over(desk):
    handle = desk.run()
    start = desk.tip()
    assert desk.send(desk.chunk(move=(0.10, 0.0))).accepted
    assert desk.graph.until(lambda: desk.tip()[0] > start[0] + 0.01)
    handle.cancel_goal_async()
    ended = handle.get_result_async()
    assert desk.graph.until(ended.done)
    assert ended.result().status == GoalStatus.STATUS_CANCELED
    assert ended.result().result.outcome == RunSkill.Result.CANCELED
    assert desk.graph.until(desk.rests)
    assert desk.tip()[0] < start[0] + 0.09
    report = desk.send(desk.chunk())
    assert "no skill is running" in report.reason


def test_when_the_arm_falls_silent_the_run_ends_as_a_fault_and_none_starts(graph):
    graph.add(ExecutorNode(ExecutorNodeConfig(priority=0, state_age=0.3)))
    node = graph.add(Node("arm"))
    states = node.create_publisher(
        JointTrajectoryControllerState, "arm_controller/controller_state", 10
    )

    def publish():
        state = JointTrajectoryControllerState(joint_names=list(WXAI.names))
        state.header.stamp = node.get_clock().now().to_msg()
        state.reference = point_from_sample(JointSample.at_rest(WXAI.home))
        states.publish(state)

    timer = node.create_timer(0.02, publish)
    desk = Desk(graph, node, StackClock(node), graph.listen(node))
    graph.spin(0.3)
    handle = desk.run()
    assert handle.accepted
    timer.cancel()
    ended = handle.get_result_async()
    assert graph.until(ended.done, 10.0)
    assert ended.result().result.outcome == RunSkill.Result.FAULT
    assert "the state of arm_controller is" in ended.result().result.message
    assert not desk.run().accepted
