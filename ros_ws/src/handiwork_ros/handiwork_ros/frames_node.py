"""Frames of a robot on /tf, where robot_state_publisher is absent.

Every link is told in the link before it; joints that nobody has told of yet stand at zero.

Source: robot_state_publisher (branch kilted) for topics and rates.
"""

from dataclasses import dataclass, field

from rclpy.node import Node
from sensor_msgs.msg import JointState
from tf2_msgs.msg import TFMessage

from handiwork.robots.link_frames import LinkFrames
from handiwork.robots.registry import robot
from handiwork_ros.diagnostics import Diagnostics
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import LATCHED, NEWEST, RELIABLE
from handiwork_ros.rates import Rates
from handiwork_ros.running import run
from handiwork_ros.sight_messages import transform_from_matrix


@dataclass(frozen=True, kw_only=True)
class FramesConfig:
    """Of which robot, and how often."""

    robot: str = field(default="wxai", metadata={"description": "which robot"})
    rate: float = field(
        default=20.0,  # robot_state_publisher's own
        metadata={"description": "of links that move [Hz]", "minimum": 1},
    )


class FramesNode(Node):
    """Subscribes: joint_states. Publishes: /tf, /tf_static."""

    def __init__(self, config: FramesConfig | None = None) -> None:
        super().__init__("frames")
        config = declared(self, config or FramesConfig())
        self._frames = LinkFrames(robot(config.robot))
        self._rates = Rates({"tf": config.rate})
        self._diagnostics = Diagnostics(self, f"Frames of {config.robot}.")
        self._moving = self.create_publisher(TFMessage, "/tf", RELIABLE)
        fixed = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        fixed.publish(self._message(fixed=True, stamp=0.0))
        self._fixed = fixed
        self.create_subscription(JointState, "joint_states", self._on_states, NEWEST)

    def _on_states(self, message: JointState) -> None:
        self._frames.heard(dict(zip(message.name, message.position, strict=False)))
        stamp = seconds_from_stamp(message.header.stamp)
        if self._rates.due("tf", stamp):
            self._moving.publish(self._message(fixed=False, stamp=stamp))

    def _message(self, fixed: bool, stamp: float) -> TFMessage:
        frames = self._frames
        told = zip(frames.transforms(), frames.parents, frames.children, frames.fixed, strict=True)
        return TFMessage(
            transforms=[
                transform_from_matrix(matrix, stamp, parent, child)
                for matrix, parent, child, is_fixed in told
                if is_fixed == fixed
            ]
        )


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    run("frames", FramesNode, args)


if __name__ == "__main__":
    main()
