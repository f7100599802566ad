"""Pictures and points from the cameras of a scene, by software OpenGL without a screen.

A camera belongs to the thread that made it, as its OpenGL context does. Worlds of one task share
one: a context per world would cost more than the pictures.
Shapes: H, W rows and columns.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from functools import cache

import mujoco
import numpy as np

from handiwork.sim.manipulation.scene import build_scene
from handiwork.sim.manipulation.task import Task


class Camera:
    """Looks at any state of one model through any of its cameras."""

    def __init__(self, model: mujoco.MjModel, width: int, height: int) -> None:
        from mujoco.egl import GLContext  # only who looks needs OpenGL

        self._model = model
        self._gl = GLContext(width, height)
        self._gl.make_current()
        self._scene = mujoco.MjvScene(model, maxgeom=200)
        self._option = mujoco.MjvOption()
        self._option.sitegroup[:] = 0
        self._context = mujoco.MjrContext(model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_resizeOffscreen(width, height, self._context)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR
        self._frame = mujoco.MjrRect(0, 0, width, height)
        self._rgb = np.empty((height, width, 3), np.uint8)
        self._buffer = np.empty((height, width), np.float32)

    def colour(self, data: mujoco.MjData, name: str) -> np.ndarray:
        """(H, W, 3) uint8."""
        self._render(data, name)
        mujoco.mjr_readPixels(self._rgb, None, self._frame, self._context)
        return self._rgb[::-1].copy()  # OpenGL's rows go up

    def depth(self, data: mujoco.MjData, name: str) -> np.ndarray:
        """(H, W) float32 [m] along the camera's axis."""
        self._render(data, name)
        mujoco.mjr_readPixels(None, self._buffer, self._frame, self._context)
        # OpenGL's depth buffer, far to near on 0..1, is hyperbolic in depth.
        extent, planes = self._model.stat.extent, self._model.vis.map
        near, far = planes.znear * extent, planes.zfar * extent
        return near * far / (near + self._buffer[::-1] * (far - near))

    def points(self, data: mujoco.MjData, name: str) -> np.ndarray:
        """(H W, 3) what each pixel sees, row by row from the top left, in base [m]."""
        depth = self.depth(data, name)
        height, width = depth.shape
        focal = height / 2 / np.tan(np.radians(self._model.camera(name).fovy[0]) / 2)  # [px]
        right = (np.arange(width) - (width - 1) / 2) / focal
        up = ((height - 1) / 2 - np.arange(height)) / focal
        rays = np.stack([*np.meshgrid(right, up), np.full(depth.shape, -1.0)], axis=-1)
        seen = (rays * depth[..., None]).reshape(-1, 3)  # MuJoCo's cameras look along -z
        camera = data.camera(name)
        return seen @ camera.xmat.reshape(3, 3).T + camera.xpos

    def close(self) -> None:
        """Frees its OpenGL context; left to chance, another camera's pictures would go with it."""
        self._gl.make_current()
        self._context.free()
        self._gl.free()

    def _render(self, data: mujoco.MjData, name: str) -> None:
        self._gl.make_current()
        view = mujoco.MjvCamera()
        view.type = mujoco.mjtCamera.mjCAMERA_FIXED
        view.fixedcamid = self._model.camera(name).id
        everything = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(self._model, data, self._option, None, view, everything, self._scene)
        mujoco.mjr_render(self._frame, self._scene, self._context)


@cache
def camera_of(task: Task, width: int, height: int) -> Camera:
    """The camera that all worlds of a task share."""
    return Camera(build_scene(task), width, height)
