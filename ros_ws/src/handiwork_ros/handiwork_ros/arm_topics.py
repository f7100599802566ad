"""What an arm server publishes of each tick: joint_states, fingers among them, and /clock."""

from rclpy.node import Node
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import JointState

from handiwork.robots.robot import Robot
from handiwork_ros.arm_snapshot import ArmSnapshot
from handiwork_ros.messages import stamp_from_seconds
from handiwork_ros.quality_of_service import NEWEST, RELIABLE


class JointStates:
    """joint_states of all joints and fingers."""

    def __init__(self, node: Node, robot: Robot) -> None:
        self._topic = node.create_publisher(JointState, "joint_states", RELIABLE)
        self._grippers = [group.gripper for group in robot.groups if group.gripper is not None]
        fingers = [name for gripper in self._grippers for name in gripper.joints]
        self._names = [*robot.names, *fingers]
        self._frame = robot.base_frame

    def publish(self, shot: ArmSnapshot, stamp: float) -> None:
        """At `stamp` [s] of the stack's clock. Speeds of fingers are not measured: 0."""
        reading = shot.reading
        fingers = [
            place
            for position, gripper in zip(reading.grippers.tolist(), self._grippers, strict=True)
            for place in gripper.positions(position).values()
        ]
        message = JointState(
            name=self._names,
            position=[*reading.joints.position.tolist(), *fingers],
            velocity=[*reading.joints.velocity.tolist(), *[0.0] * len(fingers)],
        )
        if reading.effort is not None:
            message.effort = [*reading.effort.tolist(), *self._finger_efforts(shot)]
        message.header.stamp = stamp_from_seconds(stamp)
        message.header.frame_id = self._frame
        self._topic.publish(message)

    def _finger_efforts(self, shot: ArmSnapshot) -> list[float]:
        """The driven finger has the gripper's effort, the others none of their own."""
        efforts = shot.reading.gripper_effort
        return [
            float(efforts[index]) if efforts is not None and finger == 0 else 0.0
            for index, gripper in enumerate(self._grippers)
            for finger in range(len(gripper.joints))
        ]


class ClockTopic:
    """/clock, for a stack that lives on a simulator's time."""

    def __init__(self, node: Node) -> None:
        self._topic = node.create_publisher(Clock, "/clock", NEWEST)

    def publish(self, stamp: float) -> None:
        """It is `stamp` [s]."""
        self._topic.publish(Clock(clock=stamp_from_seconds(stamp)))
