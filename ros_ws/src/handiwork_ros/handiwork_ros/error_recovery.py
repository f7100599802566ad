"""Recovery from a driver's fault by an action, as Franka users know it from franka_ros2.

Source: franka_ros2, branch jazzy: the node action_server serves `~/error_recovery`
(franka_msgs/ErrorRecovery, all parts empty), after which the controllers are activated again by
hand. Here too: what was recovered holds its place and takes no commands until `enable`.
"""

from franka_msgs.action import ErrorRecovery
from rclpy.action import ActionServer
from rclpy.action.server import ServerGoalHandle
from rclpy.node import Node

from handiwork.errors import HandiworkError
from handiwork_ros.arm_loop import ArmLoop


class ErrorRecoveryServer:
    """`error_recovery` under the node's namespace; aborted where the robot still fails."""

    def __init__(self, node: Node, loop: ArmLoop) -> None:
        self._node, self._loop = node, loop
        self._server = ActionServer(node, ErrorRecovery, "error_recovery", self._on_execute)

    def _on_execute(self, handle: ServerGoalHandle) -> ErrorRecovery.Result:
        try:
            self._loop.recover()
        except HandiworkError as error:
            self._node.get_logger().error(f"error recovery failed: {error}")
            handle.abort()
        else:
            handle.succeed()
        return ErrorRecovery.Result()
