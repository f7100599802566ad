"""The calibrator as a person, and as the command line, meets it."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image, JointState
from std_srvs.srv import Trigger
from tf2_msgs.msg import TFMessage

from calibration.views import load_views
from handiwork.errors import BadValue, UnknownName
from handiwork.geometry import change_between, inverse
from handiwork.perception.camera import Camera
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork.sim.calibration_camera import RigCamera, RigCameraConfig
from handiwork.sim.calibration_rig import drawn_rig
from handiwork_app.calibration_rigs import board_of, guesses_of, size_of
from handiwork_ros.arm_server_config import ArmServerConfig
from handiwork_ros.arm_server_node import ArmServerNode
from handiwork_ros.calibrated_frame import CalibratedFrame
from handiwork_ros.calibrator_camera_node import (
    LINK,
    LINK_FROM_OPTICAL,
    OPTICAL,
    CalibratorCameraConfig,
    CalibratorCameraNode,
)
from handiwork_ros.calibrator_config import CalibratorConfig
from handiwork_ros.calibrator_node import CalibratorNode
from handiwork_ros.calibrator_stillness import Stillness
from handiwork_ros.calibrator_walk import CalibrationStuck
from handiwork_ros.planner_config import PlannerNodeConfig
from handiwork_ros.planner_node import PlannerNode
from handiwork_ros.quality_of_service import LATCHED
from handiwork_ros.sight_messages import (
    image_from_pixels,
    message_from_camera,
    transform_from_matrix,
)

KIND = "eye_in_hand"
TRUE = drawn_rig("fr3", KIND, size_of(KIND), 0)
FR3 = robot("fr3")


def config(**changes) -> CalibratorConfig:
    guesses = {name: tuple(pose) for name, pose in guesses_of(changes["robot"], KIND).items()}
    return CalibratorConfig(**{"kind": KIND, **board_of(KIND), **guesses, **changes})


def postures() -> np.ndarray:
    """(6, 7) [rad] the first of those around a board from which an FR3 sees it."""
    kinematics, found = Kinematics(FR3), []
    generator = np.random.default_rng(5)
    middle = np.array([size_of(KIND)[0] / 2, size_of(KIND)[1] / 2, 0.0])
    while len(found) < 6:
        view = np.eye(4)
        turn = np.append(generator.uniform(-0.45, 0.45, 2), generator.uniform(-0.6, 0.6))
        view[:3, :3] = cv2.Rodrigues(turn)[0]
        place = generator.uniform([-0.03, -0.03, 0.30], [0.03, 0.03, 0.48])
        view[:3, 3] = place - view[:3, :3] @ middle
        gripper = TRUE.holder_from_board @ inverse(view) @ inverse(TRUE.mount_from_camera)
        for posture in kinematics.postures(gripper @ FR3.link_from_tool, FR3.home):
            found.append(posture)
            break
    return np.array(found)


class Person:
    """Moves an arm by hand under a camera, and calls the calibrator's services."""

    def __init__(self, graph, folder: Path) -> None:
        self.graph = graph
        self.calibrator = graph.add(
            CalibratorNode(config(robot="fr3", folder=str(folder), settling=0.2))
        )
        self.node = node = graph.add(Node("person"))
        self.noise = RigCameraConfig()
        self.camera = RigCamera(TRUE, self.calibrator.config.board.picture(4000), size_of(KIND))
        self.time = 100.0
        self.states = node.create_publisher(JointState, "joint_states", 10)
        self.images = node.create_publisher(Image, "camera/color/image_raw", 2)
        self.infos = node.create_publisher(CameraInfo, "camera/color/camera_info", 2)
        self.frames = node.create_publisher(TFMessage, "/tf_static", LATCHED)
        inside = transform_from_matrix(LINK_FROM_OPTICAL, 0.0, LINK, OPTICAL)
        self.frames.publish(TFMessage(transforms=[inside]))
        self.static: list = []
        node.create_subscription(
            TFMessage, "/tf_static", lambda m: self.static.extend(m.transforms), LATCHED
        )
        self.clients = {
            word: node.create_client(Trigger, f"calibrator/{word}")
            for word in ("take_sample", "remove_sample", "compute", "save")
        }
        publishers = (self.states, self.images, self.infos)
        assert graph.until(lambda: all(c.service_is_ready() for c in self.clients.values()))
        assert graph.until(lambda: all(p.get_subscription_count() for p in publishers))

    def call(self, word: str) -> Trigger.Response:
        future = self.clients[word].call_async(Trigger.Request())
        assert self.graph.until(future.done)
        return future.result()

    def hold(self, posture: np.ndarray, seconds: float = 0.6) -> None:
        """Stay there for so long, seen at the end."""
        for _ in range(int(seconds / 0.02)):
            self.time += 0.02
            self.tell(posture)
        info = Camera(k=self.noise.k, width=640, height=480, base_from_optical=np.eye(4))
        self.infos.publish(message_from_camera(info, self.time, OPTICAL))
        self.images.publish(image_from_pixels(self.camera.picture(posture), self.time, OPTICAL))
        stamp = self.time
        assert self.graph.until(
            lambda: (
                self.calibrator.eye.stamp == pytest.approx(stamp)
                and self.calibrator.eye.open
                and self.calibrator.stillness.place(stamp)[0] == pytest.approx(posture[0], abs=1e-6)
            )
        )

    def tell(self, posture: np.ndarray) -> None:
        message = JointState(name=list(FR3.names), position=posture.tolist())
        message.header.stamp.sec = int(self.time)
        message.header.stamp.nanosec = int(self.time % 1 * 1e9)
        self.states.publish(message)
        self.graph.spin(0.002)


@pytest.fixture
def person(graph, tmp_path):
    made = Person(graph, tmp_path)
    yield made
    made.camera.close()


def test_a_person_takes_views_and_gets_a_frame_with_one_parent(person, tmp_path):
    assert "camera_info has come" in person.call("take_sample").message
    first, *others = postures()
    person.hold(first, seconds=0.1)
    moving = person.call("take_sample")
    assert not moving.success and "at rest for" in moving.message
    for posture in (first, *others):
        person.hold(posture)
        taken = person.call("take_sample")
        assert taken.success, taken.message
    assert person.call("remove_sample").message == "removed view_06"
    person.hold(others[-1])
    assert person.call("take_sample").message == "took view_06"

    computed = person.call("compute")
    assert computed.success, computed.message
    assert person.graph.until(lambda: any(t.child_frame_id == LINK for t in person.static))
    children = [transform.child_frame_id for transform in person.static]
    assert children.count(LINK) == 1 and children.count(OPTICAL) == 1
    found = person.calibrator.compute().transform
    error = change_between(TRUE.mount_from_camera, found)
    assert np.linalg.norm(error[:3]) < 5e-4 and np.degrees(np.linalg.norm(error[3:])) < 0.05
    told = next(t for t in person.static if t.child_frame_id == LINK)
    assert told.header.frame_id == FR3.tool_link
    moved = told.transform.translation
    np.testing.assert_allclose(
        [moved.x, moved.y, moved.z], (found @ inverse(LINK_FROM_OPTICAL))[:3, 3], atol=1e-9
    )

    assert person.call("save").success
    saved = load_views(tmp_path / "views.json")
    assert (saved.kind, len(saved.views)) == (KIND, 6)
    assert all(view.image is not None and view.image.is_file() for view in saved.views)


def test_too_few_views_and_an_empty_table_are_said(person):
    for posture in postures()[:2]:
        person.hold(posture)
        assert person.call("take_sample").success
    refused = person.call("compute")
    assert not refused.success and "2" in refused.message
    person.hold(FR3.home)  # sees the table's edge
    away = person.call("take_sample")
    assert not away.success and "corners of the board are in view, want 8" in away.message
    assert "\n" not in away.message + refused.message


def frame_of(graph, transforms) -> CalibratedFrame:
    """A publisher that has heard these (parent, child)."""
    other, node = graph.add(Node("driver")), graph.add(Node("calibrator"))
    calibrated = CalibratedFrame(node)
    publisher = other.create_publisher(TFMessage, "/tf_static", LATCHED)
    publisher.publish(
        TFMessage(
            transforms=[
                transform_from_matrix(LINK_FROM_OPTICAL, 0.0, parent, child)
                for parent, child in transforms
            ]
        )
    )
    graph.spin(0.5)
    return calibrated


def test_the_optical_frame_itself_is_told_where_nobody_tells_of_the_camera(graph):
    calibrated = frame_of(graph, [])
    calibrated.publish("link", np.eye(4), OPTICAL, "")
    assert (calibrated.told["parent"], calibrated.told["child"]) == ("link", OPTICAL)
    calibrated.publish("link", np.eye(4), OPTICAL, "")  # its own word is no second parent


@pytest.mark.parametrize(
    ("transforms", "child", "error", "says"),
    [
        ([(LINK, OPTICAL)], OPTICAL, BadValue, "leave child_frame empty"),
        ([("link", LINK), (LINK, OPTICAL)], "", BadValue, "Stop who publishes the old"),
        ([(LINK, OPTICAL)], "lens", UnknownName, "no frame of the camera named 'lens'"),
    ],
)
def test_a_second_parent_is_refused(graph, transforms, child, error, says):
    calibrated = frame_of(graph, transforms)
    with pytest.raises(error, match=says):
        calibrated.publish("link", np.eye(4), OPTICAL, child)
    assert not calibrated.told


def test_rest_begins_anew_with_every_motion():
    still = Stillness(("a", "b"), tolerance=0.01)
    still.add(0.0, {"a": 0.0})
    assert not still.heard  # b is not known yet
    for tick in range(1, 6):
        still.add(0.1 * tick, {"a": 0.001 * tick, "b": 1.0})
    assert still.rest() == pytest.approx(0.4)
    still.add(0.6, {"a": 0.5, "b": 1.0})
    assert still.rest() == 0.0 and still.since() == pytest.approx(0.6)
    still.add(0.7, {"a": 0.502, "b": 1.0})
    np.testing.assert_allclose(still.place(0.6), [0.501, 1.0])
    still.add(0.1, {"a": 0.5})  # the simulation began anew
    assert still.since() == pytest.approx(0.1)


def walking(graph, folder: Path, **changes) -> CalibratorNode:
    """A calibrator that moves a simulated arm, with all that it needs."""
    server = ArmServerConfig(robot="fr3", priority=0, longest_stall=5.0)
    graph.add(ArmServerNode(server))
    graph.add(PlannerNode(PlannerNodeConfig(robot="fr3", seed=1, stale=30.0)))
    graph.add(CalibratorCameraNode(CalibratorCameraConfig(robot="fr3", **board_of(KIND))))
    quick = {"tries": 60, "speed": 1.0, "settling": 0.2, **changes}
    return graph.add(CalibratorNode(config(robot="fr3", mode="auto", folder=str(folder), **quick)))


def test_the_arm_goes_from_view_to_view_by_itself(sim_graph, tmp_path):
    """Four views: as few as say anything; the figure is that of `calibrate hand_eye --auto`."""
    calibrator = walking(sim_graph, tmp_path, fewest=4, most=4)
    task = sim_graph.executor.create_task(calibrator.walk.run)
    assert sim_graph.until(task.done, patience=90.0)
    assert task.exception() is None
    assert len(load_views(tmp_path / "views.json").views) == 4
    error = change_between(TRUE.mount_from_camera, calibrator.compute().transform)
    assert np.linalg.norm(error[:3]) < 1e-3 and np.degrees(np.linalg.norm(error[3:])) < 0.1


def test_an_arm_that_was_stopped_ends_the_calibration_with_the_reason(sim_graph, tmp_path):
    calibrator = walking(sim_graph, tmp_path)
    stop = calibrator.create_client(Trigger, "e_stop")
    assert sim_graph.until(stop.service_is_ready)
    pressed = stop.call_async(Trigger.Request())
    assert sim_graph.until(pressed.done)
    task = sim_graph.executor.create_task(calibrator.walk.run)
    with pytest.raises(CalibrationStuck, match=r"the arm is stop.*enable it"):
        sim_graph.until(task.done, patience=60.0)
    assert not (tmp_path / "views.json").exists()
