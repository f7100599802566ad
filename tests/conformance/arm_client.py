"""What a MoveIt, a rqt or a script would hold: real clients of one arm server, spun with it."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from control_msgs.action import FollowJointTrajectory, GripperCommand, ParallelGripperCommand
from control_msgs.msg import JointTrajectoryControllerState
from control_msgs.srv import QueryTrajectoryState
from rclpy.action import ActionClient
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import JointState
from stalls import Stalls
from std_msgs.msg import String
from std_srvs.srv import Trigger
from trajectory_msgs.msg import JointTrajectory, JointTrajectoryPoint

from handiwork.robots.robot import Robot
from handiwork_ros.arm_server_node import ArmServerNode
from handiwork_ros.controller_names import controller_name, gripper_name
from handiwork_ros.messages import duration_from_seconds, seconds_from_stamp, stamp_from_seconds
from handiwork_ros.quality_of_service import LATCHED

PATIENCE = 30.0  # [s] on a busy machine; nothing here takes a third of it
ROOM = 0.25  # [rad] that tests keep within, about where the arm was at first


class Heard(list):
    """The messages of a topic, oldest first."""

    def __init__(self, node: Node, kind: type, topic: str) -> None:
        super().__init__()
        self._since = 0.0  # [s] time of publishing, of the first that counts
        node.create_subscription(kind, topic, self._on_message, 50)

    def forget(self) -> None:
        """All that was published so far, also what waits to be heard."""
        self._since = time.time()
        self.clear()

    def _on_message(self, message: Any, info: dict[str, int]) -> None:
        if info["source_timestamp"] * 1e-9 > self._since:
            self.append(message)


class ArmClient:
    """Clients of the robot's first group, and the executor that spins them and the server."""

    def __init__(self, server: ArmServerNode, robot: Robot, stalls: Stalls) -> None:
        self.server, self.robot, self._stalls = server, robot, stalls
        self.group = robot.groups[0]
        self.names = list(self.group.joints)
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(server)
        self.node = node = Node("client")
        self.executor.add_node(node)
        name = controller_name(self.group.name)
        self.topic = node.create_publisher(JointTrajectory, f"{name}/joint_trajectory", 10)
        self.action = ActionClient(node, FollowJointTrajectory, f"{name}/follow_joint_trajectory")
        self.query = node.create_client(QueryTrajectoryState, f"{name}/query_state")
        self.enable = node.create_client(Trigger, "enable")
        self.e_stop = node.create_client(Trigger, "e_stop")
        self.states = Heard(node, JointTrajectoryControllerState, f"{name}/controller_state")
        self.joints = Heard(node, JointState, "joint_states")
        self.safety: list[str] = []
        self._enabled_at = time.monotonic()  # [s] when that was last seen
        node.create_subscription(
            String, "safety_state", lambda m: self.safety.append(m.data), LATCHED
        )
        self.gripper, self.parallel_gripper = self._grippers()
        clients = [self.action, self.query, self.enable, self.e_stop]
        ready = self.until(
            lambda: (
                self.states
                and self.joints
                and self.safety
                and self.topic.get_subscription_count()
                and all(_is_ready(client) for client in clients)
            )
        )
        assert ready, "the arm server did not show itself"
        self.home = self.reference()

    def _grippers(self) -> tuple[ActionClient | None, ActionClient | None]:
        if self.group.gripper is None:
            return None, None
        name = gripper_name(self.group.name)
        return (
            ActionClient(self.node, GripperCommand, f"{name}/gripper_cmd"),
            ActionClient(self.node, ParallelGripperCommand, f"{name}/parallel_gripper_cmd"),
        )

    def check_enabled(self) -> None:
        """It is enabled, again where the machine stalled: that stops an arm rightly."""
        if self.safety[-1] != "enabled" and self._stalls.since(self._enabled_at):
            self.call(self.enable, Trigger.Request())
            self.until(lambda: self.safety[-1] == "enabled")
        assert self.safety[-1] == "enabled"
        self._enabled_at = time.monotonic()

    def until(self, condition: Callable[[], Any], patience: float = PATIENCE) -> bool:
        """Spin until the condition holds; says whether it does."""
        give_up = time.monotonic() + patience
        while not condition():
            left = give_up - time.monotonic()
            if left <= 0:
                return False
            self.executor.spin_once(timeout_sec=min(left, 0.02))
        return True

    def spin(self, seconds: float) -> None:
        """Spin for so long."""
        self.until(lambda: False, seconds)

    def fresh(self) -> None:
        """Hear each of the topics again, and forget all that was published before."""
        self.states.forget()
        self.joints.forget()
        assert self.until(lambda: self.states and self.joints)

    def wait(self, future: Any) -> Any:
        """What a future holds."""
        assert self.until(future.done), f"no answer; {self.safety[-1]}; errors {self.errors()}"
        return future.result()

    def call(self, client: Any, request: Any) -> Any:
        """One service's response."""
        return self.wait(client.call_async(request))

    def reference(self) -> np.ndarray:
        """(K,) newest of controller_state [rad]."""
        return np.array(self.states[-1].reference.positions)

    def errors(self) -> list[float]:
        """(K,) newest reference less where the arm is [rad]."""
        return np.round(self.states[-1].error.positions, 5).tolist()

    def now(self) -> float:
        """The controller's clock, as controller_state tells it [s]."""
        return seconds_from_stamp(self.states[-1].header.stamp)

    def rest(self) -> np.ndarray:
        """(K,) where the arm rests before a test; it is enabled and hears the topics."""
        self.fresh()
        assert self.until(lambda: not np.any(self.states[-1].output.velocities))
        return self.reference()

    def away(self, size: float) -> float:
        """A move [rad] of the first joint by `size`, in the direction that leads back."""
        return -size if self.reference()[0] > self.home[0] else size

    def measured(self, name: str) -> float:
        """A joint's newest position [rad]."""
        message = self.joints[-1]
        return message.position[list(message.name).index(name)]

    def send(self, message: JointTrajectory, feedback: Any = None, **tolerances: Any) -> Any:
        """The goal's handle, answered."""
        goal = FollowJointTrajectory.Goal(trajectory=message, **tolerances)
        return self.wait(self.action.send_goal_async(goal, feedback))

    def outcome(self, handle: Any) -> Any:
        """The goal's status and result."""
        assert handle.accepted
        return self.wait(handle.get_result_async())

    def close(self) -> None:
        """Nodes and executor go."""
        for node in self.executor.get_nodes():
            node.destroy_node()
        self.executor.shutdown()

    def trajectory(
        self, move: float, seconds: float = 0.25, start: float = 0.0, order: int = 1
    ) -> JointTrajectory:
        """The first joint by `move` from the reference, a smooth way in six points, to rest.

        start: stamp [s] on the controller's clock; 0 is now. order: -1 names the joints backwards.
        """
        here = self.reference()
        message = JointTrajectory(joint_names=self.names[::order])
        if start:
            message.header.stamp = stamp_from_seconds(start)
        for share in np.linspace(0, 1, 7)[1:]:
            position, velocity = here.copy(), np.zeros(len(here))
            position[0] += move * share**3 * (10 - 15 * share + 6 * share**2)
            velocity[0] = move / seconds * 30 * share**2 * (1 - share) ** 2
            message.points.append(
                JointTrajectoryPoint(
                    positions=position[::order].tolist(),
                    velocities=velocity[::order].tolist(),
                    time_from_start=duration_from_seconds(seconds * share),
                )
            )
        return message

    def jump(self, move: float) -> JointTrajectory:
        """Faster than any arm: the first joint by `move` in 20 ms."""
        message = self.trajectory(move)
        message.points = message.points[-1:]
        message.points[0].time_from_start = duration_from_seconds(0.02)
        return message


def _is_ready(client: Any) -> bool:
    is_ready = getattr(client, "server_is_ready", None) or client.service_is_ready
    return is_ready()
