"""An arm server and the executor of any robot: chunks of joints or of poses move all its arms."""

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from handiwork_msgs.action import RunSkill
from handiwork_msgs.msg import ActionCandidates, ChunkReport
from rclpy.action import ActionClient
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool
from tf2_msgs.msg import TFMessage

from handiwork.chunks import ActionChunk
from handiwork.pose_path import pose_names
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.wxai_pair import WXAI_PAIR
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_server_node import ArmServerNode
from handiwork_ros.executor_node import ExecutorNode, ExecutorNodeConfig
from handiwork_ros.followed_chunks import tool_pose
from handiwork_ros.frames_node import FramesConfig, FramesNode
from handiwork_ros.messages import duration_from_seconds, message_from_chunk
from handiwork_ros.stack_clock import StackClock

ARMS = {group.name: Kinematics(WXAI_PAIR, group.name) for group in WXAI_PAIR.groups}


class Desk:
    """A policy's and an operator's place in the graph."""

    def __init__(self, graph, space):
        self.graph = graph
        graph.add(ArmServerNode(ArmServerConfig(robot="wxai_pair", priority=0, longest_stall=5.0)))
        config = {"skill": "follow", "robot": "wxai_pair", "space": space, "priority": 0}
        graph.add(ExecutorNode(ExecutorNodeConfig(**config, state_age=5.0, observation_age=5.0)))
        graph.add(FramesNode(FramesConfig(robot="wxai_pair")))
        self.node = graph.add(Node("desk"))
        self.clock = StackClock(self.node)
        self.positions, self.reports, self.frames = {}, [], {}
        listen = self.node.create_subscription
        listen(JointState, "joint_states", self._on_states, 10)
        listen(ChunkReport, "chunk_reports", self.reports.append, 10)
        listen(TFMessage, "/tf", self._on_frames, 10)
        self.chunks = self.node.create_publisher(ActionCandidates, "action_candidates", 10)
        self.success = self.node.create_publisher(Bool, "skill_success", 10)
        self.action = ActionClient(self.node, RunSkill, "run_skill")
        assert graph.until(
            lambda: self.positions and self.chunks.get_subscription_count(), patience=20.0
        )
        graph.spin(0.5)  # the controllers' states reach the executor

    def _on_states(self, message):
        self.positions = dict(zip(message.name, message.position, strict=True))

    def _on_frames(self, message):
        self.frames |= {item.child_frame_id: item.header.frame_id for item in message.transforms}

    def here(self):
        return np.array([self.positions[name] for name in WXAI_PAIR.names])

    def run(self):
        assert self.action.wait_for_server(5.0)
        goal = RunSkill.Goal(skill="follow", timeout=duration_from_seconds(20.0))
        for _ in range(3):  # a machine that stalls makes the controllers' states too old
            sent = self.action.send_goal_async(goal)
            assert self.graph.until(sent.done)
            if sent.result().accepted:
                return sent.result()
            self.graph.spin(0.3)
        pytest.fail("the executor accepted no goal")

    def send(self, space, names, last):
        """Straight from here to `last` in 1.5 s."""
        now = self.clock.now()
        first = self.here() if space == "joint" else poses(self.here())
        rows = first + np.linspace(0, 1, 16)[:, None] * (np.asarray(last) - first)
        chunk = ActionChunk(
            rows=rows.astype(np.float32),
            names=names,
            space=space,
            frame="base",
            start=now,
            period=0.1,
            observed=now,
            sequence=1,
        )
        self.chunks.publish(ActionCandidates(chunks=[message_from_chunk(chunk)]))
        assert self.graph.until(lambda: self.reports)
        assert self.reports[-1].accepted, self.reports[-1].reason


def poses(positions):
    """(14,) x y z qx qy qz qw of both tools."""
    return np.concatenate(
        [tool_pose(arm.tool(positions[WXAI_PAIR.columns(arm.group)])) for arm in ARMS.values()]
    )


@pytest.mark.parametrize("space", ["joint", "pose"])
def test_both_arms_follow_one_chunk_until_somebody_says_success(sim_graph, space):
    desk = Desk(sim_graph, space)
    run = desk.run()
    wanted = desk.here()
    wanted[[0, 6]] += 0.2, -0.15
    names = WXAI_PAIR.names if space == "joint" else pose_names("left_arm.", "right_arm.")
    desk.send(space, names, wanted if space == "joint" else poses(wanted))
    assert sim_graph.until(lambda: np.abs(desk.here() - wanted).max() < 5e-3)
    ended = run.get_result_async()
    desk.success.publish(Bool(data=True))
    assert sim_graph.until(ended.done)
    assert ended.result().status == GoalStatus.STATUS_SUCCEEDED
    assert ended.result().result.outcome == RunSkill.Result.SUCCEEDED
    assert ended.result().result.chunks_accepted == 1
    assert desk.frames["left_link_1"] == "left_base_link"


def test_poses_of_what_has_no_tool_are_refused_by_name(graph):
    config = ExecutorNodeConfig(
        skill="follow", robot="g1", space="pose", groups=("waist",), priority=0
    )
    with pytest.raises(Exception, match=r"groups is \['waist'\], want arms of g1"):
        ExecutorNode(config)
