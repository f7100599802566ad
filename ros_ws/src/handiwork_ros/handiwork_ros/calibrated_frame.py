"""The camera's place as a static transform that gives no frame a second parent.

A camera's driver already tells of its own frames: camera_link, and the optical frames below it. The
place that was found is that of an optical frame; what may be published is the place of the first of
the camera's frames, which has no parent yet.
"""

import numpy as np
from rclpy.node import Node
from tf2_msgs.msg import TFMessage

from handiwork.errors import BadValue, UnknownName
from handiwork.geometry import inverse
from handiwork_ros.quality_of_service import LATCHED
from handiwork_ros.sight_messages import transform_from_matrix
from handiwork_ros.static_frames import StaticFrames


class CalibratedFrame:
    """Subscribes and publishes /tf_static."""

    def __init__(self, node: Node) -> None:
        self._frames = StaticFrames(node)
        self._publisher = node.create_publisher(TFMessage, "/tf_static", LATCHED)
        self._own: tuple[str, str] | None = None  # parent and child that this node has told of
        self.told: dict[str, object] = {}

    def publish(self, mount: str, mount_from_optical: np.ndarray, optical: str, child: str) -> None:
        """Tell where the camera is; child: its frame to place, empty: the first of its tree.

        Raises:
            UnknownName: the child is no frame of the camera, as far as anybody has told.
            BadValue: the child hangs on another frame already.
        """
        tree = self._ancestors(optical, mount)
        child = child or tree[-1]
        if child not in tree:
            fix = "Check child_frame, and that the camera publishes its frames."
            raise UnknownName("frame of the camera", child, tree, fix)
        if child != tree[-1]:
            parent = tree[tree.index(child) + 1]
            fix = f"Publish {tree[-1]} instead: leave child_frame empty."
            raise BadValue("/tf_static", child, f"a child of {parent}", "no parent", fix)
        child_from_optical = self._frames.matrix(child, optical)
        assert child_from_optical is not None  # the tree was walked just now
        matrix = mount_from_optical @ inverse(child_from_optical)
        self._own = (mount, child)
        self.told = {"parent": mount, "child": child, "parent_from_child": matrix.tolist()}
        transform = transform_from_matrix(matrix, 0.0, mount, child)
        self._publisher.publish(TFMessage(transforms=[transform]))

    def knows(self, frame: str) -> bool:
        """Whether anybody has told what this frame hangs on."""
        return self._frames.parent(frame) is not None

    def other_parent(self) -> str | None:
        """What somebody else has hung the frame on that this node placed."""
        parent, child = self._own or ("", "")
        told = self._frames.parent(child)
        return told if told not in (None, parent) else None

    def _ancestors(self, frame: str, mount: str) -> list[str]:
        """The frame, its parent and so on, without what this node itself has told."""
        tree = [frame]
        while (parent := self._frames.parent(tree[-1])) is not None:
            if (parent, tree[-1]) == self._own:
                break
            if parent == mount or parent in tree:
                fix = "Stop who publishes the old calibration first."
                raise BadValue("/tf_static", tree[-1], f"a child of {parent}", "no parent", fix)
            tree.append(parent)
        return tree
