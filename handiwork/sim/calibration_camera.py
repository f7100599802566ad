"""What the camera of a calibration rig sees, by software OpenGL without a screen.

A camera belongs to the thread that made it, as its OpenGL context does.
Shapes: J joints of the robot; H, W rows and columns.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from dataclasses import dataclass

import mujoco
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

from handiwork.robots.body import body_of
from handiwork.robots.kinematics import Kinematics
from handiwork.sim.calibration_rig import Rig
from handiwork.sim.calibration_scene import BOARD, CAMERA, build_rig_scene, field_of_view
from handiwork.sim.manipulation.camera import Camera
from handiwork.sim.rgbd import RgbdConfig


@dataclass(frozen=True, kw_only=True)
class RigCameraConfig:
    """A pinhole with square pixels and its axis through the middle of the image.

    focal: [px] a D435's colour camera at 640x480 has about 615.
    colour_noise: standard deviation, in 0..255.
    """

    width: int = 640
    height: int = 480
    focal: float = 615.0
    colour_noise: float = RgbdConfig().colour_noise
    seed: int = 0

    @property
    def k(self) -> np.ndarray:
        """(3, 3) [px]; pixel (0, 0) is the middle of the top left pixel."""
        middle = ((self.width - 1) / 2, (self.height - 1) / 2)
        return np.array([[self.focal, 0, middle[0]], [0, self.focal, middle[1]], [0, 0, 1]])


class RigCamera:
    """Takes pictures of a rig at any posture of its robot."""

    def __init__(
        self,
        rig: Rig,
        picture: np.ndarray,
        board_size: tuple[float, float],
        config: RigCameraConfig | None = None,
    ) -> None:
        """picture: (H, W) uint8 of the board, whose width and height are board_size [m]."""
        self.rig, self.config = rig, config or RigCameraConfig()
        self._kinematics = Kinematics(rig.robot)
        self._tool_from_gripper = np.linalg.inv(rig.robot.link_from_tool)
        self._columns = rig.robot.columns(self._kinematics.group)
        self._body = body_of(rig.robot)
        self._shapes, self._placed = self._body.model.createData(), self._body.geometry.createData()
        fovy = field_of_view(self.config.k, self.config.height)
        self._model = build_rig_scene(self._body.geometry, picture, board_size, fovy)
        self._data = mujoco.MjData(self._model)
        self._camera = Camera(self._model, self.config.width, self.config.height)
        self._generator = np.random.default_rng(self.config.seed)

    def base_from_gripper(self, positions: np.ndarray) -> np.ndarray:
        """(4, 4) [m] at (J,) [rad]."""
        return self._kinematics.tool(positions[self._columns]) @ self._tool_from_gripper

    def picture(self, positions: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 at (J,) [rad], with the camera's noise."""
        gripper = self.base_from_gripper(positions)
        in_hand = self.rig.kind == "eye_in_hand"
        camera, board = (gripper, np.eye(4)) if in_hand else (np.eye(4), gripper)
        self._put(CAMERA, camera @ self.rig.mount_from_camera)
        self._put(BOARD, board @ self.rig.holder_from_board)
        self._put_robot(positions)
        mujoco.mj_kinematics(self._model, self._data)
        mujoco.mj_camlight(self._model, self._data)
        clean = self._camera.colour(self._data, CAMERA)
        noise = self._generator.standard_normal(clean.shape, np.float32) * self.config.colour_noise
        return np.clip(np.rint(clean + noise), 0, 255).astype(np.uint8)

    def close(self) -> None:
        """Frees the OpenGL context."""
        self._camera.close()

    def _put_robot(self, positions: np.ndarray) -> None:
        body = self._body
        configuration = body.configuration(positions)
        pin.updateGeometryPlacements(
            body.model, self._shapes, body.geometry, self._placed, configuration
        )
        for shape, place in zip(body.geometry.geometryObjects, self._placed.oMg, strict=True):
            self._put(shape.name, place.homogeneous)

    def _put(self, name: str, pose: np.ndarray) -> None:
        number = self._model.body(name).mocapid[0]
        self._data.mocap_pos[number] = pose[:3, 3]
        turn = np.empty(4)
        mujoco.mju_mat2Quat(turn, np.ascontiguousarray(pose[:3, :3]).ravel())
        self._data.mocap_quat[number] = turn
