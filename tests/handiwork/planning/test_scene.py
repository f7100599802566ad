"""Scenes are values: what is put in, taken out, allowed and refused."""

import numpy as np
import pytest

from handiwork.errors import BadValue, UnknownName, WrongShape
from handiwork.planning import AllowedCollisions, Box, Mesh, Obstacle, Scene, Sphere, placed


def crate(name: str, x: float = 0.5) -> Obstacle:
    return Obstacle(name=name, shape=Box(size=(0.1, 0.1, 0.1)), base_from_shape=placed(x, 0, 0.5))


def test_a_thing_of_the_same_name_takes_the_place_of_the_old_one():
    scene = Scene().with_thing(crate("crate")).with_thing(crate("crate", x=0.7))
    assert scene.names == ("crate",)
    assert scene.obstacles[0].base_from_shape[0, 3] == 0.7


def test_taking_out_what_was_put_in_leaves_the_scene_as_it_was():
    scene = Scene().with_thing(crate("a"))
    assert scene.with_thing(crate("b")).without("b").names == scene.names


def test_taking_out_what_is_not_there_names_what_is():
    with pytest.raises(UnknownName, match="Known: crate"):
        Scene(obstacles=(crate("crate"),)).without("mug")


def test_two_things_of_one_name_are_refused():
    with pytest.raises(BadValue, match="'crate'"):
        Scene(obstacles=(crate("crate"), crate("crate")))


def test_allowed_pairs_hold_in_either_order_and_for_no_others():
    allowed = AllowedCollisions.of([("hand", "crate")], anything=["curtain"])
    assert allowed.allows("hand", "crate") and allowed.allows("crate", "hand")
    assert allowed.allows("curtain", "elbow")
    assert not allowed.allows("elbow", "crate")


@pytest.mark.parametrize("radius", [0.0, -1.0, float("nan")])
def test_a_shape_without_size_is_refused(radius: float):
    with pytest.raises(BadValue, match="radius"):
        Sphere(radius=radius)


def test_a_mesh_with_a_triangle_of_missing_vertices_is_refused():
    with pytest.raises(BadValue, match="triangles"):
        Mesh(vertices=np.zeros((3, 3)), triangles=np.array([[0, 1, 3]]))


def test_a_pose_that_is_not_rigid_is_refused():
    with pytest.raises(BadValue, match="rigid"):
        Obstacle(name="crate", shape=Sphere(radius=0.1), base_from_shape=2 * np.eye(4))
    with pytest.raises(WrongShape):
        Obstacle(name="crate", shape=Sphere(radius=0.1), base_from_shape=np.eye(3))
