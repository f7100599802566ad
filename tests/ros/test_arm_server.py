"""An arm server whose robot is not there, drops its link or reports a fault: said, and at rest."""

import numpy as np
import pytest
from action_msgs.msg import GoalStatus
from control_msgs.action import FollowJointTrajectory
from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.action import ActionClient
from rclpy.node import Node
from sensor_msgs.msg import JointState
from std_srvs.srv import Trigger
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from handiwork.errors import DriverFailed
from handiwork.robots.wxai import WXAI
from handiwork.sim.sim_driver import SimDriver
from handiwork_ros.arm_drivers import Wiring
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_server_node import ArmServerNode
from handiwork_ros.messages import duration_from_seconds

CONFIG = ArmServerConfig(priority=0, longest_stall=5.0)


class Frail(SimDriver):
    """A simulated arm whose cable can be pulled; the arm then stands where it was."""

    def __init__(self) -> None:
        super().__init__(WXAI)
        self.pulled = False
        self.writes = []

    def connect(self):
        self._check("not there")
        super().connect()

    def recover(self):
        self._check("link lost")
        super().connect()

    def read(self):
        self._check("link lost")
        return super().read()

    def write(self, command):
        self._check("link lost")
        self.writes.append(command.joints.position)
        super().write(command)

    def _check(self, reason):
        if self.pulled:
            raise DriverFailed("wxai", reason, "the cable is out", "Plug it in.")


class Bench:
    """A frail arm, its server and a client."""

    def __init__(self, graph, pulled):
        self.driver = Frail()
        self.driver.pulled = pulled
        wired = Wiring(driver=self.driver, clock=lambda: self.driver.time, simulated=True)
        self.server = graph.add(ArmServerNode(CONFIG, wired))
        node = graph.add(Node("client"))
        self.diagnostics = graph.listen(node)
        self.joints = []
        self.action = ActionClient(
            node, FollowJointTrajectory, "arm_controller/follow_joint_trajectory"
        )
        self.enable = node.create_client(Trigger, "enable")
        node.create_subscription(JointState, "joint_states", self.joints.append, 10)
        assert graph.until(
            lambda: (
                self.action.server_is_ready()
                and self.enable.service_is_ready()
                and "arm_server" in self.diagnostics
            )
        )

    def send(self, graph, move, seconds):
        here = self.joints[-1].position[: len(WXAI.names)]
        goal = FollowJointTrajectory.Goal(trajectory=JointTrajectory(joint_names=WXAI.names))
        point = JointTrajectoryPoint(positions=here, velocities=[0.0] * len(WXAI.names))
        point.positions[0] += move
        point.time_from_start = duration_from_seconds(seconds)
        goal.trajectory.points.append(point)
        future = self.action.send_goal_async(goal)
        assert graph.until(future.done)
        return future.result()


def call(graph, client):
    future = client.call_async(Trigger.Request())
    assert graph.until(future.done)
    return future.result()


def ends(graph, handle):
    future = handle.get_result_async()
    assert graph.until(future.done)
    return future.result()


def test_a_robot_that_is_not_there_is_named_on_diagnostics_and_goals_are_rejected(graph):
    bench = Bench(graph, pulled=True)
    status = bench.diagnostics["arm_server"]
    assert status.level == DiagnosticStatus.ERROR
    assert status.message == "wxai: not there: the cable is out. Plug it in."
    goal = FollowJointTrajectory.Goal()
    goal.trajectory.joint_names = list(WXAI.names)
    goal.trajectory.points = [JointTrajectoryPoint(positions=WXAI.home.tolist())]
    future = bench.action.send_goal_async(goal)
    assert graph.until(future.done)
    assert not future.result().accepted
    bench.driver.pulled = False
    assert bench.server.trigger_configure().name == "SUCCESS"
    assert bench.server.trigger_activate().name == "SUCCESS"
    assert graph.until(lambda: bench.joints)


def test_a_link_lost_in_mid_motion_aborts_the_goal_and_nothing_moves_until_enabled(graph):
    bench = Bench(graph, pulled=False)
    assert graph.until(lambda: bench.joints)
    handle = bench.send(graph, 0.5, seconds=1.5)
    assert graph.until(lambda: bench.joints[-1].position[0] > 0.05)
    bench.driver.pulled = True
    result = ends(graph, handle)
    assert result.status == GoalStatus.STATUS_ABORTED
    assert "link lost: the cable is out" in result.result.error_string
    assert graph.until(
        lambda: (
            bench.diagnostics["arm_server"].level == DiagnosticStatus.ERROR
            and "link lost" in bench.diagnostics["arm_server"].message
        )
    )
    refused = call(graph, bench.enable)
    assert not refused.success and "the cable is out" in refused.message
    bench.driver.pulled = False
    bench.driver.writes.clear()
    graph.spin(0.3)
    assert not bench.driver.writes
    assert not bench.send(graph, 0.1, seconds=0.3).accepted
    assert call(graph, bench.enable).success
    graph.spin(0.3)
    np.testing.assert_allclose(np.ptp(bench.driver.writes, axis=0), 0.0, atol=1e-12)
    assert ends(graph, bench.send(graph, 0.1, seconds=0.5)).status == GoalStatus.STATUS_SUCCEEDED


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"robot": "wx300"}, "no robot named 'wx300'"),
        ({"driver": "serial"}, "no driver named 'serial'"),
        ({"driver": "trossen", "robot": "fr3"}, "robot is 'fr3', want wxai"),
    ],
)
def test_settings_that_do_not_fit_are_refused_by_name(graph, changes, wrong):
    with pytest.raises(Exception, match=wrong):
        ArmServerNode(ArmServerConfig(priority=0, **changes))
