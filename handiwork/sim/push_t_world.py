"""The Push-T table in motion: joint position targets in, joints, block and rod out.

Source: push_t.initial_state draws the starts; the servo is the model's own position actuators.
Shapes: J joints of the arm in the robot's order.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import mujoco
import numpy as np
import shapely

from handiwork.errors import WrongShape
from handiwork.perception.camera import Camera
from handiwork.robots.kinematics import Kinematics, pointing_down
from handiwork.sim.push_t_scene import (
    WALL_HALF_WIDTH_PX,
    WALLS_PX,
    SceneConfig,
    build_scene,
    optical_frame,
)
from handiwork.tasks.push_t import ROD_RADIUS_PX, TIP_HEIGHT, initial_state, keypoints

ROD_MARGIN_PX = 3.0  # the rod starts at least so far from the block


class PushTWorld:
    """One arm, one block, one clock. Not thread safe."""

    def __init__(self, config: SceneConfig | None = None) -> None:
        self.config = config or SceneConfig()
        self.model = build_scene(self.config)
        self.data = mujoco.MjData(self.model)
        robot = self.config.robot
        self._kinematics = Kinematics(robot)
        joints = [self.model.joint(name) for name in robot.names]
        self._positions = np.array([joint.qposadr[0] for joint in joints])
        self._velocities = np.array([joint.dofadr[0] for joint in joints])
        self._actuators = np.array([self.model.actuator(name).id for name in robot.names])
        self._block = int(self.model.joint("block").qposadr[0])
        self._tip = self.model.site(robot.tool_frame).id
        # Seconds by which the servo's damping holds it behind a moving target.
        gain = self.model.actuator_gainprm[self._actuators, 0]
        self._lag = -self.model.actuator_biasprm[self._actuators, 2] / gain  # (J,)
        self._target = robot.home.copy()
        self.reset(0)

    @property
    def dt(self) -> float:
        """Physics step [s]."""
        return self.config.timestep

    @property
    def time(self) -> float:
        """Since the world was made [s]; a reset does not turn it back."""
        return self.data.time

    @property
    def joint_positions(self) -> np.ndarray:
        """(J,) [rad]."""
        return self.data.qpos[self._positions]

    @property
    def joint_velocities(self) -> np.ndarray:
        """(J,) [rad/s]."""
        return self.data.qvel[self._velocities]

    @property
    def qpos(self) -> np.ndarray:
        """Everything that a picture depends on: a copy for `set_qpos` in another process."""
        return self.data.qpos.copy()

    def set_qpos(self, qpos: np.ndarray) -> None:
        """Shows a state of another world of the same config; nothing moves by itself."""
        if qpos.shape != self.data.qpos.shape:
            raise WrongShape("qpos", qpos.shape, str(self.data.qpos.shape))
        self.data.qpos[:] = qpos
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def step(self, target: np.ndarray) -> None:
        """One physics step with the servos at `target`, (J,) joint positions [rad].

        The drives feed the target's speed forward, so that a steady motion is followed without
        the lag of their own damping.
        """
        speed = (target - self._target) / self.dt
        self._target = np.array(target, float)
        self.data.ctrl[self._actuators] = self._target + self._lag * speed
        mujoco.mj_step(self.model, self.data)

    def reset(self, start: int | np.ndarray) -> np.ndarray:
        """Everything at rest at a seed's start, or at (5,): rod x, y, block x, y [px], angle [rad].

        A block that would stand in a wall is moved off it; a rod in the block is moved to the
        nearest point that clears it by `ROD_MARGIN_PX`.

        Returns:
            the start as it is, (5,).
        """
        state = initial_state(int(start)) if np.ndim(start) == 0 else np.array(start, float)
        if state.shape != (5,):
            raise WrongShape("start", state.shape, "(5,)")
        state[2:] = off_the_walls(state[2:])
        state[:2] = clear_of_the_block(state[:2], state[2:])
        square, robot = self.config.square, self.config.robot
        tip = pointing_down(np.array([[*square.to_base(state[:2]), TIP_HEIGHT]]))[0]
        x, y, angle = square.pose_to_base(state[2:])
        time = self.data.time
        mujoco.mj_resetData(self.model, self.data)
        self.data.time = time
        self._target = self._kinematics.inverse(tip, robot.home)
        self.data.qpos[self._positions] = self._target
        self.data.ctrl[self._actuators] = self._target
        turn = np.array([np.cos(angle / 2), 0.0, 0.0, np.sin(angle / 2)])
        self.data.qpos[self._block : self._block + 7] = [x, y, 0.0, *turn]
        mujoco.mj_forward(self.model, self.data)
        return state

    def block_pose_px(self) -> np.ndarray:
        """(3,) x, y [px], angle [rad] of the block in the plane."""
        pose = self.data.qpos[self._block : self._block + 7]
        half = np.arctan2(pose[6], pose[3])  # the block lies flat: a turn about z
        angle = np.arctan2(np.sin(2 * half), np.cos(2 * half))  # in (-pi, pi]
        return self.config.square.pose_to_plane(np.array([pose[0], pose[1], angle]))

    def rod_px(self) -> np.ndarray:
        """(2,) the rod's tip in the plane [px]."""
        return self.config.square.to_plane(self.data.site_xpos[self._tip, :2])

    def camera(self) -> Camera:
        """The scene's colour camera, which depth is aligned to."""
        place = self.config.camera
        focal = place.height / 2 / np.tan(np.radians(place.vertical_view) / 2)
        k = np.array(
            [
                [focal, 0.0, (place.width - 1) / 2],
                [0.0, focal, (place.height - 1) / 2],
                [0.0, 0.0, 1.0],
            ]
        )
        frame = optical_frame(place)
        return Camera(k=k, width=place.width, height=place.height, base_from_optical=frame)


def off_the_walls(pose_px: np.ndarray) -> np.ndarray:
    """The block's pose (3,) [px, px, rad], moved by the least that takes it out of the walls."""
    low, high = WALLS_PX[0] + WALL_HALF_WIDTH_PX, WALLS_PX[1] - WALL_HALF_WIDTH_PX
    corners = keypoints(pose_px)  # (8, 2)
    inward = np.maximum(low - corners.min(axis=0), 0) + np.minimum(high - corners.max(axis=0), 0)
    return np.array([*(pose_px[:2] + inward), pose_px[2]])


def clear_of_the_block(rod_px: np.ndarray, block_px: np.ndarray) -> np.ndarray:
    """The rod's place (2,) [px], moved by the least that clears the block (3,) inside the walls."""
    kept = shapely.Polygon(keypoints(block_px)).buffer(ROD_RADIUS_PX + ROD_MARGIN_PX)
    if not kept.contains(shapely.Point(rod_px)):
        return rod_px
    plane = shapely.box(WALLS_PX[0], WALLS_PX[0], WALLS_PX[1], WALLS_PX[1])
    edge = kept.exterior.intersection(plane)
    nearest = shapely.shortest_line(shapely.Point(rod_px), edge)
    return shapely.get_coordinates(nearest)[-1]
