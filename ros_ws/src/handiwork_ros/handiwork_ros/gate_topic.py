"""`gate`: what was asked, what left the gate, and why they differ; at a rate and at each change."""

from handiwork_msgs.msg import GateReport
from rclpy.node import Node

from handiwork_ros.arm_snapshot import ArmSnapshot
from handiwork_ros.messages import point_from_sample, stamp_from_seconds
from handiwork_ros.quality_of_service import RELIABLE
from handiwork_ros.rates import Rates


class GateTopic:
    """Publishes handiwork_msgs/GateReport. A rate as high as the loop's records every tick."""

    def __init__(self, node: Node, names: tuple[str, ...], rate: float) -> None:
        """rate: how often when nothing changes [Hz]."""
        self._names = list(names)
        self._rates = Rates({"gate": rate})
        self._said: tuple[str, bool] | None = None
        self._topic = node.create_publisher(GateReport, "gate", RELIABLE)

    def publish(self, shot: ArmSnapshot, stamp: float) -> None:
        """At `stamp` [s] of the stack's clock."""
        reason = shot.sent.reason or ""
        said = shot.sent.state.value, bool(reason)
        if not self._rates.due("gate", shot.stamp) and said == self._said:
            return
        self._said = said
        message = GateReport(
            joint_names=self._names,
            asked=point_from_sample(shot.reference),
            sent=point_from_sample(shot.sent),
            state=shot.sent.state.value,
            reason=reason,
        )
        message.header.stamp = stamp_from_seconds(stamp)
        self._topic.publish(message)
