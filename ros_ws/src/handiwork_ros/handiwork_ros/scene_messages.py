"""Planning scenes to messages and back. Pure functions.

Poses are asked for in the robot's base frame, or in a link where something hangs on it: there is
no TF here. Colours are not kept; they are no constraint.

Source: moveit_msgs 2.7.1 (CollisionObject, AttachedCollisionObject, AllowedCollisionMatrix).
"""

from moveit_msgs.msg import (
    AllowedCollisionEntry,
    AllowedCollisionMatrix,
    AttachedCollisionObject,
    CollisionObject,
)

from handiwork.planning import AllowedCollisions, Attached, Obstacle
from handiwork_ros.planning_errors import CODES, RefusedRequest
from handiwork_ros.shape_messages import (
    matrix_from_pose,
    object_from_shape,
    pose_from_matrix,
    shape_from_object,
)


def obstacle_from_message(message: CollisionObject) -> Obstacle:
    """An object that stands still; its header must name the base frame."""
    pose = matrix_from_pose(message.pose)
    return Obstacle(name=message.id, shape=shape_from_object(message), base_from_shape=pose)


def message_from_obstacle(obstacle: Obstacle, frame: str) -> CollisionObject:
    """The same back."""
    message = object_from_shape(obstacle.name, obstacle.shape, frame)
    message.pose = pose_from_matrix(obstacle.base_from_shape)
    return message


def attached_from_message(message: AttachedCollisionObject) -> Attached:
    """An object on a link; its header must name that link."""
    return Attached(
        name=message.object.id,
        shape=shape_from_object(message.object),
        link=message.link_name,
        link_from_shape=matrix_from_pose(message.object.pose),
        touch_links=tuple(message.touch_links),
    )


def message_from_attached(attached: Attached) -> AttachedCollisionObject:
    """The same back."""
    held = object_from_shape(attached.name, attached.shape, attached.link)
    held.pose = pose_from_matrix(attached.link_from_shape)
    return AttachedCollisionObject(
        link_name=attached.link, object=held, touch_links=list(attached.touch_links)
    )


def allowed_from_matrix(message: AllowedCollisionMatrix) -> AllowedCollisions:
    """The pairs that the matrix allows, and the names that it allows to touch anything.

    Raises:
        RefusedRequest: its rows are not as many and as long as its names.
    """
    names, rows = message.entry_names, message.entry_values
    if len(rows) != len(names) or any(len(row.enabled) != len(names) for row in rows):
        raise RefusedRequest(
            f"allowed_collision_matrix has {len(rows)} rows for {len(names)} names, want a square. "
            "Check its sender.",
            CODES.FAILURE,
        )
    pairs = [
        (first, second)
        for first, row in zip(names, rows, strict=True)
        for second, enabled in zip(names, row.enabled, strict=True)
        if enabled and first != second
    ]
    defaults = zip(message.default_entry_names, message.default_entry_values, strict=True)
    return AllowedCollisions.of(pairs, anything=[name for name, enabled in defaults if enabled])


def matrix_from_allowed(allowed: AllowedCollisions) -> AllowedCollisionMatrix:
    """The same back."""
    names = sorted({name for pair in allowed.pairs for name in pair})
    rows = [[frozenset((a, b)) in allowed.pairs for b in names] for a in names]
    anything = sorted(allowed.anything)
    return AllowedCollisionMatrix(
        entry_names=names,
        entry_values=[AllowedCollisionEntry(enabled=row) for row in rows],
        default_entry_names=anything,
        default_entry_values=[True] * len(anything),
    )
