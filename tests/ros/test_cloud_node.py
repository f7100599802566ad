"""Depth in, cloud, poses and scene out: at the stamp, in the base, the robot left out."""

import time

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from handiwork_msgs.msg import ObjectPoses
from moveit_msgs.msg import PlanningScene
from moveit_msgs.srv import GetPlanningScene
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, JointState, PointCloud2
from tf2_msgs.msg import TFMessage

from handiwork.perception.camera_mount import LinkPlaces
from handiwork.perception.known_objects import LIBRARY
from handiwork.planning import placed
from handiwork.robots.wxai import WXAI
from handiwork.sim.object_scene import ObjectScene, ObjectSceneConfig
from handiwork.sim.rgbd import Rgbd
from handiwork_ros.cloud_config import CloudNodeConfig
from handiwork_ros.cloud_messages import points_from_cloud
from handiwork_ros.cloud_node import CloudNode
from handiwork_ros.messages import seconds_from_stamp, stamp_from_seconds
from handiwork_ros.planner_config import PlannerNodeConfig
from handiwork_ros.planner_node import PlannerNode
from handiwork_ros.quality_of_service import IMAGE, LATCHED
from handiwork_ros.sight_messages import (
    image_from_pixels,
    message_from_camera,
    transform_from_matrix,
)

OPTICAL = "camera_color_optical_frame"
BOX = {"low": (0.20, -0.35, -0.03), "high": (0.80, 0.35, 0.30)}
HIGH = {"high": (0.80, 0.80, 0.30)}
PLACE = (0.5, 0.1, 0.025)
AWAY = WXAI.home * (0.0, 1.0, 1.0, 1.0, 1.0, 1.0) + (2.8, 0.0, 0.0, 0.0, 0.0, 0.0)


class Stage(Node):
    """A camera, an arm that turns back and forth, and a cube, on wall time."""

    def __init__(self):
        super().__init__("stage")
        self.scene = ObjectScene(ObjectSceneConfig(objects=tuple(LIBRARY.values())))
        self.eyes, self.robot = Rgbd(self.scene), self.scene.config.robot
        self.cube = placed(*PLACE, 0.3)
        self.colours = self.create_publisher(Image, "camera/color/image_raw", IMAGE)
        depth = "camera/aligned_depth_to_color"
        self.depths = self.create_publisher(Image, f"{depth}/image_raw", IMAGE)
        self.infos = self.create_publisher(CameraInfo, f"{depth}/camera_info", IMAGE)
        self.states = self.create_publisher(JointState, "joint_states", 10)
        self.places = self.create_publisher(TFMessage, "/tf_static", LATCHED)
        self.heard = {"points": [], "object_poses": [], "planning_scene": []}
        for topic, kind in (
            ("points", PointCloud2),
            ("object_poses", ObjectPoses),
            ("planning_scene", PlanningScene),
        ):
            self.create_subscription(kind, topic, self.heard[topic].append, 10)
        self.lag, self.colour_lag, self.show_arm = 0.03, 0.0, True
        self.states_lag = 0.0  # [s] of joint states behind time
        self.wanted = {}
        self.create_timer(0.02, self.tell_joints)
        self.shots = self.create_timer(0.2, self.shoot)

    def mount(self, parent, parent_from_optical):
        transform = transform_from_matrix(parent_from_optical, 0.0, parent, OPTICAL)
        self.places.publish(TFMessage(transforms=[transform]))

    def posture(self, now):
        """(J,) at any time: the base joint swings."""
        swung = self.robot.home.copy()
        swung[0] += 0.3 * np.sin(2.0 * now)
        return swung

    def tell_joints(self):
        now = time.time() - self.states_lag
        message = JointState(name=list(self.robot.names), position=self.posture(now).tolist())
        message.header.stamp = stamp_from_seconds(now)
        self.states.publish(message)

    def shoot(self, stamp=None):
        """A picture of a moment ago, as a camera sends it."""
        stamp = time.time() - self.lag if stamp is None else stamp
        self.scene.show({"cube": self.cube}, self.posture(stamp) if self.show_arm else AWAY)
        rgb, depth = self.eyes.render()
        self.infos.publish(message_from_camera(self.scene.camera(), stamp, OPTICAL))
        self.colours.publish(image_from_pixels(rgb, stamp - self.colour_lag, OPTICAL))
        self.depths.publish(image_from_pixels(depth, stamp, OPTICAL))


@pytest.fixture
def stage(graph):
    made = graph.add(Stage())
    yield made
    made.eyes.close()


def known_to_the_planner(graph, stage):
    """Names of what stands in the planner's scene."""
    client = stage.create_client(GetPlanningScene, "get_planning_scene")
    assert graph.until(client.service_is_ready)
    answer = client.call_async(GetPlanningScene.Request())
    assert graph.until(answer.done)
    stage.destroy_client(client)
    return {item.id for item in answer.result().scene.world.collision_objects}


def clouds(stage):
    return [points_from_cloud(message) for message in stage.heard["points"]]


def test_points_are_in_base_and_none_of_them_is_the_robots(graph, stage):
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    graph.add(CloudNode(CloudNodeConfig(count=2000, **BOX)))
    assert graph.until(lambda: len(stage.heard["points"]) >= 4)
    message, points = stage.heard["points"][-1], clouds(stage)[-1]
    assert (message.header.frame_id, len(points)) == ("base_link", 2000)
    assert abs(np.median(points[:, 2])) < 0.002
    high = points[points[:, 2] > 0.02]
    assert len(high) > 20
    off = np.linalg.norm(high[:, :2] - PLACE[:2], axis=1)
    assert off.max() < 0.06  # all that stands there is the cube


def test_an_object_and_the_planners_scene_come_with_the_cloud(graph, stage):
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    states = graph.listen(stage)
    graph.add(PlannerNode(PlannerNodeConfig(robot="wxai")))
    graph.add(CloudNode(CloudNodeConfig(objects=("cube",), scene_period=0.5, **BOX)))
    poses, scenes = stage.heard["object_poses"], stage.heard["planning_scene"]
    assert graph.until(lambda: poses and poses[-1].objects and scenes)
    pose = poses[-1].objects[0]
    assert pose.name == "cube"
    place = pose.pose.pose.position
    np.testing.assert_allclose((place.x, place.y, place.z), PLACE, atol=0.004)
    deviation = np.sqrt(pose.pose.covariance.reshape(6, 6).diagonal())
    assert np.all(deviation > 0) and np.all(deviation[:3] < 0.004)
    assert {item.id for item in scenes[-1].world.collision_objects} >= {"table", "cube"}
    assert graph.until(lambda: "cube" in known_to_the_planner(graph, stage))
    stage.cube = placed(*PLACE, 0.3) @ placed(5.0, 0.0, 0.0)
    assert graph.until(lambda: "cube" in poses[-1].reason and not poses[-1].objects)
    assert graph.until(lambda: states["cloud"].level == DiagnosticStatus.WARN)
    assert graph.until(lambda: "cube" not in known_to_the_planner(graph, stage))


def test_a_camera_on_the_hand_is_placed_by_the_joints_at_the_images_stamp(graph, stage):
    """The arm swings, and the camera with it, as if it were bolted to the tool's link at home."""
    places, fixed = LinkPlaces(stage.robot), stage.scene.camera().base_from_optical
    link = stage.robot.tool_link
    link_from_optical = np.linalg.inv(places.base_from(link, stage.robot.home)) @ fixed

    def shoot():
        # The picture stays; the cube is where the swung camera would have to see it.
        stamp = time.time() - stage.lag
        swung = places.base_from(link, stage.posture(stamp)) @ link_from_optical
        stage.wanted[stamp_key(stamp)] = swung @ np.linalg.inv(fixed) @ stage.cube
        stage.shoot(stamp)

    stage.wanted, stage.lag, stage.show_arm = {}, 0.1, False
    stage.shots.cancel()
    stage.create_timer(0.2, shoot)
    stage.mount(link, link_from_optical)
    graph.add(CloudNode(CloudNodeConfig(objects=("cube",), low=(-0.2, -0.8, -0.1), **HIGH)))
    poses = stage.heard["object_poses"]
    assert graph.until(lambda: sum(bool(message.objects) for message in poses) >= 5)
    for message in poses:
        for item in message.objects:
            place = item.pose.pose.position
            wanted = stage.wanted[stamp_key(seconds_from_stamp(message.header.stamp))]
            np.testing.assert_allclose((place.x, place.y, place.z), wanted[:3, 3], atol=0.006)


def stamp_key(stamp):
    return round(1e3 * stamp)


def test_what_is_missing_is_said(graph, stage):
    states = graph.listen(stage)
    graph.add(CloudNode(CloudNodeConfig(objects=("cube",), **BOX)))
    assert graph.until(lambda: "hangs neither on" in states["cloud"].message)
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    assert graph.until(lambda: states["cloud"].level == DiagnosticStatus.OK)
    stage.colour_lag = 0.05
    assert graph.until(lambda: "align_depth" in states["cloud"].message)
    stage.shots.cancel()
    assert graph.until(lambda: "no camera image for" in states["cloud"].message)


def test_a_picture_waits_for_joint_states_that_come_later(graph, stage):
    stage.states_lag = 0.12
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    states = graph.listen(stage)
    graph.add(CloudNode(CloudNodeConfig(count=2000, **BOX)))
    assert graph.until(lambda: len(stage.heard["points"]) >= 4)
    assert graph.until(lambda: states["cloud"].level == DiagnosticStatus.OK)


def test_points_need_no_table(graph, stage):
    """Only the air above it is asked for, where the cube's upper half is."""
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    states = graph.listen(stage)
    upper = {"low": (0.20, -0.35, 0.03), "high": (0.80, 0.35, 0.30), "cell": 0.01}
    graph.add(CloudNode(CloudNodeConfig(objects=("cube",), **upper)))
    assert graph.until(lambda: len(stage.heard["points"]) >= 2)
    assert np.all(clouds(stage)[-1][:, 2] > 0.03) and len(clouds(stage)[-1]) > 10
    assert graph.until(lambda: "of a table" in states["cloud"].message)


def test_stamps_of_another_clock_are_refused(graph, stage):
    states = graph.listen(stage)
    stage.mount("base_link", stage.scene.camera().base_from_optical)
    stage.lag = 30.0
    graph.add(CloudNode(CloudNodeConfig(**BOX)))
    assert graph.until(lambda: "use one clock" in states["cloud"].message)
    assert not stage.heard["points"]


def test_objects_that_nobody_knows_are_refused_at_the_start(graph):
    with pytest.raises(Exception, match="no object named 'teapot'"):
        CloudNode(CloudNodeConfig(objects=("teapot",)))
