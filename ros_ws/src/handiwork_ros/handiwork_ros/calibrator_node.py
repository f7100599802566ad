"""A hand-eye calibration that is taken live: views in, the camera's place out.

In its manual mode a person moves the arm, by hand or by teleoperation, and calls ~/take_sample,
~/remove_sample, ~/compute and ~/save. In its auto mode the node moves the arm itself, through the
planner, to the views that tell most; then it saves and ends.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from sensor_msgs.msg import JointState

from calibration.hand_eye import HandEye, hand_eye
from calibration.informative_session import Session
from calibration.views import View, save_views
from handiwork.errors import HandiworkError, NotObserved
from handiwork.geometry import inverse
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork_ros.calibrated_frame import CalibratedFrame
from handiwork_ros.calibrator_config import CalibratorConfig
from handiwork_ros.calibrator_eye import Eye
from handiwork_ros.calibrator_progress import tell_progress
from handiwork_ros.calibrator_services import CalibratorServices
from handiwork_ros.calibrator_stillness import Stillness
from handiwork_ros.calibrator_walk import Walk
from handiwork_ros.diagnostics import Diagnostics
from handiwork_ros.messages import seconds_from_stamp
from handiwork_ros.parameters import declared
from handiwork_ros.quality_of_service import RELIABLE
from handiwork_ros.running import leave_signals_to_ros


class CalibratorNode(Node):
    """Subscribes: joint_states, camera/color/image_raw and camera_info, /tf_static.

    Publishes: /tf_static once computed. Serves: ~/take_sample, ~/remove_sample, ~/compute, ~/save.
    Client, in auto mode: the planner.
    """

    def __init__(self, config: CalibratorConfig | None = None) -> None:
        super().__init__("calibrator")
        self.config = declared(self, config or CalibratorConfig())
        self.robot = robot(self.config.robot)
        self.diagnostics = Diagnostics(self, "No picture yet. Check that the camera runs.")
        self.kinematics = Kinematics(self.robot)
        self.eye = Eye(self)
        self.stillness = Stillness(self.robot.names, self.config.stillness)
        self.session: Session | None = None  # begins with the first look
        self._board = self.config.board
        self._result: HandEye | None = None
        self._frame = CalibratedFrame(self)
        self.create_subscription(JointState, "joint_states", self._on_states, RELIABLE)
        CalibratorServices(self)
        self.walk = Walk(self) if self.config.mode == "auto" else None

    def begin(self) -> Session:
        """The session, which begins when the camera has told of itself.

        Raises:
            NotObserved, BadValue: what the camera lacks.
        """
        if self.session is None:
            self.session = Session(
                self.config.kind,
                self._board,
                self.eye.intrinsics(),
                self.config.guess,
                self.config.views,
                self.config.corners,
            )
        return self.session

    def rested(self) -> bool:
        """Whether the arm has been at rest for long enough, and seen since."""
        return self.stillness.settled(self.config.settling, self.eye.stamp)

    def take(self) -> View:
        """A view of what is seen now.

        Raises:
            NotObserved: the arm moves, or has not been seen at rest.
            ObjectNotFound: the board is not there, or not enough of it.
            BadValue: the picture is not what the intrinsics are for.
        """
        session = self.begin()
        if not self.stillness.heard:
            raise NotObserved("no joint_states of all joints have come. Start the arm server.")
        if not self.rested():
            raise NotObserved(
                f"the arm has been at rest for {self.stillness.rest():.2f} s and seen so, want "
                f"{self.config.settling:g} s. Let it settle, and check the camera."
            )
        picture = self.eye.picture()
        detection = self._board.detect(picture)
        session.check(detection)
        positions = self.stillness.place(self.stillness.since() + self.config.settling / 2)
        image = Path(self.config.folder) / "images" / f"view_{session.count + 1:02d}.png"
        view = session.add(self._gripper(positions), detection, _written(image, picture))
        self._result = None
        tell_progress(session, view, self.diagnostics, self.get_logger())
        return view

    def remove(self) -> View:
        """Give up the newest view.

        Raises:
            ObjectNotFound: there is none.
        """
        self._result = None
        return self.begin().remove()

    def compute(self) -> HandEye:
        """The hand-eye of all views taken, published as a static transform.

        Raises:
            HandiworkError: too few views, too little motion, or a frame that has a parent already.
        """
        session = self.begin()
        self._result = hand_eye(session.views, compare=False)
        in_hand = self.config.kind == "eye_in_hand"
        mount = self.robot.tool_link if in_hand else self.robot.base_frame
        optical, child = self.eye.frame, self.config.child_frame
        self._frame.publish(mount, self._result.transform, optical, child)
        return self._result

    def save(self) -> Path:
        """views.json, and what is known beside it."""
        session, folder = self.begin(), Path(self.config.folder)
        folder.mkdir(parents=True, exist_ok=True)
        save_views(session.views, folder / "views.json")
        told = {
            "views": session.count,
            "predicted_std_mm": 1e3 * session.belief.std_m,
            "predicted_std_deg": float(np.degrees(session.belief.std_rad)),
            "residual_px": session.residual_px,
            "frames": self._frame.told,
        }
        if self._result is not None:
            told["transform"] = self._result.transform.tolist()
        (folder / "session.json").write_text(json.dumps(told, indent=1) + "\n")
        return folder / "views.json"

    def _gripper(self, positions: np.ndarray) -> np.ndarray:
        """base_from_gripper (4, 4) [m] at the robot's positions (J,) [rad]."""
        tool = self.kinematics.tool(positions[self.robot.columns(self.kinematics.group)])
        return tool @ inverse(self.robot.link_from_tool)

    def _on_states(self, message: JointState) -> None:
        positions = dict(zip(message.name, message.position, strict=False))
        self.stillness.add(seconds_from_stamp(message.header.stamp), positions)


def _written(path: Path, picture: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture[..., ::-1])
    return path


def main(args: list[str] | None = None) -> None:
    """Serve a person until Ctrl-C; or calibrate, and exit with 0 only if that was done."""
    leave_signals_to_ros()
    cv2.setNumThreads(1)
    try:
        with rclpy.init(args=args):
            sys.exit(_run())
    except ExternalShutdownException:
        sys.exit(1)


def _run() -> int:
    node, executor = CalibratorNode(), SingleThreadedExecutor()
    executor.add_node(node)
    try:
        if node.walk is None:
            executor.spin()
            return 0
        task = executor.create_task(node.walk.run)
        executor.spin_until_future_complete(task)
        if not task.done():
            return 1
        task.result()
        return 0
    except HandiworkError as error:
        node.get_logger().fatal(str(error))
        return 1
    finally:
        node.destroy_node()


if __name__ == "__main__":
    main()
