"""Shapes and poses to messages and back. Pure functions; quaternions are ordered x, y, z, w.

Source: moveit_msgs 2.7.1 (CollisionObject); shape_msgs 5.5 (order of dimensions).
Shapes: poses are (4, 4) [m].
"""

import numpy as np
from geometry_msgs.msg import Point, Pose
from moveit_msgs.msg import CollisionObject
from scipy.spatial.transform import Rotation
from shape_msgs.msg import Mesh as MeshMessage
from shape_msgs.msg import MeshTriangle, SolidPrimitive

from handiwork.planning import Box, Compound, Cylinder, Mesh, Shape, Sphere
from handiwork_ros.planning_errors import CODES, RefusedRequest

Part = Box | Sphere | Cylinder | Mesh


def matrix_from_pose(pose: Pose) -> np.ndarray:
    """(4, 4) of a pose; a quaternion of zeros, which messages begin with, means no turn."""
    place, turn = pose.position, pose.orientation
    quaternion = np.array([turn.x, turn.y, turn.z, turn.w])
    matrix = np.eye(4)
    if quaternion.any():
        matrix[:3, :3] = Rotation.from_quat(quaternion).as_matrix()
    matrix[:3, 3] = place.x, place.y, place.z
    return matrix


def pose_from_matrix(matrix: np.ndarray) -> Pose:
    """The same back."""
    pose = Pose()
    place, turn = pose.position, pose.orientation
    place.x, place.y, place.z = matrix[:3, 3].tolist()
    turn.x, turn.y, turn.z, turn.w = Rotation.from_matrix(matrix[:3, :3]).as_quat().tolist()
    return pose


def shape_from_object(message: CollisionObject) -> Shape:
    """Everything that an object is made of, in the object's own frame.

    Raises:
        RefusedRequest: a plane, a cone or a prism, or shapes and poses that are not as many.
    """
    if message.planes:
        raise _refused(message, "planes", "boxes, spheres, cylinders and meshes")
    shapes: list[Part] = [_primitive(message, solid) for solid in message.primitives]
    shapes += [_mesh(mesh) for mesh in message.meshes]
    poses = [*message.primitive_poses, *message.mesh_poses]
    if len(message.primitive_poses) != len(message.primitives) or len(poses) != len(shapes):
        raise _refused(message, f"{len(poses)} poses", f"one for each of its {len(shapes)} shapes")
    parts = tuple(zip(map(matrix_from_pose, poses), shapes, strict=True))
    if len(parts) == 1 and np.array_equal(parts[0][0], np.eye(4)):
        return parts[0][1]
    return Compound(parts=parts)


def object_from_shape(name: str, shape: Shape, frame: str) -> CollisionObject:
    """An object of that shape, in its own frame; its pose is for the caller to say."""
    parts = shape.parts if isinstance(shape, Compound) else ((np.eye(4), shape),)
    message = CollisionObject(id=name, operation=CollisionObject.ADD)
    message.header.frame_id = frame
    message.pose.orientation.w = 1.0
    for pose, part in parts:
        if isinstance(part, Mesh):
            message.meshes.append(_mesh_message(part))
            message.mesh_poses.append(pose_from_matrix(pose))
        else:
            message.primitives.append(_solid(part))
            message.primitive_poses.append(pose_from_matrix(pose))
    return message


def _primitive(message: CollisionObject, solid: SolidPrimitive) -> Part:
    sizes = list(solid.dimensions)
    match solid.type, len(sizes):
        case SolidPrimitive.BOX, 3:
            return Box(size=(sizes[0], sizes[1], sizes[2]))
        case SolidPrimitive.SPHERE, 1:
            return Sphere(radius=sizes[0])
        case SolidPrimitive.CYLINDER, 2:
            return Cylinder(
                length=sizes[SolidPrimitive.CYLINDER_HEIGHT],
                radius=sizes[SolidPrimitive.CYLINDER_RADIUS],
            )
    raise _refused(
        message,
        f"a primitive of type {solid.type} with {len(sizes)} dimensions",
        "a BOX with 3, a SPHERE with 1 or a CYLINDER with 2",
    )


def _solid(part: Box | Sphere | Cylinder) -> SolidPrimitive:
    match part:
        case Box(size=size):
            return SolidPrimitive(type=SolidPrimitive.BOX, dimensions=list(size))
        case Sphere(radius=radius):
            return SolidPrimitive(type=SolidPrimitive.SPHERE, dimensions=[radius])
        case Cylinder(radius=radius, length=length):
            return SolidPrimitive(type=SolidPrimitive.CYLINDER, dimensions=[length, radius])


def _mesh(mesh: MeshMessage) -> Mesh:
    return Mesh(
        vertices=np.array([(v.x, v.y, v.z) for v in mesh.vertices]).reshape(-1, 3),
        triangles=np.array([t.vertex_indices for t in mesh.triangles], int).reshape(-1, 3),
    )


def _mesh_message(mesh: Mesh) -> MeshMessage:
    return MeshMessage(
        vertices=[Point(x=x, y=y, z=z) for x, y, z in mesh.vertices.tolist()],
        triangles=[MeshTriangle(vertex_indices=row) for row in mesh.triangles.tolist()],
    )


def _refused(message: CollisionObject, got: str, want: str) -> RefusedRequest:
    return RefusedRequest(
        f"object {message.id!r} has {got}, want {want}. Describe it otherwise.",
        CODES.INVALID_OBJECT_NAME,
    )
