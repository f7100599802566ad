"""Known objects on a table before an arm and a camera, for perception to be tried on.

Nothing moves by itself: what is where is set, then looked at. The robot's base frame is the
world's, the table's top is at z = 0.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

from collections.abc import Mapping
from dataclasses import dataclass

import mujoco
import numpy as np

from handiwork.perception.camera import Camera
from handiwork.perception.known_object import KnownObject
from handiwork.robots.robot import Robot
from handiwork.robots.wxai import WXAI
from handiwork.sim.coarse_mesh import coarsen, read_stl
from handiwork.sim.manipulation.scene import SCENE_POSITION, SCENE_TARGET
from handiwork.sim.push_t_scene import CameraPlace, optical_frame

TASKS_CAMERA = CameraPlace(
    position=tuple(SCENE_POSITION.tolist()), target=tuple(SCENE_TARGET.tolist())
)
AWAY = 10.0  # [m] along x, where objects wait that are not shown


@dataclass(frozen=True, kw_only=True)
class ObjectSceneConfig:
    """Which objects there are; the camera stands where the manipulation tasks have theirs."""

    objects: tuple[KnownObject, ...]
    robot: Robot = WXAI
    camera: CameraPlace = TASKS_CAMERA
    table_colour: tuple[float, float, float] = (0.80, 0.76, 0.70)
    mesh_cell: float = 0.004  # [m] how coarse the arm may look


class ObjectScene:
    """One arm, some objects, one camera."""

    def __init__(self, config: ObjectSceneConfig) -> None:
        self.config = config
        self.model = _built(config)
        self.data = mujoco.MjData(self.model)
        joints = [self.model.joint(name) for name in config.robot.names]
        self._positions = np.array([joint.qposadr[0] for joint in joints])
        for group in config.robot.groups:
            if group.gripper is not None:  # as the robot's body is taken to be
                for name, position in group.gripper.positions(group.gripper.upper).items():
                    self.data.qpos[self.model.joint(name).qposadr[0]] = position
        self.show({})

    def show(self, poses: Mapping[str, np.ndarray], positions: np.ndarray | None = None) -> None:
        """Objects by name at their poses (4, 4) in base [m], all others out of sight; the arm at
        (J,) joint positions [rad], home unless given.
        """
        self.data.qpos[self._positions] = self.config.robot.home if positions is None else positions
        for thing in self.config.objects:
            pose = poses.get(thing.name)
            start = int(self.model.joint(thing.name).qposadr[0])
            place = np.array([AWAY, 0.0, 0.0]) if pose is None else pose[:3, 3]
            turn = np.eye(3) if pose is None else pose[:3, :3]
            self.data.qpos[start : start + 7] = [*place, *_quaternion(turn)]
        mujoco.mj_kinematics(self.model, self.data)
        mujoco.mj_camlight(self.model, self.data)

    def camera(self) -> Camera:
        """The one that `camera` is in the model."""
        return camera_at(self.config.camera)


def camera_at(place: CameraPlace) -> Camera:
    """A camera without distortion, its middle in the middle of the picture."""
    focal = place.height / 2 / np.tan(np.radians(place.vertical_view) / 2)
    middle = (place.width - 1) / 2, (place.height - 1) / 2
    k = np.array([[focal, 0.0, middle[0]], [0.0, focal, middle[1]], [0.0, 0.0, 1.0]])
    frame = optical_frame(place)
    return Camera(k=k, width=place.width, height=place.height, base_from_optical=frame)


def _built(config: ObjectSceneConfig) -> mujoco.MjModel:
    spec = mujoco.MjSpec.from_file(str(config.robot.model_path()))
    spec.visual.quality.shadowsize = 0  # shadows cost more than all else
    spec.visual.quality.offsamples = 0
    spec.visual.map.znear, spec.visual.map.zfar = 0.02, 4.0
    spec.visual.headlight.ambient = [0.35, 0.35, 0.35]
    spec.visual.headlight.diffuse = [0.25, 0.25, 0.25]
    spec.visual.headlight.specular = [0.0, 0.0, 0.0]
    spec.stat.extent, spec.stat.center = 1.0, [0.45, 0.0, 0.0]
    _coarsen(spec, config)
    spec.worldbody.add_light(
        pos=[0.9, 0.5, 1.2], dir=[-0.45, -0.5, -1.0], diffuse=[0.45] * 3, castshadow=False
    )
    spec.worldbody.add_geom(
        name="table",
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[0.55, 0.9, 0.01],
        pos=[0.45, 0, -0.01],
        rgba=[*config.table_colour, 1],
        contype=0,
        conaffinity=0,
    )
    for thing in config.objects:
        _add_object(spec, thing)
    frame = optical_frame(config.camera)
    spec.worldbody.add_camera(
        name="camera",
        pos=config.camera.position,
        quat=_quaternion(frame[:3, :3] * [1.0, -1.0, -1.0]),  # MuJoCo looks along -z, y up
        fovy=config.camera.vertical_view,
    )
    return spec.compile()


def _add_object(spec: mujoco.MjSpec, thing: KnownObject) -> None:
    shape = spec.add_mesh(name=thing.name)
    shape.uservert, shape.userface = thing.mesh.vertices.ravel(), thing.mesh.triangles.ravel()
    shape.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL
    body = spec.worldbody.add_body(name=thing.name)
    body.add_freejoint(name=thing.name)
    body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_MESH,
        meshname=thing.name,
        rgba=[*thing.colour, 1],
        mass=0.1,
        contype=0,
        conaffinity=0,
    )


def _coarsen(spec: mujoco.MjSpec, config: ObjectSceneConfig) -> None:
    """Fewer triangles of the arm: software rendering pays for each."""
    folder = config.robot.model_path().parent
    for mesh in list(spec.meshes):
        vertices, triangles = coarsen(*read_stl(folder / mesh.file), config.mesh_cell)
        mesh.file = ""
        mesh.uservert, mesh.userface = vertices.ravel(), triangles.ravel()
        mesh.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL


def _quaternion(rotation: np.ndarray) -> np.ndarray:
    """(3, 3) -> (4,) w, x, y, z."""
    quaternion = np.empty(4)
    mujoco.mju_mat2Quat(quaternion, np.ascontiguousarray(rotation).reshape(9))
    return quaternion
