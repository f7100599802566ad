"""What a PlanningScene message makes of a scene. Pure functions.

Source: moveit_msgs 2.7.1 (PlanningScene, CollisionObject.operation, AttachedCollisionObject);
what move_group does with them is MoveIt's planning_scene, branch kilted.
Shapes: J joints of the robot.
"""

from dataclasses import replace

import numpy as np
from moveit_msgs.msg import AttachedCollisionObject, CollisionObject, PlanningScene

from handiwork.planning import Attached, MotionPlanning, Obstacle, Scene
from handiwork_ros.planning_errors import CODES, RefusedRequest
from handiwork_ros.scene_messages import (
    allowed_from_matrix,
    attached_from_message,
    matrix_from_allowed,
    message_from_attached,
    message_from_obstacle,
    obstacle_from_message,
)
from handiwork_ros.shape_messages import matrix_from_pose


def changed(planning: MotionPlanning, message: PlanningScene, positions: np.ndarray) -> Scene:
    """The scene after a message; a message that is no diff begins with an empty one.

    Args:
        planning: the robot and the scene before.
        positions: (J,) [rad] where the robot is, for what is let go.

    Raises:
        RefusedRequest: the message asks for padding, scaling, an octomap or a frame that is
            neither the base nor the link that holds the object.
        UnknownName: an object to be moved or removed is not there.
    """
    _refuse_what_is_not_kept(message)
    scene = planning.scene if message.is_diff else Scene()
    base = planning.robot.base_frame
    for thing in message.world.collision_objects:
        scene = _with_object(scene, thing, base)
    for thing in message.robot_state.attached_collision_objects:
        scene = _with_attached(scene, thing, planning, positions)
    matrix = message.allowed_collision_matrix
    if matrix.entry_names or matrix.default_entry_names:
        scene = replace(scene, allowed=allowed_from_matrix(matrix))
    return scene


def message_from_scene(planning: MotionPlanning) -> PlanningScene:
    """All that is kept of a scene."""
    scene, robot = planning.scene, planning.robot
    message = PlanningScene(name="handiwork", robot_model_name=robot.name)
    message.world.collision_objects = [
        message_from_obstacle(thing, robot.base_frame) for thing in scene.obstacles
    ]
    message.robot_state.attached_collision_objects = [
        message_from_attached(thing) for thing in scene.attached
    ]
    message.allowed_collision_matrix = matrix_from_allowed(scene.allowed)
    return message


def _refuse_what_is_not_kept(message: PlanningScene) -> None:
    asked = {
        "link_padding": any(padding.padding for padding in message.link_padding),
        "link_scale": any(scale.scale not in (0.0, 1.0) for scale in message.link_scale),
        "world.octomap": bool(message.world.octomap.octomap.data),
        "fixed_frame_transforms": bool(message.fixed_frame_transforms),
    }
    for field, there in asked.items():
        if there:
            raise RefusedRequest(
                f"the scene has {field}, which this planner does not take. Leave it empty.",
                CODES.FAILURE,
            )


def _with_object(scene: Scene, message: CollisionObject, base: str) -> Scene:
    if message.operation == CollisionObject.REMOVE:
        if message.id:
            return scene.without(message.id)
        return replace(scene, obstacles=())
    _check_frame(message, (base,))
    if message.operation == CollisionObject.ADD:
        return scene.with_thing(obstacle_from_message(message))
    if message.operation == CollisionObject.MOVE:
        old = _obstacle(scene, message.id)
        return scene.with_thing(replace(old, base_from_shape=matrix_from_pose(message.pose)))
    raise RefusedRequest(
        f"object {message.id!r} has operation {message.operation!r}, want ADD, REMOVE or MOVE. "
        "Send all of its shapes by ADD.",
        CODES.INVALID_OBJECT_NAME,
    )


def _with_attached(
    scene: Scene,
    message: AttachedCollisionObject,
    planning: MotionPlanning,
    positions: np.ndarray,
) -> Scene:
    name = message.object.id
    if message.object.operation == CollisionObject.REMOVE:
        held = [thing for thing in scene.attached if name in ("", thing.name)]
        if not held:
            scene.without(name)  # says what there is
        for thing in held:
            scene = scene.with_thing(_let_go(thing, planning, positions))
        return scene
    if message.object.primitives or message.object.meshes:
        _check_frame(message.object, (message.link_name,))
        return scene.with_thing(attached_from_message(message))
    standing = _obstacle(scene, name)  # it is taken up from where it stands
    base_from_link = planning.placements(positions, [message.link_name])[0]
    return scene.with_thing(
        Attached(
            name=name,
            shape=standing.shape,
            link=message.link_name,
            link_from_shape=np.linalg.inv(base_from_link) @ standing.base_from_shape,
            touch_links=tuple(message.touch_links),
        )
    )


def _let_go(thing: Attached, planning: MotionPlanning, positions: np.ndarray) -> Obstacle:
    base_from_link = planning.placements(positions, [thing.link])[0]
    return Obstacle(
        name=thing.name, shape=thing.shape, base_from_shape=base_from_link @ thing.link_from_shape
    )


def _obstacle(scene: Scene, name: str) -> Obstacle:
    for thing in scene.obstacles:
        if thing.name == name:
            return thing
    scene.without(name)  # says what there is
    raise RefusedRequest(
        f"{name!r} hangs on the robot. Let it go first.", CODES.INVALID_OBJECT_NAME
    )


def _check_frame(message: CollisionObject, known: tuple[str, ...]) -> None:
    frame = message.header.frame_id
    if frame not in ("", *known):
        raise RefusedRequest(
            f"object {message.id!r} is given in frame {frame!r}, want {known[0]!r}. "
            "Transform it first.",
            CODES.FRAME_TRANSFORM_FAILURE,
        )
