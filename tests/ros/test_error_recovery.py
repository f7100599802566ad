"""A fault is cleared by the action that Franka's users know; the arm is enabled apart."""

from action_msgs.msg import GoalStatus
from franka_msgs.action import ErrorRecovery
from rclpy.action import ActionClient
from rclpy.node import Node
from std_msgs.msg import String
from std_srvs.srv import Trigger

from handiwork.errors import DriverFailed
from handiwork.robots.wxai import WXAI
from handiwork.sim.sim_driver import SimDriver
from handiwork_ros.arm_drivers import Wiring
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_server_node import ArmServerNode
from handiwork_ros.quality_of_service import LATCHED

REFLEX = DriverFailed("wxai", "fault", "cartesian_reflex", "Clear it.")


class Reflexive(SimDriver):
    """A simulated arm with a reflex, which may come again at once."""

    tripped = stubborn = False

    def read(self):
        if self.tripped:
            raise REFLEX
        return super().read()

    def recover(self):
        if self.stubborn:
            raise REFLEX
        self.tripped = False


class Bench:
    """An arm server whose arm had a reflex, and its clients."""

    def __init__(self, graph):
        self.graph, self.driver = graph, Reflexive(WXAI)
        wired = Wiring(driver=self.driver, clock=lambda: self.driver.time, simulated=True)
        graph.add(ArmServerNode(ArmServerConfig(priority=0, longest_stall=5.0), wired))
        node = graph.add(Node("client"))
        self.action = ActionClient(node, ErrorRecovery, "error_recovery")
        self.enable = node.create_client(Trigger, "enable")
        self.said = [""]
        node.create_subscription(String, "safety_state", self._on_state, LATCHED)
        assert graph.until(self.action.server_is_ready) and self.says("enabled")
        self.driver.tripped = True
        assert self.says("stopped: wxai: fault: cartesian_reflex")

    def _on_state(self, message):
        self.said.append(message.data)

    def says(self, state):
        return self.graph.until(lambda: self.said[-1].startswith(state))

    def answer(self, future):
        assert self.graph.until(future.done)
        return future.result()

    def recover(self):
        handle = self.answer(self.action.send_goal_async(ErrorRecovery.Goal()))
        return self.answer(handle.get_result_async()).status


def test_what_is_recovered_holds_until_it_is_enabled(graph):
    bench = Bench(graph)
    assert bench.recover() == GoalStatus.STATUS_SUCCEEDED
    assert bench.says("disabled")
    assert bench.answer(bench.enable.call_async(Trigger.Request())).success
    assert bench.says("enabled")


def test_a_fault_that_stays_aborts_the_recovery(graph):
    bench = Bench(graph)
    bench.driver.stubborn = True
    assert bench.recover() == GoalStatus.STATUS_ABORTED
    assert bench.said[-1].startswith("stopped")
