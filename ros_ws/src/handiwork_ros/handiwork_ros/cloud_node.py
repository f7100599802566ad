"""The cloud on the wire: depth in; points, poses of known objects and the planner's scene out.

Decisions are in handiwork.perception. Points are put where camera and robot were at the image's own
stamp: the camera by /tf_static, and by the robot's kinematics where it rides on one of its links.
"""

import time

import cv2
import numpy as np
from handiwork_msgs.msg import ObjectPoses
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, JointState, PointCloud2

from handiwork.errors import HandiworkError
from handiwork.perception.cloud import CloudMaker
from handiwork.perception.collision_scene import collision_scene
from handiwork.perception.depth_picture import check_colour
from handiwork.perception.joint_history import JointHistory
from handiwork.perception.known_objects import LIBRARY
from handiwork.perception.object_tracker import ObjectTracker, Seen
from handiwork.perception.robot_points import RobotPoints
from handiwork.perception.sighting import sighted
from handiwork.robots.registry import robot
from handiwork_ros.cloud_camera import CloudCamera
from handiwork_ros.cloud_config import CloudNodeConfig, cloud_config
from handiwork_ros.cloud_messages import cloud_from_points, message_from_object_pose
from handiwork_ros.cloud_scene import CloudScene
from handiwork_ros.diagnostics import Diagnostics, Level
from handiwork_ros.image_pairs import ImagePairs
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import IMAGE_READER, NEWEST, RELIABLE
from handiwork_ros.rates import Rates
from handiwork_ros.running import run
from handiwork_ros.sight_messages import pixels_from_image
from handiwork_ros.stack_clock import StackClock


class CloudNode(Node):
    """Subscribes: camera/color/image_raw, camera/aligned_depth_to_color/image_raw and its
    camera_info, joint_states, /tf_static. Publishes: points (PointCloud2), object_poses
    (ObjectPoses) where objects are asked for, planning_scene.
    """

    def __init__(self, config: CloudNodeConfig | None = None) -> None:
        super().__init__("cloud")
        self._config = config = declared(self, config or CloudNodeConfig())
        self._diagnostics = Diagnostics(self, "No image yet. Check that the camera runs.")
        self._time = StackClock(self)
        self._robot = robot(config.robot)
        self._frame = config.base_frame or self._robot.base_frame
        self._maker = CloudMaker(cloud_config(config))
        self._maker.prepare()
        self._body = RobotPoints(self._robot, margin=config.robot_margin)
        self._wanted = [name for name in config.objects if name]
        self._tracker = ObjectTracker(LIBRARY, self._wanted)
        self._joints = JointHistory(self._robot.names)
        self._camera = CloudCamera(self, self._robot, self._frame)
        self._scene = CloudScene(self, self._frame, config.scene_period)
        self._pairs, self._rates = ImagePairs(), Rates({"cloud": config.rate})
        self._info: CameraInfo | None = None
        self._waiting: tuple[Image, Image] | None = None  # until the joints' states reach its stamp
        self._heard: dict[str, float] = {}  # [s] of "image" and "pair"
        self._points = self.create_publisher(PointCloud2, "points", NEWEST)
        if self._wanted:
            self._poses = self.create_publisher(ObjectPoses, "object_poses", NEWEST)
        depth = "camera/aligned_depth_to_color"
        self.create_subscription(CameraInfo, f"{depth}/camera_info", self._on_info, NEWEST)
        self.create_subscription(Image, "camera/color/image_raw", self._on_colour, IMAGE_READER)
        self.create_subscription(Image, f"{depth}/image_raw", self._on_depth, IMAGE_READER)
        self.create_subscription(JointState, "joint_states", self._on_states, RELIABLE)
        self.create_timer(config.silence / 2, self._on_watch)

    def _on_info(self, message: CameraInfo) -> None:
        self._info = message

    def _on_states(self, message: JointState) -> None:
        positions = dict(zip(message.name, message.position, strict=False))
        self._joints.add(seconds_from_stamp(message.header.stamp), positions)
        if self._waiting is not None and self._joints.reach(_stamp_of(self._waiting)):
            self._work_on_waiting()

    def _on_colour(self, message: Image) -> None:
        self._look(self._pairs.add_colour(message))

    def _on_depth(self, message: Image) -> None:
        self._look(self._pairs.add_depth(message))

    def _look(self, pair: tuple[Image, Image] | None) -> None:
        """Both parts of one frame are here, or the other one is still on its way."""
        self._heard["image"] = self._time.now()
        self._heard.setdefault("pair", self._heard["image"])
        if pair is None:
            return
        self._heard["pair"] = self._heard["image"]
        if self._info is None or not self._rates.due("cloud", _stamp_of(pair)):
            return
        if self._waiting is not None:  # the robot told nothing since: say so
            self._work_on_waiting()
        self._waiting = pair
        if self._joints.reach(_stamp_of(pair)):
            self._work_on_waiting()

    def _work_on_waiting(self) -> None:
        """The robot's place at the stamp is known now, or nobody tells it."""
        pair, self._waiting = self._waiting, None
        assert pair is not None
        assert self._info is not None  # nothing waits without it
        stamp, began = _stamp_of(pair), time.perf_counter()
        try:
            self._work(*pair, self._info, stamp)
        except HandiworkError as error:
            self._diagnostics.report(Level.WARN, str(error))
            self._publish_poses(pair[1], Seen(found={}, missing={"": str(error)}, thing_of={}))
        self._diagnostics.measure("image_to_end_ms", 1e3 * (self._time.now() - stamp))
        self._diagnostics.measure("work_ms", 1e3 * (time.perf_counter() - began))

    def _work(self, colour: Image, depth: Image, info: CameraInfo, stamp: float) -> None:
        """Points first: they need no table, and nothing that may take longer."""
        positions = self._joints.at(stamp)
        camera = self._camera.at(info, depth.header.frame_id, positions)
        millimetres = np.ascontiguousarray(pixels_from_image(depth))
        cloud = self._maker.cells(millimetres, camera)
        own = self._body.among(cloud.points, positions)
        points = self._maker.sampled(cloud.only(~own))
        self._points.publish(cloud_from_points(points, stamp, self._frame))
        if not self._wanted and not self._config.scene_period:
            self._diagnostics.report(Level.OK, f"{len(points)} points.")
            return
        rgb = pixels_from_image(colour)
        check_colour(rgb, millimetres)
        sighting = sighted(self._maker, cloud, own, millimetres, camera, rgb)
        seen = self._tracker.see(sighting, stamp)
        self._publish_poses(depth, seen)
        if self._scene.due(stamp):
            self._scene.send(collision_scene(sighting, seen, LIBRARY), stamp)
        self._say(len(points), seen)

    def _publish_poses(self, depth: Image, seen: Seen) -> None:
        if not self._wanted:
            return
        message = ObjectPoses(reason=" ".join(seen.missing.values()))
        message.header.stamp, message.header.frame_id = depth.header.stamp, self._frame
        message.objects = [message_from_object_pose(pose) for pose in seen.found.values()]
        self._poses.publish(message)

    def _say(self, points: int, seen: Seen) -> None:
        if seen.missing:
            self._diagnostics.report(Level.WARN, " ".join(seen.missing.values()))
        else:
            self._diagnostics.report(Level.OK, f"{points} points; found {len(seen.found)} objects.")

    def _on_watch(self) -> None:
        if not self._heard:
            return
        now, silence = self._time.now(), self._config.silence
        if now - self._heard["image"] > silence:
            self._diagnostics.report(
                Level.ERROR,
                f"no camera image for {now - self._heard['image']:.2f} s. "
                "Check the camera and its cable.",
            )
        elif now - self._heard["pair"] > silence:
            self._diagnostics.report(
                Level.ERROR,
                "no depth image has the stamp of a colour image. Turn the camera's align_depth and "
                "enable_sync on.",
            )


def _stamp_of(pair: tuple[Image, Image]) -> float:
    """When both were taken [s]."""
    return seconds_from_stamp(pair[1].header.stamp)


def main(args: list[str] | None = None) -> None:
    """Run the node."""
    cv2.setNumThreads(1)  # several threads win nothing on small pictures and take others' cores
    run("cloud", CloudNode, args)


if __name__ == "__main__":
    main()
