"""Enable and emergency stop as services, and what the gate says as a latched topic."""

from collections.abc import Callable

from rclpy.node import Node
from std_msgs.msg import String
from std_srvs.srv import Trigger

from handiwork.errors import HandiworkError
from handiwork_ros.arm_loop import ArmLoop
from handiwork_ros.quality_of_service import LATCHED


class SafetyServices:
    """`enable` and `e_stop` (std_srvs/Trigger), `safety_state` (std_msgs/String, latched).

    `safety_state` is "enabled", or "disabled", "stopping" or "stopped" with the reason after a
    colon. `enable` also releases the emergency stop: it is the one deliberate act after any stop.
    """

    def __init__(self, node: Node, loop: ArmLoop, active: Callable[[], bool]) -> None:
        """active: whether the node takes commands at all."""
        self._node, self._loop, self._active = node, loop, active
        self._said = ""
        self._state = node.create_publisher(String, "safety_state", LATCHED)
        node.create_service(Trigger, "enable", self._on_enable)
        node.create_service(Trigger, "e_stop", self._on_stop)

    def tell(self) -> None:
        """Publish the state if it is a new one."""
        loop = self._loop
        state = "stopped" if loop.failure is not None else loop.state.value
        sentence = f"{state}: {loop.reason}" if loop.reason else state
        if sentence != self._said:
            self._said = sentence
            self._state.publish(String(data=sentence))
            self._node.get_logger().info(f"arm {sentence}")

    def _on_enable(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        if not self._active():
            response.message = "the arm server is not active. Activate it first."
            return response
        try:
            self._loop.enable()
        except HandiworkError as error:
            response.message = str(error)
        else:
            response.success, response.message = True, "enabled"
        self.tell()
        return response

    def _on_stop(self, _: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        self._loop.press_emergency_stop()
        response.success, response.message = True, self._loop.reason
        self.tell()
        return response
