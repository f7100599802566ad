"""Pictures of a block on a table, by casting a ray through every pixel: the oracle of the tests.

It shares no code with the perception: no projection, no filled polygons. Colours are flat, and
depth is exact to the millimetre of its encoding.
Shapes: R rays.
"""

import functools
from dataclasses import dataclass

import numpy as np
import shapely

from handiwork.perception.camera import Camera
from handiwork.tasks.push_t import BLOCK_HEIGHT, TableSquare

RED, DARK_RED = (158, 20, 24), (126, 16, 19)
TABLE, GREEN, BLUE, BLACK = (180, 178, 172), (140, 200, 142), (60, 70, 170), (20, 20, 20)
HEIGHT, CLEARANCE = BLOCK_HEIGHT, 0.001  # [m]
TEE = TableSquare().outline()


def camera_over_table() -> Camera:
    """Looks at the table from the far side, 35 degrees down."""
    position, target = np.array([0.72, 0.0, 0.32]), np.array([0.27, 0.0, 0.0])
    forward = (target - position) / np.linalg.norm(target - position)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    frame = np.eye(4)
    frame[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    frame[:3, 3] = position
    k = np.array([[617.0, 0.0, 319.5], [0.0, 617.0, 239.5], [0.0, 0.0, 1.0]])
    return Camera(k=k, width=640, height=480, base_from_optical=frame)


@dataclass(frozen=True, kw_only=True)
class Plate:
    """Something that hides what is behind it: a level rectangle at a height."""

    low: tuple[float, float]  # [m]
    high: tuple[float, float]  # [m]
    height: float  # [m]


@dataclass(frozen=True, kw_only=True)
class Rod:
    """A cylinder that stands upright, its tip above the table."""

    x: float
    y: float
    radius: float = 0.0088
    tip: float = 0.008
    top: float = 0.3


def picture(
    camera: Camera,
    pose: np.ndarray | None,
    *,
    outline: np.ndarray = TEE,
    height: float = HEIGHT,
    rod: Rod | None = None,
    plate: Plate | None = None,
    colour_noise: float = 0.0,
    depth_noise: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """rgb (H, W, 3) uint8 and depth (H, W) uint16 [mm] with a block at pose (3,), or none.

    colour_noise in 0..255, depth_noise [m]: standard deviations.
    """
    eye, rays, depth, colour = _empty_table(camera)
    depth, colour = depth.copy(), colour.copy()
    with np.errstate(divide="ignore", invalid="ignore"):
        ground = eye[:2] + depth[:, None] * rays[:, :2]
        layers = []
        if pose is not None:
            near = np.hypot(*(ground - pose[:2]).T) < 0.3  # elsewhere no ray can meet it
            for hit, paint in _block(eye, rays[near], outline, pose, height):
                everywhere = np.full(len(rays), np.inf)
                everywhere[near] = hit
                layers.append((everywhere, paint))
        if rod is not None:
            layers.append((_rod(eye, rays, rod), BLUE))
        if plate is not None:
            box = shapely.box(*plate.low, *plate.high)
            layers.append((_level(eye, rays, box, plate.height), BLACK))
    for hit, paint in layers:
        nearer = hit < depth
        colour[nearer], depth[nearer] = paint, hit[nearer]
    generator = np.random.default_rng(0)
    if colour_noise:
        colour += colour_noise * generator.standard_normal(colour.shape)
    if depth_noise:
        depth = depth + depth_noise * generator.standard_normal(len(depth))
    depth = np.where(depth < 3.0, depth, 0.0)
    shape = (camera.height, camera.width)
    rgb = np.clip(np.round(colour), 0, 255).astype(np.uint8).reshape(*shape, 3)
    return rgb, np.round(1e3 * depth).astype(np.uint16).reshape(shape)


@functools.cache
def _empty_table(camera: Camera) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where the eye is (3,), its rays (R, 3) per metre of depth, depth (R,) and colour (R, 3)."""
    u, v = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    rays = np.stack([u.ravel(), v.ravel(), np.ones(u.size)]).T @ np.linalg.inv(camera.k).T
    rays = rays @ camera.base_from_optical[:3, :3].T
    eye = camera.base_from_optical[:3, 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        depth = np.where(rays[:, 2] < 0, -eye[2] / rays[:, 2], np.inf)
        ground = eye[:2] + depth[:, None] * rays[:, :2]
    colour = np.tile(np.array(TABLE, float), (len(rays), 1))
    colour[shapely.contains_xy(shapely.box(0.25, -0.02, 0.33, 0.05), *ground.T)] = GREEN
    return eye, rays, depth, colour


def _block(
    eye: np.ndarray, rays: np.ndarray, outline: np.ndarray, pose: np.ndarray, height: float
) -> list[tuple[np.ndarray, tuple[int, int, int]]]:
    """Depth of its top and of each of its sides, (R,) [m], infinite where missed; and colours."""
    cos, sin = np.cos(pose[2]), np.sin(pose[2])
    corners = outline @ np.array([[cos, sin], [-sin, cos]]) + pose[:2]
    layers = [(_level(eye, rays, shapely.Polygon(corners), height), RED)]
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        edge = end - start
        normal = np.array([edge[1], -edge[0]])
        depth = (start - eye[:2]) @ normal / (rays[:, :2] @ normal)
        place = eye + depth[:, None] * rays
        share = (place[:, :2] - start) @ edge / (edge @ edge)
        on_side = (share >= 0) & (share <= 1) & (place[:, 2] >= min(CLEARANCE, height))
        on_side &= (place[:, 2] <= height) & (depth > 0)
        layers.append((np.where(on_side, depth, np.inf), DARK_RED))
    return layers


def _level(eye: np.ndarray, rays: np.ndarray, shape: shapely.Polygon, height: float) -> np.ndarray:
    """Depth of a level shape, (R,) [m], infinite where missed."""
    depth = (height - eye[2]) / rays[:, 2]
    place = eye[:2] + depth[:, None] * rays[:, :2]
    return np.where((depth > 0) & shapely.contains_xy(shape, *place.T), depth, np.inf)


def _rod(eye: np.ndarray, rays: np.ndarray, rod: Rod) -> np.ndarray:
    """Depth of an upright cylinder, (R,) [m], infinite where missed."""
    offset = eye[:2] - [rod.x, rod.y]
    square = np.sum(rays[:, :2] ** 2, axis=1)
    along = rays[:, :2] @ offset
    depth = (-along - np.sqrt(along**2 - square * (offset @ offset - rod.radius**2))) / square
    z = eye[2] + depth * rays[:, 2]
    return np.where((z >= rod.tip) & (z <= rod.top) & (depth > 0), depth, np.inf)
