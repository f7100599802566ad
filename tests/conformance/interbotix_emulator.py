"""xs_sdk for a WidowX 250s as it is documented, in one ROS domain, until its input ends.

    interbotix_emulator.py NAMESPACE DOMAIN

Begins as it is delivered: sleep pose, a profile of 2000 and 300 ms, the gripper in pwm mode. Words
on its input: `silent` ends joint_states, `unread` makes them those of motors that cannot be read,
`other` tells the limits of another arm; `fault` overloads the elbow; `limp` takes the torque off;
`well` ends all of these; `quit` ends it. It answers with the word once that is so.

Source: interbotix_ros_core, branch jazzy: xs_sdk_obj.cpp and README of interbotix_xs_sdk;
interbotix_xs_driver, branch ros2: xs_driver.cpp; wx250s.yaml, modes.yaml and wx250s.urdf.xacro of
interbotix_ros_manipulators, branch jazzy.
"""

import math
import sys
import threading
import time
from array import array
from contextlib import suppress

import rclpy
from interbotix_servos import (
    ARM,
    FINGER,
    GROUPS,
    POSITION,
    PWM,
    SHADOWS,
    crank_angle,
    finger_position,
    wx250s,
)
from interbotix_xs_msgs.msg import JointGroupCommand, JointSingleCommand
from interbotix_xs_msgs.srv import OperatingModes, Reboot, RegisterValues, RobotInfo, TorqueEnable
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from sensor_msgs.msg import JointState


class XsSdk(Node):
    """The topics and services of xs_sdk."""

    def __init__(self, namespace: str) -> None:
        super().__init__("xs_sdk", namespace=namespace)
        self.servos = wx250s()
        self.modes: dict[str, tuple[str, str]] = {}
        self.words: set[str] = set()
        self._set_modes("group", "all", "position", "velocity", 0, 0)
        self._set_modes("group", "arm", "position", "time", 2000, 300)
        self._set_modes("single", "gripper", "pwm", "velocity", 0, 0)
        names = [*GROUPS["all"], "left_finger", "right_finger"]
        self._message = JointState(name=names, effort=[0.0] * len(names))
        self._states = self.create_publisher(JointState, "joint_states", 10)
        self.create_subscription(JointGroupCommand, "commands/joint_group", self._on_group, 10)
        self.create_subscription(JointSingleCommand, "commands/joint_single", self._on_single, 10)
        for kind, name, answer in (
            (RobotInfo, "get_robot_info", self._on_info),
            (OperatingModes, "set_operating_modes", self._on_modes),
            (TorqueEnable, "torque_enable", self._on_torque),
            (Reboot, "reboot_motors", self._on_reboot),
            (RegisterValues, "get_motor_registers", self._on_get),
            (RegisterValues, "set_motor_registers", self._on_set),
        ):
            self.create_service(kind, name, answer)
        self.create_timer(0.01, self._on_tick)

    def _motors(self, kind, name):
        """Those that a request is about; of a name that is not there, none."""
        if kind == "group":
            return GROUPS.get(name, [])
        return [name] if name in self.servos else []

    def _put(self, name, register, value):
        """Shadows have their motor's ID as the second one, so they hear what it is told."""
        for twin in (name, *[twin for twin, one in SHADOWS.items() if one == name]):
            self.servos[twin].put(register, value, time.monotonic())

    def _set_modes(self, kind, name, mode, profile, span, ramp):
        for motor in self._motors(kind, name):
            self._put(motor, "Torque_Enable", 0)
            self._put(motor, "Operating_Mode", PWM if mode == "pwm" else POSITION)
            self._put(motor, "Goal_PWM", 0 if mode == "pwm" else 885)
            self._put(motor, "Profile_Velocity", span)
            self._put(motor, "Profile_Acceleration", ramp)
            self._put(motor, "Torque_Enable", 1)
            self.modes[motor] = (mode, profile)
        self.modes[name] = (mode, profile)

    def _on_group(self, command):
        names = GROUPS.get(command.name, [])
        if len(names) == len(command.cmd) and self.modes[command.name][0] == "position":
            for name, goal in zip(names, command.cmd, strict=True):
                self.servos[name].aim(goal, time.monotonic())

    def _on_single(self, command):
        servo, mode, now = self.servos[command.name], self.modes[command.name][0], time.monotonic()
        if mode == "pwm":
            servo.drive(int(command.cmd), now)
        elif mode == "linear_position":
            servo.aim(crank_angle(command.cmd / 2), now)
        else:
            servo.aim(command.cmd, now)

    def _on_info(self, request, response):
        names = self._motors(request.cmd_type, request.name)
        if not names:
            return response
        response.mode, response.profile_type = self.modes[request.name]
        for name in names:
            gripper = name == "gripper"
            low, high = FINGER if gripper else ARM[name][2:4]
            response.joint_names.append("left_finger" if gripper else name)
            response.joint_lower_limits.append(low)
            response.joint_upper_limits.append(high - 0.5 if "other" in self.words else high)
            response.joint_velocity_limits.append(1.0 if gripper else math.pi)
        response.num_joints = len(names)
        return response

    def _on_modes(self, request, response):
        r = request
        times = r.profile_velocity, r.profile_acceleration
        self._set_modes(r.cmd_type, r.name, r.mode, r.profile_type, *times)
        return response

    def _on_torque(self, request, response):
        for name in self._motors(request.cmd_type, request.name):
            self._put(name, "Torque_Enable", int(request.enable))
        return response

    def _on_reboot(self, request, response):
        smart = request.cmd_type == "group" and request.smart_reboot
        for name in self._motors(request.cmd_type, request.name):
            if not smart or self.servos[name].registers["Hardware_Error_Status"]:
                self.servos[name].reboot(time.monotonic())
                self._put(name, "Torque_Enable", int(request.enable))
        return response

    def _on_get(self, request, response):
        """Up to the first motor that does not answer."""
        for name in self._motors(request.cmd_type, request.name):
            if not self.servos[name].answers(time.monotonic()):
                break
            response.values.append(self.servos[name].registers[request.reg])
        return response

    def _on_set(self, request, response):
        for name in self._motors(request.cmd_type, request.name):
            self._put(name, request.reg, request.value)
        return response

    def _on_tick(self):
        if "silent" in self.words:
            return
        now = time.monotonic()
        states = [self.servos[name].state(now) for name in GROUPS["all"]]
        if "unread" in self.words:
            states = [(-math.pi, 0.0)] * len(states)
        finger = finger_position(states[-1][0])
        message = self._message
        message.header.stamp = self.get_clock().now().to_msg()
        message.position = array("d", [*(at for at, _ in states), finger, -finger])
        message.velocity = array("d", [*(speed for _, speed in states), 0.0, 0.0])
        self._states.publish(message)

    def hear(self, word: str) -> None:
        """One word of the input."""
        if word == "fault":
            self.servos["elbow"].fail(0x20, time.monotonic())  # overload
        elif word == "limp":
            for name in GROUPS["all"]:
                self._put(name, "Torque_Enable", 0)
        elif word == "well":
            self.words.clear()
            for name in GROUPS["all"]:
                self.servos[name].registers["Hardware_Error_Status"] = 0
                self._put(name, "Torque_Enable", 1)
        else:
            self.words.add(word)


def listen(node: XsSdk) -> None:
    """To the input, until it ends or says so."""
    for line in sys.stdin:
        if (word := line.strip()) == "quit":
            break
        node.hear(word)
        print(word, flush=True)
    rclpy.try_shutdown()


def main() -> None:
    """Serve."""
    rclpy.init(domain_id=int(sys.argv[2]))
    node = XsSdk(sys.argv[1])
    threading.Thread(target=listen, args=[node], daemon=True).start()
    print("ready", flush=True)
    with suppress(ExternalShutdownException):
        rclpy.spin(node)


if __name__ == "__main__":
    main()
