"""The Push-T table as a MuJoCo model: arm with rod, block, walls, goal mark, camera.

The published environment moves a block without inertia: a push turns it as its radius of gyration
says, and nothing coasts. Here it slides with dry friction on three small feet, and where the feet
stand decides how a push turns it (Goyal, Ruina & Papadopoulos, Wear 143, 1991, the limit
surface). On a circle of radius r about the centre of gravity, a block that slides and turns a
little behaves like one of gyration radius r / sqrt(2), one that only turns like one of r. So r
lies between the published radius and its sqrt(2)-fold; at 1.2 the replayed pushes of the human
demonstrations end nearest to where they ended (mean corner error 5 % of the way after 2 s).

Source: gym-pusht 0.1.8 (block, walls, no friction between agent and block); the arm is the MJCF
named by the robot.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from dataclasses import dataclass, field

import mujoco
import numpy as np
from numpy.typing import ArrayLike

from handiwork.robots.robot import Robot
from handiwork.robots.wxai import ROD_RADIUS, WXAI
from handiwork.sim.coarse_mesh import coarsen, read_stl
from handiwork.tasks.push_t import BLOCK_HEIGHT, CENTRE_PX, GOAL_PX, UNIT_PX, TableSquare

WALLS_PX = (5.0, 506.0)  # middle lines of the published walls, which are 4 px thick
WALL_HALF_WIDTH_PX = 2.0
RAIL_HEIGHT = 0.006  # [m] of a wall as seen; only the block feels it, as published, not the rod
# The published body has mass 1 and twice the moment of its bar about the bar's outer edge.
GYRATION_PX = UNIT_PX * np.sqrt(2 * ((4**2 + 1**2) / 12 + 0.5**2))

Colour = tuple[float, float, float]  # red, green, blue in 0..1

# Contact bits: who feels whom. Geoms meet if one's type is among the other's affinities.
_TABLE, _BLOCK = 1, 2
_STIFF = [0.004, 1.0]  # time constant [s] of two physics steps, the least that is stable; damping


@dataclass(frozen=True, kw_only=True)
class CameraPlace:
    """Where the camera stands and what it looks at, in base [m]. Picture upright."""

    position: tuple[float, float, float] = (0.72, 0.0, 0.25)
    target: tuple[float, float, float] = (0.27, 0.0, 0.0)
    width: int = 640
    height: int = 480
    vertical_view: float = 42.5  # [deg] the D435i's colour stream


@dataclass(frozen=True, kw_only=True)
class SceneConfig:
    """What stands on the table, what it is made of and what it looks like."""

    robot: Robot = WXAI
    square: TableSquare = field(default_factory=TableSquare)
    camera: CameraPlace = CameraPlace()
    timestep: float = 0.002  # [s]
    mesh_cell: float = 0.004  # [m] how coarse the arm may look
    block_mass: float = 0.08  # [kg]
    table_friction: float = 0.5  # of the block's feet on the table
    feet_radius: float = 1.2  # of the circle they stand on, in published radii of gyration
    block_colour: Colour = (0.80, 0.10, 0.12)
    mark_colour: Colour = (0.60, 0.88, 0.62)
    table_colour: Colour = (0.86, 0.85, 0.82)


def build_scene(config: SceneConfig) -> mujoco.MjModel:
    """The compiled scene; the robot's base frame is the world frame, the table top z = 0."""
    spec = mujoco.MjSpec.from_file(str(config.robot.model_path()))
    spec.option.timestep = config.timestep
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0  # feet hold instead of creeping
    spec.visual.quality.shadowsize = 0  # shadows cost more than all else
    spec.visual.quality.offsamples = 0
    spec.visual.map.znear, spec.visual.map.zfar = 0.02, 3.0
    spec.visual.headlight.ambient = [0.35, 0.35, 0.35]
    spec.visual.headlight.diffuse = [0.25, 0.25, 0.25]
    spec.visual.headlight.specular = [0.0, 0.0, 0.0]
    spec.stat.extent, spec.stat.center = 1.0, [0.27, 0.0, 0.0]
    _add_table(spec, config)
    _add_walls(spec, config.square)
    _add_block(spec, config)
    _take_wrist_camera_off(spec, config.robot)
    _shut_gripper_on_rod(spec, config.robot)
    _coarsen_meshes(spec, config)
    _add_camera(spec, config.camera)
    return spec.compile()


def _add_table(spec: mujoco.MjSpec, config: SceneConfig) -> None:
    world = spec.worldbody
    world.add_light(
        pos=[0.6, 0.5, 1.2], dir=[-0.35, -0.5, -1.0], diffuse=[0.45] * 3, castshadow=False
    )
    world.add_geom(
        name="table_top",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0, 0, 1],
        group=3,
        contype=_TABLE,
        conaffinity=0,
        friction=[config.table_friction, 0, 0],
    )
    _add_picture(world, "table", [0.45, 0.4, 0.01], [0.25, 0, -0.01], config.table_colour)
    goal = config.square.pose_to_base(GOAL_PX)
    mark = world.add_body(name="goal", pos=[*goal[:2], 0.0], quat=_about_z(goal[2]))
    for name, size, place in _parts(config.square, height=0.0006):
        _add_picture(mark, f"goal_{name}", size, [*place[:2], 0.0], config.mark_colour)


def _add_walls(spec: mujoco.MjSpec, square: TableSquare) -> None:
    """Low rails with clear panes on them, as high as the block, which else tips over a rail."""
    low, high = WALLS_PX
    middle, thin = (low + high) / 2, WALL_HALF_WIDTH_PX
    half, scale = (high - low) / 2 + thin, square.metres_per_px
    along_y = [(low, middle, thin, half), (high, middle, thin, half)]
    along_x = [(middle, low, half, thin), (middle, high, half, thin)]
    for index, (x, y, half_x, half_y) in enumerate(along_y + along_x):
        width, place = [half_x * scale, half_y * scale], square.to_base(np.array([x, y]))
        rail = [*width, RAIL_HEIGHT / 2], [*place, RAIL_HEIGHT / 2]
        _add_picture(spec.worldbody, f"rail_{index}", *rail, (0.55, 0.55, 0.55))
        spec.worldbody.add_geom(
            name=f"wall_{index}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[*width, BLOCK_HEIGHT / 2],
            pos=[*place, BLOCK_HEIGHT / 2],
            group=3,  # not drawn
            contype=0,
            conaffinity=_BLOCK,
            condim=1,
            solref=_STIFF,
        )


def _add_block(spec: mujoco.MjSpec, config: SceneConfig) -> None:
    square, clearance = config.square, 0.001
    block = spec.worldbody.add_body(name="block")
    block.add_freejoint(name="block")
    for name, size, place in _parts(square, height=BLOCK_HEIGHT - clearance):
        block.add_geom(
            name=f"block_{name}",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=size,
            pos=[place[0], place[1], clearance + place[2]],
            mass=config.block_mass / 2,  # as published: centre of gravity midway between the two
            rgba=[*config.block_colour, 1],
            contype=_BLOCK,
            conaffinity=0,
            condim=1,  # the rod pushes without friction, as published
            solref=_STIFF,
        )
    radius = 0.001
    for index, (x, y) in enumerate(_feet(config)):
        block.add_geom(
            name=f"foot_{index}",
            type=mujoco.mjtGeom.mjGEOM_SPHERE,
            size=[radius, 0, 0],
            pos=[x, y, radius],
            mass=0,
            group=3,
            contype=0,
            conaffinity=_TABLE,
            friction=[config.table_friction, 0, 0],
            solref=_STIFF,
        )


def _take_wrist_camera_off(spec: mujoco.MjSpec, robot: Robot) -> None:
    """The model's wrist camera would hide the block from ours; the arm is sold without it too."""
    for geom in list(spec.body(robot.tool_link).geoms):
        above_the_hand = abs(geom.pos[2]) > 0.05  # the camera's unnamed boxes
        if geom.meshname == "camera_mount_d405" or above_the_hand:
            spec.delete(geom)


def _shut_gripper_on_rod(spec: mujoco.MjSpec, robot: Robot) -> None:
    """The rod is part of link_6 and the fingers stay where they hold it."""
    shaft = 0.5 * ROD_RADIUS  # thin, to hide little of the block; the ball is what pushes
    for side, sign in (("left", 1.0), ("right", -1.0)):
        carriage = spec.body(f"carriage_{side}")
        carriage.pos = carriage.pos + np.array([0.0, sign * shaft, 0.0])
    spec.delete(spec.equalities[0])
    spec.delete(spec.actuator("left_gripper"))
    for side in ("left", "right"):
        spec.delete(spec.joint(f"{side}_carriage_joint"))
    for geom in spec.geoms:
        if geom.classname.name == "collision":  # the arm feels table and block, not itself
            geom.contype, geom.conaffinity = 0, _TABLE | _BLOCK
    rod = spec.body(robot.tool_link).add_body(
        name="rod", pos=robot.link_from_tool[:3, 3], gravcomp=1
    )
    rod.add_geom(
        name="shaft",
        type=mujoco.mjtGeom.mjGEOM_CYLINDER,
        fromto=[-0.12, 0, 0, -ROD_RADIUS, 0, 0],
        size=[shaft, 0, 0],
        mass=0.02,
        rgba=[0.25, 0.3, 0.75, 1],
        contype=0,
        conaffinity=0,
    )
    rod.add_geom(
        name="ball",
        type=mujoco.mjtGeom.mjGEOM_SPHERE,
        pos=[-ROD_RADIUS, 0, 0],
        size=[ROD_RADIUS, 0, 0],
        mass=0.01,
        rgba=[0.25, 0.3, 0.75, 1],
        contype=0,
        conaffinity=_TABLE | _BLOCK,
        condim=1,
        solref=_STIFF,
    )
    rod.add_site(name=robot.tool_frame, quat=_quaternion(robot.link_from_tool[:3, :3]))


def _coarsen_meshes(spec: mujoco.MjSpec, config: SceneConfig) -> None:
    folder = config.robot.model_path().parent
    used = {geom.meshname for geom in spec.geoms}
    for mesh in list(spec.meshes):
        if mesh.name not in used:
            spec.delete(mesh)
            continue
        vertices, triangles = coarsen(*read_stl(folder / mesh.file), config.mesh_cell)
        mesh.file = ""
        mesh.uservert, mesh.userface = vertices.ravel(), triangles.ravel()
        mesh.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL  # no longer watertight


def _add_camera(spec: mujoco.MjSpec, place: CameraPlace) -> None:
    base_from_optical = optical_frame(place)
    turn = _quaternion(base_from_optical[:3, :3] * [1.0, -1.0, -1.0])  # MuJoCo looks along -z, y up
    spec.worldbody.add_camera(
        name="camera", pos=place.position, quat=turn, fovy=place.vertical_view
    )


def optical_frame(place: CameraPlace) -> np.ndarray:
    """base_from_optical (4, 4) of a camera that looks at its target, picture upright [m]."""
    forward = np.subtract(place.target, place.position)
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    frame = np.eye(4)
    frame[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    frame[:3, 3] = place.position
    return frame


def _parts(square: TableSquare, height: float) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Bar and stem of the T: name, half sizes (3,) and middle (3,) in the block's frame [m]."""
    unit = UNIT_PX * square.metres_per_px
    half = height / 2
    return [
        ("bar", np.array([2 * unit, unit / 2, half]), np.array([0, -unit / 2, half])),
        ("stem", np.array([unit / 2, 1.5 * unit, half]), np.array([0, -2.5 * unit, half])),
    ]


def _feet(config: SceneConfig) -> np.ndarray:
    """(3, 2) feet in the block's frame [m]: two under the bar, one under the stem."""
    radius, centre, bar = config.feet_radius * GYRATION_PX, CENTRE_PX[1], UNIT_PX / 2
    side = np.sqrt(radius**2 - (centre - bar) ** 2)
    feet_px = np.array([(-side, bar), (side, bar), (0.0, centre + radius)])
    return feet_px * np.array([1.0, -1.0]) * config.square.metres_per_px


def _add_picture(
    body: mujoco.MjsBody, name: str, size: ArrayLike, pos: ArrayLike, colour: Colour
) -> None:
    """A box that is only seen."""
    body.add_geom(
        name=name,
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=size,
        pos=pos,
        rgba=[*colour, 1],
        contype=0,
        conaffinity=0,
    )


def _about_z(angle: float) -> np.ndarray:
    return np.array([np.cos(angle / 2), 0.0, 0.0, np.sin(angle / 2)])


def _quaternion(rotation: np.ndarray) -> np.ndarray:
    """(3, 3) -> (4,) w, x, y, z."""
    quaternion = np.empty(4)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(rotation).reshape(9))
    return quaternion
