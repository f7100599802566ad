"""Where frames that never move against each other sit, as told on /tf_static."""

import numpy as np
from rclpy.node import Node
from tf2_msgs.msg import TFMessage

from handiwork_ros.quality_of_service import LATCHED_READER
from handiwork_ros.sight_messages import matrix_from_transform


class StaticFrames:
    """All static transforms heard so far."""

    def __init__(self, node: Node) -> None:
        self._parents: dict[str, tuple[str, np.ndarray]] = {}  # child -> parent, parent_from_child
        node.create_subscription(TFMessage, "/tf_static", self._on_transforms, LATCHED_READER)

    def _on_transforms(self, message: TFMessage) -> None:
        for transform in message.transforms:
            self._parents[transform.child_frame_id] = (
                transform.header.frame_id,
                matrix_from_transform(transform.transform),
            )

    def parent(self, frame: str) -> str | None:
        """The frame that this one hangs on, if anybody has told."""
        return self._parents[frame][0] if frame in self._parents else None

    def matrix(self, ancestor: str, frame: str) -> np.ndarray | None:
        """ancestor_from_frame, (4, 4) [m]; None while the chain between them is not known."""
        matrix = np.eye(4)
        for _ in range(len(self._parents) + 1):
            if frame == ancestor:
                return matrix
            if frame not in self._parents:
                return None
            frame, parent_from_child = self._parents[frame]
            matrix = parent_from_child @ matrix
        return None
