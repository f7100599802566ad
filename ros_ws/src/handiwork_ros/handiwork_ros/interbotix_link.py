"""The wire to xs_sdk: its topics and services, on a node that a thread of its own spins.

Neither the arm server's loop nor its executor waits for the robot; only who asks a service does.

Source: interbotix_ros_core, branch jazzy (2025-01): xs_sdk_obj.cpp and the README of
interbotix_xs_sdk. What xs_sdk cannot do it logs, and answers with an empty message.
"""

import threading
from array import array
from collections.abc import Callable, Sequence
from typing import Any

from interbotix_xs_msgs.msg import JointGroupCommand, JointSingleCommand
from interbotix_xs_msgs.srv import OperatingModes, Reboot, RegisterValues, RobotInfo, TorqueEnable
from rclpy.client import Client
from rclpy.context import Context
from rclpy.exceptions import InvalidNamespaceException
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.subscription import RCLError
from rclpy.task import Future
from rclpy.validate_namespace import validate_namespace
from sensor_msgs.msg import JointState

from handiwork.errors import DriverFailed
from handiwork_ros.interbotix_motors import ARM, GRIPPER, Motors

_START = (
    "Start it (ros2 launch interbotix_xsarm_control xsarm_control.launch.py robot_model:=wx250s)."
)
_ALERT = 0.1  # [s] within which the thread sees that it shall end


class InterbotixLink:
    """xs_sdk in one namespace. What waits for an answer raises DriverFailed where none comes."""

    def __init__(
        self,
        namespace: str,
        discovery: float,
        timeout: float,
        on_states: Callable[[JointState], None],
        context: Context | None = None,
    ) -> None:
        """Args:
        discovery: for a service to be there [s].
        timeout: for it to answer [s].
        on_states: hears joint_states, in the link's thread.
        context: ROS's; the default one unless told otherwise.
        """
        namespace = f"/{namespace.strip('/')}"
        self.name, self.timeout = f"xs_sdk in {namespace}", timeout
        self._discovery = discovery
        try:
            validate_namespace(namespace)
        except InvalidNamespaceException as error:
            raise self.failed("not there", str(error).splitlines()[0], _START) from error
        # Remappings of the arm server, its namespace above all, are not meant for this node.
        self._node = node = Node(
            "handiwork_arm_driver",
            context=context,
            namespace=namespace,
            use_global_arguments=False,
            enable_rosout=False,
            start_parameter_services=False,
        )
        self._info = node.create_client(RobotInfo, "get_robot_info")
        self._modes = node.create_client(OperatingModes, "set_operating_modes")
        self._torque = node.create_client(TorqueEnable, "torque_enable")
        self._reboot = node.create_client(Reboot, "reboot_motors")
        self._read = node.create_client(RegisterValues, "get_motor_registers")
        self._write = node.create_client(RegisterValues, "set_motor_registers")
        self._arm = node.create_publisher(JointGroupCommand, "commands/joint_group", 10)
        self._gripper = node.create_publisher(JointSingleCommand, "commands/joint_single", 10)
        node.create_subscription(JointState, "joint_states", on_states, 1)
        self._executor = SingleThreadedExecutor(context=node.context)
        self._executor.add_node(node)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._spin, name="xs_sdk", daemon=True)
        self._thread.start()

    def failed(self, reason: str, what: str, fix: str) -> DriverFailed:
        """What to raise."""
        return DriverFailed(self.name, reason, what, fix)

    @property
    def hears_commands(self) -> bool:
        """Whether xs_sdk listens to both topics."""
        topics = (self._arm, self._gripper)
        return all(topic.get_subscription_count() > 0 for topic in topics)

    def info(self, motors: Motors) -> RobotInfo.Response:
        """Names, limits and mode; of the gripper those of its left finger."""
        return self._ask(self._info, RobotInfo.Request(cmd_type=motors.kind, name=motors.name))

    def set_modes(self, motors: Motors, mode: str, span: int, ramp: int) -> None:
        """An operating mode with a time profile [ms]. Every motor loses torque for a moment."""
        request = OperatingModes.Request(
            cmd_type=motors.kind,
            name=motors.name,
            mode=mode,
            profile_type="time",
            profile_velocity=span,
            profile_acceleration=ramp,
        )
        self._ask(self._modes, request)

    def torque_on(self, motors: Motors) -> None:
        """Hold, where the motors are not in error."""
        request = TorqueEnable.Request(cmd_type=motors.kind, name=motors.name, enable=True)
        self._ask(self._torque, request)

    def reboot(self, motors: Motors) -> None:
        """Restart a single motor, or those of a group that are in error; they forget their RAM."""
        request = Reboot.Request(
            cmd_type=motors.kind, name=motors.name, enable=True, smart_reboot=True
        )
        self._ask(self._reboot, request)

    def get(self, motors: Motors, register: str) -> Sequence[int]:
        """One value for each motor that answered, in their order."""
        return self._ask(self._read, _about(motors, register)).values

    def set(self, motors: Motors, register: str, value: int) -> None:
        """The same value to all of them."""
        self._ask(self._write, _about(motors, register, value))

    def put(self, motors: Motors, register: str, value: int) -> None:
        """As `set`, but does not wait."""
        self._write.call_async(_about(motors, register, value))

    def look(
        self, motors: Motors, register: str, told: Callable[[Sequence[int]], None]
    ) -> Callable[[], None]:
        """As `get`, but does not wait: `told` hears of the values, in the link's thread.

        Returns what stops waiting for the answer.
        """
        future = self._read.call_async(_about(motors, register))
        future.add_done_callback(lambda done: told(_values(done)))
        return lambda: self._read.remove_pending_request(future)

    def every(self, period: float, act: Callable[[], None]) -> Callable[[], None]:
        """Run in the link's thread, again and again. Returns what ends that."""
        return self._node.create_timer(period, act).cancel

    def aim_arm(self, positions: Sequence[float]) -> None:
        """Command all joints of the arm [rad]."""
        self._send(self._arm, JointGroupCommand(name=ARM.name, cmd=array("f", positions)))

    def aim_gripper(self, value: float) -> None:
        """Command the gripper's motor, in the unit of its mode."""
        self._send(self._gripper, JointSingleCommand(name=GRIPPER.name, cmd=value))

    def close(self) -> None:
        """End the thread and the node. xs_sdk goes on holding the arm."""
        self._stop.set()
        self._thread.join()
        self._executor.shutdown()
        self._node.destroy_node()

    def _ask(self, client: Client, request: Any) -> Any:
        if not client.wait_for_service(timeout_sec=self._discovery):
            raise self.failed("not there", f"there is no service {client.service_name}", _START)
        try:
            return client.call(request, timeout_sec=self.timeout)
        except TimeoutError:
            what = f"{client.service_name} does not answer within {self.timeout} s"
            raise self.failed("not there", what, "Restart it.") from None

    def _send(self, topic: Any, message: Any) -> None:
        try:
            topic.publish(message)
        except RCLError as error:  # ROS is shutting down
            raise self.failed("link lost", str(error).splitlines()[0], _START) from error

    def _spin(self) -> None:
        try:
            while not self._stop.is_set():
                self._executor.spin_once(timeout_sec=_ALERT)
        except ExternalShutdownException:
            pass
        except RCLError:
            if self._executor.context.ok():
                raise  # else it met the end of ROS


def _values(done: Future) -> Sequence[int]:
    response = done.result()
    return [] if response is None else response.values


def _about(motors: Motors, register: str, value: int = 0) -> RegisterValues.Request:
    return RegisterValues.Request(cmd_type=motors.kind, name=motors.name, reg=register, value=value)
