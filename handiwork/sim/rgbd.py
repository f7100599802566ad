"""Pictures of a world as an RGB-D camera gives them: colour, and depth aligned to it, with noise.

Colour and depth come out of one rendering pass. Software OpenGL by EGL needs no screen; the
environment variable LP_NUM_THREADS, read by the driver when it starts, bounds its threads.

Source: see `stereo_noise` for how depth errs.
Shapes: H, W rows and columns of the camera's image.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import math
from dataclasses import dataclass
from typing import Protocol

import mujoco
import numpy as np
from mujoco.egl import GLContext

from handiwork.sim.push_t_scene import CameraPlace
from handiwork.sim.stereo_noise import NoisyDepth, StereoNoise


class Place(Protocol):
    """Settings of a world with one camera."""

    @property
    def camera(self) -> CameraPlace:
        """Where it stands, and the size of its pictures."""
        ...


class Visible(Protocol):
    """A world with one camera, named `camera` in its model."""

    @property
    def model(self) -> mujoco.MjModel:
        """What there is."""
        ...

    @property
    def data(self) -> mujoco.MjData:
        """Where it is."""
        ...

    @property
    def config(self) -> Place:
        """What it was made of."""
        ...


@dataclass(frozen=True, kw_only=True)
class RgbdConfig(StereoNoise):
    """How the camera errs and how far it sees."""

    colour_noise: float = 2.0  # standard deviation, in 0..255
    seed: int = 0


class Rgbd:
    """The camera of one world. Belongs to the thread that made it, as its OpenGL context does."""

    def __init__(self, world: Visible, config: RgbdConfig | None = None) -> None:
        self._world = world
        self._config = config or RgbdConfig()
        place = world.config.camera
        self._generator = np.random.default_rng(self._config.seed)
        # Fresh numbers for every picture would cost more than the picture: a stock of two pictures.
        noise = self._generator.standard_normal(6 * place.height * place.width, dtype=np.float32)
        self._colour_noise = np.rint(noise * self._config.colour_noise).astype(np.int8)
        self._noisy_depth = NoisyDepth(self._config, place.height, place.width, self._generator)
        self._gl = GLContext(place.width, place.height)
        self._gl.make_current()
        self._scene = mujoco.MjvScene(world.model, maxgeom=200)
        self._option = mujoco.MjvOption()
        self._option.sitegroup[:] = 0
        self._camera = mujoco.MjvCamera()
        self._camera.type = mujoco.mjtCamera.mjCAMERA_FIXED
        self._camera.fixedcamid = world.model.camera("camera").id
        self._context = mujoco.MjrContext(world.model, mujoco.mjtFontScale.mjFONTSCALE_100)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self._context)
        self._context.readDepthMap = mujoco.mjtDepthMap.mjDEPTH_ZEROFAR
        self._frame = mujoco.MjrRect(0, 0, place.width, place.height)
        self._rgb = np.empty((place.height, place.width, 3), np.uint8)
        self._sum = np.empty((place.height, place.width, 3), np.int16)
        self._buffer = np.empty((place.height, place.width), np.float32)
        self._depth = np.empty_like(self._buffer)

    def render(self) -> tuple[np.ndarray, np.ndarray]:
        """What the camera sees now: rgb (H, W, 3) uint8, depth (H, W) uint16 [mm], 0 = unknown."""
        rgb, depth = self.render_clean()
        return self._noisy_colour(rgb), self._noisy_depth.spoil(depth)

    def render_clean(self) -> tuple[np.ndarray, np.ndarray]:
        """The same without noise: rgb (H, W, 3) uint8, depth (H, W) float32 [m].

        Both are views of buffers that the next picture overwrites.
        """
        world = self._world
        everything = mujoco.mjtCatBit.mjCAT_ALL
        mujoco.mjv_updateScene(
            world.model, world.data, self._option, None, self._camera, everything, self._scene
        )
        mujoco.mjr_render(self._frame, self._scene, self._context)
        mujoco.mjr_readPixels(self._rgb, self._buffer, self._frame, self._context)
        # OpenGL's rows go up. Its depth buffer, far to near on 0..1, is hyperbolic in depth.
        extent = world.model.stat.extent
        near, far = world.model.vis.map.znear * extent, world.model.vis.map.zfar * extent
        np.multiply(self._buffer[::-1], far - near, out=self._depth)
        self._depth += near
        np.divide(near * far, self._depth, out=self._depth)
        return self._rgb[::-1], self._depth

    def close(self) -> None:
        """Frees the OpenGL context."""
        self._context.free()
        self._gl.free()

    def _noisy_colour(self, rgb: np.ndarray) -> np.ndarray:
        np.add(rgb, self._draw(self._colour_noise, rgb.shape), out=self._sum)
        np.clip(self._sum, 0, 255, out=self._sum)
        return self._sum.astype(np.uint8)

    def _draw(self, stock: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Noise for a picture: a stretch of the stock from a random place on."""
        count = math.prod(shape)
        start = self._generator.integers(len(stock) - count)
        return stock[start : start + count].reshape(shape)
