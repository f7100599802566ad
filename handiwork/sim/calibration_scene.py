"""Robot, table, board and camera as one MuJoCo model that is only looked at.

Nothing has mass or touches: every body is put where kinematics says. What is drawn of the robot are
its collision shapes, so any robot can stand here, and what hides the board from the camera is what
a planner keeps clear of.
"""

# pyright: reportAttributeAccessIssue=false
# MuJoCo's names come from compiled modules without stubs.

import math

import coal  # pyright: ignore[reportMissingImports] (lies behind a .pth file)
import mujoco
import numpy as np
import pinocchio as pin  # pyright: ignore[reportMissingImports] (lies behind a .pth file)

CAMERA, BOARD = "camera", "board"
_SHELL, _TABLE, _PAPER = [0.35, 0.38, 0.42, 1], [0.62, 0.55, 0.47, 1], [0.93, 0.93, 0.93, 1]
_MARGIN, _THICKNESS = 0.012, 0.004  # [m] of paper around the pattern, and of the plate
_SEAT = 0.0005  # [m] of the pattern before the plate: nearer would flicker


def build_rig_scene(
    shapes: pin.GeometryModel, picture: np.ndarray, board_size: tuple[float, float], fovy: float
) -> mujoco.MjModel:
    """The compiled model. Its bodies `camera` and `board` are in optical and board conventions.

    shapes: of the robot; each is a body of its name. picture: (H, W) uint8 of the board.
    board_size: width and height [m]. fovy: vertical field of view [deg].
    """
    spec = mujoco.MjSpec()
    spec.visual.quality.shadowsize = 0  # shadows cost more than all else
    spec.visual.quality.offsamples = 0
    spec.visual.map.znear, spec.visual.map.zfar = 0.02, 6.0
    spec.visual.headlight.ambient = [0.45] * 3
    spec.visual.headlight.diffuse = [0.3] * 3
    spec.visual.headlight.specular = [0.0] * 3
    spec.stat.extent, spec.stat.center = 1.0, [0.4, 0.0, 0.1]
    _add_room(spec)
    for shape in shapes.geometryObjects:
        _add_shape(spec, shape)
    _add_board(spec, picture, board_size)
    camera = spec.worldbody.add_body(name=CAMERA, mocap=True)
    camera.add_camera(name=CAMERA, quat=[0, 1, 0, 0], fovy=fovy)  # MuJoCo looks along -z, y up
    return spec.compile()


def _add_room(spec: mujoco.MjSpec) -> None:
    spec.worldbody.add_light(
        pos=[0.9, 0.6, 1.5], dir=[-0.45, -0.4, -1.0], diffuse=[0.4] * 3, castshadow=False
    )
    spec.worldbody.add_geom(
        type=mujoco.mjtGeom.mjGEOM_PLANE, size=[1.5, 1.5, 1], rgba=_TABLE, contype=0, conaffinity=0
    )
    grey = {"rgb1": [0.6, 0.62, 0.65], "rgb2": [0.6, 0.62, 0.65], "width": 16, "height": 16}
    flat = {
        "type": mujoco.mjtTexture.mjTEXTURE_SKYBOX,
        "builtin": mujoco.mjtBuiltin.mjBUILTIN_FLAT,
    }
    spec.add_texture(name="room", **flat, **grey)


def _add_board(spec: mujoco.MjSpec, picture: np.ndarray, size: tuple[float, float]) -> None:
    """A plate with the picture on the face that is seen from -z."""
    width, height = size
    texture = spec.add_texture(
        name=BOARD,
        type=mujoco.mjtTexture.mjTEXTURE_2D,
        height=picture.shape[0],
        width=picture.shape[1],
        nchannel=3,
    )
    texture.data = np.repeat(picture[..., None], 3, axis=2).tobytes()
    material = spec.add_material(name=BOARD)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = BOARD
    corners = [(0, 0, 0), (width, 0, 0), (width, height, 0), (0, height, 0)]
    spec.add_mesh(
        name=BOARD,
        uservert=np.array(corners, float).ravel(),
        userface=np.array([(0, 2, 1), (0, 3, 2)]).ravel(),
        usertexcoord=np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float).ravel(),
        inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
    )
    body = spec.worldbody.add_body(name=BOARD, mocap=True)
    unseen = {"contype": 0, "conaffinity": 0}
    body.add_geom(
        name=BOARD, type=mujoco.mjtGeom.mjGEOM_MESH, meshname=BOARD, material=BOARD, **unseen
    )
    body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[width / 2 + _MARGIN, height / 2 + _MARGIN, _THICKNESS / 2],
        pos=[width / 2, height / 2, _SEAT + _THICKNESS / 2],
        rgba=_PAPER,
        **unseen,
    )


def _add_shape(spec: mujoco.MjSpec, shape: pin.GeometryObject) -> None:
    body = spec.worldbody.add_body(name=shape.name, mocap=True)
    look = {"rgba": _SHELL, "contype": 0, "conaffinity": 0}
    match shape.geometry:
        case coal.Box() as box:
            kind, size = mujoco.mjtGeom.mjGEOM_BOX, box.halfSide
        case coal.Sphere() as ball:
            kind, size = mujoco.mjtGeom.mjGEOM_SPHERE, [ball.radius, 0, 0]
        case coal.Cylinder() as rod:
            kind, size = mujoco.mjtGeom.mjGEOM_CYLINDER, [rod.radius, rod.halfLength, 0]
        case coal.Capsule() as rod:
            kind, size = mujoco.mjtGeom.mjGEOM_CAPSULE, [rod.radius, rod.halfLength, 0]
        case mesh:
            hull = np.array([np.asarray(point) for point in _points(mesh)])
            spec.add_mesh(name=shape.name, uservert=hull.ravel())
            body.add_geom(type=mujoco.mjtGeom.mjGEOM_MESH, meshname=shape.name, **look)
            return
    body.add_geom(type=kind, size=list(size), **look)


def _points(mesh: coal.CollisionGeometry) -> list[np.ndarray]:
    """Vertices of a hull, or of the mesh of a hollow link."""
    if isinstance(mesh, coal.ConvexBase):
        return list(mesh.points())
    return [mesh.vertices(index) for index in range(mesh.num_vertices)]


def field_of_view(k: np.ndarray, height: int) -> float:
    """Vertical, in degrees, of a pinhole with focal length k[1, 1] [px]."""
    return math.degrees(2 * math.atan(height / (2 * k[1, 1])))
