"""Pictures of a world as an RGB-D camera gives them: colour, and depth aligned to it, with noise.

Colour and depth come out of one rendering pass. Software OpenGL by EGL needs no screen; the
environment variable LP_NUM_THREADS, read by the driver when it starts, bounds its threads.

Source: the axial noise of a stereo camera grows with the square of the distance, as
subpixel / (focal x baseline); 0.08 px, 385 px and 50 mm are the D435i's.
Shapes: H, W rows and columns of the camera's image.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import math
from dataclasses import dataclass

import mujoco
import numpy as np
from mujoco.egl import GLContext

from handiwork.sim.push_t_world import PushTWorld


@dataclass(frozen=True, kw_only=True)
class RgbdConfig:
    """How the camera errs and how far it sees."""

    colour_noise: float = 2.0  # standard deviation, in 0..255
    axial_noise: float = 0.0042  # [1/m] standard deviation of depth, over its square
    edge_jump: float = 0.010  # [m] between neighbours, from which depth may be missing
    edge_dropout: float = 0.5  # share of such pixels without depth
    nearest: float = 0.20  # [m] of depth that the camera can measure
    farthest: float = 2.0  # [m]
    seed: int = 0


class Rgbd:
    """The camera of one world. Belongs to the thread that made it, as its OpenGL context does."""

    def __init__(self, world: PushTWorld, config: RgbdConfig | None = None) -> None:
        self._world = world
        self._config = config or RgbdConfig()
        place = world.config.camera
        self._generator = np.random.default_rng(self._config.seed)
        # Fresh numbers for every picture would cost more than the picture: a stock of two pictures.
        pixels = place.height * place.width
        noise = self._generator.standard_normal(6 * pixels, dtype=np.float32)
        self._colour_noise = np.rint(noise * self._config.colour_noise).astype(np.int8)
        self._depth_noise = noise[: 2 * pixels] * np.float32(self._config.axial_noise)  # [1/m]
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
        self._work = np.empty_like(self._buffer)

    def render(self) -> tuple[np.ndarray, np.ndarray]:
        """What the camera sees now: rgb (H, W, 3) uint8, depth (H, W) uint16 [mm], 0 = unknown."""
        rgb, depth = self.render_clean()
        return self._noisy_colour(rgb), self._noisy_depth(depth)

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

    def _noisy_depth(self, depth: np.ndarray) -> np.ndarray:
        config = self._config
        np.multiply(depth, depth, out=self._work)
        self._work *= self._draw(self._depth_noise, depth.shape)
        self._work += depth
        self._work *= 1e3
        self._work += 0.5  # so that cutting rounds
        millimetres = self._work.astype(np.uint16)
        millimetres[(depth < config.nearest) | (depth > config.farthest)] = 0
        pixels = np.flatnonzero(self._edges(depth))
        lost = self._generator.random(len(pixels)) < config.edge_dropout
        millimetres.ravel()[pixels[lost]] = 0
        return millimetres

    def _edges(self, depth: np.ndarray) -> np.ndarray:
        """(H, W) bool: pixels on either side of a jump in depth."""
        jump, edges = self._config.edge_jump, np.zeros(depth.shape, bool)
        down = np.subtract(depth[1:], depth[:-1], out=self._work[1:])
        jumps = np.abs(down, out=down) > jump
        edges[1:] |= jumps
        edges[:-1] |= jumps
        across = np.subtract(depth[:, 1:], depth[:, :-1], out=self._work[:, 1:])
        jumps = np.abs(across, out=across) > jump
        edges[:, 1:] |= jumps
        edges[:, :-1] |= jumps
        return edges

    def _draw(self, stock: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        """Noise for a picture: a stretch of the stock from a random place on."""
        count = math.prod(shape)
        start = self._generator.integers(len(stock) - count)
        return stock[start : start + count].reshape(shape)
