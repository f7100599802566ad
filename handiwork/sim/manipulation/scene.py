"""Table, arm, things and cameras as one MuJoCo model.

The robot's base frame is the world's; the table's top is at z = 0.
The scene camera stands opposite the robot; the wrist camera looks past the fingers.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from functools import cache

import mujoco
import numpy as np

from handiwork.sim.manipulation.fr3 import GRIPPER, TABLE, THING, fr3
from handiwork.sim.manipulation.task import Task
from handiwork.sim.manipulation.things import add_scenery, add_thing

TIMESTEP = 0.002  # [s] grasped things slip at twice this
SCENE_CAMERA, WRIST_CAMERA = "scene", "wrist"
SCENE_POSITION, SCENE_TARGET = np.array([1.05, -0.02, 0.55]), np.array([0.46, -0.02, 0.07])
SCENE_VIEW, WRIST_VIEW = 47.0, 75.0  # [deg] vertical


@cache
def build_scene(task: Task) -> mujoco.MjModel:
    """The compiled scene of a task; not to be changed, since all its worlds share it."""
    spec = fr3()
    spec.option.timestep = TIMESTEP
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10.0  # grasped things do not creep
    spec.visual.quality.shadowsize = 0  # shadows cost more than all else
    spec.visual.quality.offsamples = 0
    spec.visual.map.znear, spec.visual.map.zfar = 0.01, 4.0
    spec.visual.headlight.ambient = [0.35, 0.35, 0.35]
    spec.visual.headlight.diffuse = [0.25, 0.25, 0.25]
    spec.visual.headlight.specular = [0.0, 0.0, 0.0]
    spec.stat.extent, spec.stat.center = 1.0, [0.45, 0.0, 0.1]
    _add_table(spec)
    for scenery in task.scenery:
        add_scenery(spec, scenery)
    for thing in task.things:
        add_thing(spec, thing)
    _add_sky(spec)
    _add_cameras(spec)
    return spec.compile()


def _add_table(spec: mujoco.MjSpec) -> None:
    world = spec.worldbody
    world.add_light(
        pos=[0.9, 0.5, 1.2], dir=[-0.45, -0.5, -1.0], diffuse=[0.45] * 3, castshadow=False
    )
    world.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_PLANE,
        size=[0.9, 0.9, 1],
        pos=[0.3, 0, 0],
        rgba=[0.80, 0.76, 0.70, 1],
        contype=TABLE,
        conaffinity=THING | GRIPPER,
        friction=[0.8, 0.01, 0.0001],
    )


def _add_sky(spec: mujoco.MjSpec) -> None:
    """A grey room instead of black space."""
    spec.add_texture(
        name="sky",
        type=mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        builtin=mujoco.mjtBuiltin.mjBUILTIN_FLAT,
        rgb1=[0.55, 0.58, 0.62],
        rgb2=[0.55, 0.58, 0.62],
        width=16,
        height=16,
    )


def _add_cameras(spec: mujoco.MjSpec) -> None:
    forward = SCENE_TARGET - SCENE_POSITION
    forward = forward / np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(right, forward), -forward], axis=1)  # MuJoCo looks along -z
    spec.worldbody.add_camera(
        name=SCENE_CAMERA, pos=SCENE_POSITION, quat=_quaternion(axes), fovy=SCENE_VIEW
    )
    # Beside the hand, level with its palm, tilted towards the fingertips.
    tilt = np.radians(25)
    looking = np.array([-np.sin(tilt), 0.0, np.cos(tilt)])
    up = np.array([np.cos(tilt), 0.0, np.sin(tilt)])
    axes = np.stack([np.cross(up, -looking), up, -looking], axis=1)
    spec.body("hand").add_camera(
        name=WRIST_CAMERA, pos=[0.07, 0, 0.02], quat=_quaternion(axes), fovy=WRIST_VIEW
    )


def _quaternion(rotation: np.ndarray) -> np.ndarray:
    """(3, 3) -> (4,) w, x, y, z."""
    quaternion = np.empty(4)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(rotation).reshape(9))
    return quaternion
