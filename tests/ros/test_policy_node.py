"""The policy acts on fresh observations while its skill runs, and says why when it does not."""

import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from handiwork_msgs.msg import ActionCandidates, ChunkReport, ObjectPoses, SkillState
from rclpy.node import Node
from sensor_msgs.msg import JointState as JointStateMessage

from handiwork.perception.planar_pose import PlanarPose
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai import WXAI
from handiwork.tasks.push_t import TableSquare, keypoints
from handiwork_ros.messages import (
    JointState,
    chunk_from_message,
    message_from_joint_state,
    stamp_from_seconds,
)
from handiwork_ros.policy_node import PolicyConfig, PolicyNode
from handiwork_ros.quality_of_service import LATCHED
from handiwork_ros.sight_messages import object_pose_from_planar
from tests.fakes import ProposesNothingFinite, PushesTowardsTheBlock, RemembersForgetting

SHIPPED = Path(__file__).parents[2] / "checkpoints/push_t_diffusion"
BLOCK_PX = np.array([300.0, 200.0, 0.7])


class World(Node):
    """A camera's and an arm's place in the graph, on wall time."""

    def __init__(self, graph):
        super().__init__("world")
        self.graph = graph
        self.sees, self.finds = True, True
        self.candidates: list[ActionCandidates] = []
        x, y, angle = TableSquare().pose_to_base(BLOCK_PX)
        self.block = PlanarPose(
            x=x, y=y, angle=angle, rms=0.001, inliers=9, coverage=1.0, covariance=np.eye(3)
        )
        self.accepts, self.delay = False, 0.15  # [s] as an executor would measure it
        self.poses = self.create_publisher(ObjectPoses, "object_poses", 1)
        self.joints = self.create_publisher(JointStateMessage, "joint_states", 10)
        self.skill = self.create_publisher(SkillState, "skill", LATCHED)
        self.reports = self.create_publisher(ChunkReport, "chunk_reports", 10)
        self.create_subscription(ActionCandidates, "action_candidates", self.hear, 10)
        self.create_timer(0.05, self.look)
        self.create_timer(0.02, self.feel)

    def now(self):
        return self.get_clock().now().nanoseconds * 1e-9

    def look(self):
        if not self.sees:
            return
        message = ObjectPoses(reason="" if self.finds else "the cat sits on it. Remove the cat.")
        message.header.stamp = stamp_from_seconds(self.now())
        if self.finds:
            message.objects = [object_pose_from_planar("t_block", self.block)]
        self.poses.publish(message)

    def hear(self, message):
        self.candidates.append(message)
        self.reports.publish(
            ChunkReport(
                sequence=message.chunks[0].sequence,
                accepted=self.accepts,
                observation_to_switch_s=self.delay if self.accepts else 0.0,
            )
        )

    def feel(self):
        home = WXAI.home
        state = JointState(stamp=self.now(), position=home, velocity=0 * home)
        self.joints.publish(message_from_joint_state(state, WXAI.names, "base_link"))

    def run(self, number=1, running=True):
        self.skill.publish(SkillState(skill="push_t", running=running, run=number))

    def fresh_chunk(self, patience=3.0):
        self.candidates.clear()
        return self.graph.until(lambda: self.candidates, patience)


@pytest.fixture
def world(graph):
    return graph.add(World(graph))


@pytest.fixture
def states(graph, world):
    return graph.listen(world)


def add_policy(graph, policy=None, **config):
    config = PolicyConfig(camera_age=0.3, **config)
    return graph.add(PolicyNode(config, policy or PushesTowardsTheBlock()))


def two_chunks(graph, world):
    """The first two chunks of a run."""
    assert graph.until(lambda: len(world.candidates) >= 2)
    return [chunk_from_message(message.chunks[0]) for message in world.candidates[:2]]


def two_in_time(graph, world, apart):
    """Chunks in a row that start so far apart [s]: the first two, unless the machine stalls."""

    def pairs():
        chunks = [chunk_from_message(message.chunks[0]) for message in world.candidates]
        return [two for two in pairwise(chunks) if abs(two[1].start - two[0].start - apart) < 1e-6]

    assert graph.until(pairs)
    return pairs()[0]


def value(status, key):
    return next((item.value for item in status.values if item.key == key), "")


def test_nothing_is_proposed_until_the_skill_runs_and_nothing_after(graph, world):
    add_policy(graph)
    graph.spin(0.6)
    assert not world.candidates
    world.run()
    assert world.fresh_chunk()
    world.run(running=False)
    graph.spin(0.3)
    world.candidates.clear()
    graph.spin(1.0)
    assert not world.candidates


def test_a_chunk_is_what_the_policy_said_in_metres_of_base_due_from_its_observation_on(
    graph, world
):
    add_policy(graph)
    world.run()
    assert world.fresh_chunk()
    [message] = world.candidates[-1].chunks
    chunk = chunk_from_message(message)
    assert (chunk.names, chunk.space, chunk.frame) == (("x", "y"), "pose", "base_link")
    assert (chunk.period, chunk.start) == (0.1, chunk.observed)
    assert -0.05 < world.now() - chunk.observed < 0.5
    square = TableSquare()
    rod = square.to_plane(Kinematics(WXAI).tool(WXAI.home)[:2, 3])
    observed = np.tile(np.concatenate([keypoints(BLOCK_PX).ravel(), rod]), (2, 1))
    expected = square.to_base(
        PushesTowardsTheBlock().propose({"state": observed})[0, 1:12]
    )  # row 1 is now; 8 and 3 spare
    np.testing.assert_allclose(chunk.rows, expected, atol=1e-5)


def test_chunks_follow_each_other_after_the_executed_steps_with_rising_numbers(graph, world):
    add_policy(graph)
    world.run()
    assert graph.until(lambda: len(world.candidates) >= 3)
    chunks = [chunk_from_message(message.chunks[0]) for message in world.candidates]
    gaps = np.diff([chunk.observed for chunk in chunks])
    assert (gaps > 0.79).all()  # 8 steps of 0.1 s, then with the next image, 0.05 s apart
    assert gaps.min() < 1.0
    assert (np.diff([chunk.sequence for chunk in chunks]) > 0).all()


def test_the_next_chunk_begins_with_the_rows_that_are_followed_meanwhile_to_the_last_bit(
    graph, world, states
):
    add_policy(graph)
    world.accepts = True
    world.run()
    first, second = two_in_time(graph, world, 0.8)
    assert second.observed <= second.start + 1e-6
    np.testing.assert_array_equal(second.rows[:2], first.rows[8:10])  # 0.15 s: two rows
    np.testing.assert_allclose(second.rows[2:], first.rows[2:], atol=1e-6)  # as proposed
    assert graph.until(lambda: value(states["policy"], "committed_rows") == "2")
    assert value(states["policy"], "switch_delay_ms") == "150"


def test_real_time_chunking_can_be_left_out(graph, world):
    add_policy(graph, real_time_chunking=False)
    world.accepts = True
    world.run()
    first, second = two_chunks(graph, world)
    np.testing.assert_allclose(second.rows, first.rows, atol=1e-6)
    assert second.start == second.observed


def test_a_chunk_that_the_executor_refused_commits_nothing_and_is_forgotten(graph, world, states):
    policy = RemembersForgetting()
    add_policy(graph, policy)
    world.run()
    first, second = two_chunks(graph, world)
    np.testing.assert_allclose(second.rows, first.rows, atol=1e-6)
    assert policy.forgotten == [0, 0]  # as the run began, and after the refusal
    reason = "chunk 1 was refused"
    assert graph.until(lambda: value(states["policy"], "stream_began_anew") == reason)


def test_when_somebody_moves_the_block_the_plan_is_forgotten_and_the_reason_told(
    graph, world, states
):
    policy = RemembersForgetting()
    add_policy(graph, policy)
    world.accepts = True
    world.run()
    assert graph.until(lambda: len(world.candidates) >= 2)
    assert policy.forgotten == [0]
    world.block = replace(world.block, x=world.block.x + 0.1)  # 171 px
    told = graph.until(lambda: "jumped" in value(states["policy"], "stream_began_anew"))
    assert told, value(states["policy"], "stream_began_anew")
    assert policy.forgotten == [0, 0]


def test_a_silent_camera_stops_the_proposals_by_name_until_it_is_back(graph, world, states):
    add_policy(graph)
    world.run()
    assert graph.until(lambda: states["policy"].message == "Acting.")
    world.sees = False
    assert graph.until(lambda: states["policy"].level == DiagnosticStatus.ERROR)
    assert "the block's pose is" in states["policy"].message
    assert "want at most 0.30 s" in states["policy"].message
    world.candidates.clear()
    graph.spin(2.0)
    assert not world.candidates
    world.sees = True
    assert world.fresh_chunk()
    assert graph.until(lambda: states["policy"].level == DiagnosticStatus.OK)


def test_a_block_out_of_view_is_said_with_perceptions_reason_and_recovers(graph, world, states):
    add_policy(graph)
    world.run()
    assert graph.until(lambda: states["policy"].message == "Acting.")
    world.finds = False
    assert graph.until(lambda: states["policy"].level == DiagnosticStatus.ERROR)
    assert graph.until(lambda: "the cat sits on it" in states["policy"].message)
    world.finds = True
    assert world.fresh_chunk()


def test_what_is_not_finite_is_passed_on_for_the_executor_to_refuse(graph, world):
    add_policy(graph, ProposesNothingFinite())
    world.run()
    assert world.fresh_chunk()
    assert np.isnan(world.candidates[-1].chunks[0].rows).all()


def test_a_process_without_its_checkpoint_ends_with_one_sentence_in_log_and_diagnostics(
    graph, world, states, tmp_path
):
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "handiwork_ros.policy_node", "--ros-args"),
            *("-r", "__ns:=/widowx", "-p", f"checkpoint:={tmp_path / 'nowhere'}"),
        ],
        env={**os.environ, "ROS_DOMAIN_ID": str(graph.domain), "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert graph.until(lambda: process.poll() is not None, 200.0)
    finally:
        process.kill()
    assert process.returncode == 1
    log = process.stderr.read() if process.stderr else ""
    assert "manifest.json is 'missing'" in log
    assert "Traceback" not in log
    assert "manifest.json is 'missing'" in states["policy"].message
    assert states["policy"].level == DiagnosticStatus.ERROR
