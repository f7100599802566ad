"""Planning scenes go over the wire and come back the same."""

import numpy as np
import pytest
from geometry_msgs.msg import Pose
from moveit_msgs.msg import AttachedCollisionObject, CollisionObject, PlanningScene
from shape_msgs.msg import SolidPrimitive

from handiwork.errors import UnknownName
from handiwork.planning import (
    AllowedCollisions,
    Attached,
    Box,
    Compound,
    Cylinder,
    Mesh,
    MotionPlanning,
    Obstacle,
    Scene,
    Shape,
    Sphere,
    placed,
)
from handiwork.robots.registry import robot
from handiwork_ros.planning_errors import CODES, RefusedRequest
from handiwork_ros.scene_changes import changed, message_from_scene
from handiwork_ros.scene_messages import (
    allowed_from_matrix,
    attached_from_message,
    matrix_from_allowed,
    message_from_attached,
    message_from_obstacle,
    obstacle_from_message,
)
from handiwork_ros.shape_messages import matrix_from_pose, pose_from_matrix

PANDA = robot("panda")
POSE = placed(0.3, -0.2, 0.5, 0.7)
SHAPES = [
    Box(size=(0.1, 0.2, 0.3)),
    Sphere(radius=0.1),
    Cylinder(radius=0.05, length=0.4),
    Mesh(vertices=np.eye(3), triangles=np.array([[0, 1, 2]])),
    Compound(parts=((placed(0, 0, 1), Sphere(radius=0.1)), (placed(1, 0, 0), Box(size=(1, 1, 1))))),
]


def same(first: Shape, second: Shape) -> bool:
    """Whether shapes are of the same kind and size."""
    if isinstance(first, Compound) and isinstance(second, Compound):
        return all(
            same(one, other) and np.allclose(pose, place)
            for (pose, one), (place, other) in zip(first.parts, second.parts, strict=True)
        )
    if isinstance(first, Mesh) and isinstance(second, Mesh):
        corners = np.array_equal(first.vertices, second.vertices)
        return corners and np.array_equal(first.triangles, second.triangles)
    return first == second


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: type(shape).__name__)
def test_an_obstacle_comes_back_as_it_went(shape):
    back = obstacle_from_message(
        message_from_obstacle(Obstacle(name="thing", shape=shape, base_from_shape=POSE), "base")
    )
    assert back.name == "thing" and same(back.shape, shape)
    np.testing.assert_allclose(back.base_from_shape, POSE, atol=1e-12)


def test_an_attached_object_comes_back_as_it_went():
    held = Attached(
        name="mug", shape=SHAPES[2], link="hand", link_from_shape=POSE, touch_links=("finger",)
    )
    back = attached_from_message(message_from_attached(held))
    assert (back.name, back.link, back.touch_links) == ("mug", "hand", ("finger",))
    np.testing.assert_allclose(back.link_from_shape, POSE, atol=1e-12)


def test_allowed_collisions_come_back_as_they_went():
    allowed = AllowedCollisions.of([("hand", "mug"), ("finger", "table")], anything=["curtain"])
    assert allowed_from_matrix(matrix_from_allowed(allowed)) == allowed


def test_a_pose_comes_back_as_it_went_and_an_empty_quaternion_means_no_turn():
    np.testing.assert_allclose(matrix_from_pose(pose_from_matrix(POSE)), POSE, atol=1e-12)
    empty = Pose()
    empty.orientation.w = 0.0
    np.testing.assert_array_equal(matrix_from_pose(empty), np.eye(4))


@pytest.mark.parametrize(
    ("kind", "sizes"), [(SolidPrimitive.CONE, [1.0, 1.0]), (SolidPrimitive.BOX, [1.0])]
)
def test_a_shape_that_is_not_known_is_refused_by_name(kind, sizes):
    message = CollisionObject(id="cone", primitives=[SolidPrimitive(type=kind, dimensions=sizes)])
    message.primitive_poses = [Pose()]
    with pytest.raises(RefusedRequest, match="object 'cone' has a primitive of type"):
        obstacle_from_message(message)


def test_a_whole_scene_comes_back_as_it_went():
    planning = MotionPlanning(PANDA)
    planning.scene = Scene(
        obstacles=(Obstacle(name="table", shape=SHAPES[0], base_from_shape=placed(0.5, 0.6, 0)),),
        attached=(Attached(name="mug", shape=SHAPES[1], link="panda_hand", link_from_shape=POSE),),
        allowed=AllowedCollisions.of([("mug", "table")]),
    )
    message = message_from_scene(planning)
    planning.scene = Scene()
    back = changed(planning, message, PANDA.home)
    assert back.names == ("table", "mug") and back.allowed.allows("mug", "table")


def test_what_is_taken_up_and_let_go_again_stands_where_it_stood():
    planning = MotionPlanning(PANDA)
    table = Obstacle(name="mug", shape=SHAPES[1], base_from_shape=POSE)
    planning.scene = Scene(obstacles=(table,))
    take = AttachedCollisionObject(link_name="panda_hand")
    take.object.id = "mug"
    up = PlanningScene(is_diff=True)
    up.robot_state.attached_collision_objects = [take]
    planning.scene = changed(planning, up, PANDA.home)
    assert [thing.link for thing in planning.scene.attached] == ["panda_hand"]
    take.object.operation = CollisionObject.REMOVE
    down = changed(planning, up, PANDA.home)
    np.testing.assert_allclose(down.obstacles[0].base_from_shape, POSE, atol=1e-12)


def test_a_scene_that_is_no_diff_begins_empty_and_a_diff_does_not():
    planning = MotionPlanning(PANDA)
    planning.scene = Scene(obstacles=(Obstacle(name="old", shape=SHAPES[0], base_from_shape=POSE),))
    new = message_from_obstacle(Obstacle(name="new", shape=SHAPES[0], base_from_shape=POSE), "")
    message = PlanningScene(is_diff=True)
    message.world.collision_objects = [new]
    assert changed(planning, message, PANDA.home).names == ("old", "new")
    message.is_diff = False
    assert changed(planning, message, PANDA.home).names == ("new",)


def test_a_frame_that_only_tf_knows_is_refused_with_the_one_that_is_wanted():
    message = PlanningScene(is_diff=True)
    thing = message_from_obstacle(
        Obstacle(name="box", shape=SHAPES[0], base_from_shape=POSE), "map"
    )
    message.world.collision_objects = [thing]
    with pytest.raises(RefusedRequest, match="frame 'map', want 'panda_link0'") as refused:
        changed(MotionPlanning(PANDA), message, PANDA.home)
    assert refused.value.code == CODES.FRAME_TRANSFORM_FAILURE


def test_padding_and_octomaps_are_refused_by_name_and_not_ignored():
    message = PlanningScene(is_diff=True)
    message.world.octomap.octomap.data = [1]
    with pytest.raises(RefusedRequest, match=r"world\.octomap"):
        changed(MotionPlanning(PANDA), message, PANDA.home)


def test_removing_what_is_not_there_names_what_is():
    message = PlanningScene(is_diff=True)
    message.world.collision_objects = [
        CollisionObject(id="ghost", operation=CollisionObject.REMOVE)
    ]
    with pytest.raises(UnknownName, match="ghost"):
        changed(MotionPlanning(PANDA), message, PANDA.home)
