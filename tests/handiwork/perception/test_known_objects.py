"""Meshes of the library are closed, and its symmetries are what they say."""

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from handiwork.errors import UnknownName
from handiwork.perception.known_object import known, pose_difference, quarter_turns
from handiwork.perception.known_objects import CUBE, LIBRARY, MUG, T_BLOCK
from handiwork.perception.solid_meshes import prism, turned


def volume(mesh):
    a, b, c = np.moveaxis(mesh.vertices[mesh.triangles], 1, 0)
    return np.einsum("ij,ij->", a, np.cross(b, c)) / 6


def moved(points, pose):
    return points @ pose[:3, :3].T + pose[:3, 3]


def some_pose(seed):
    pose = np.eye(4)
    pose[:3, :3] = Rotation.random(random_state=seed).as_matrix()
    pose[:3, 3] = np.random.default_rng(seed).uniform(-1, 1, 3)
    return pose


@pytest.mark.parametrize("thing", [T_BLOCK, CUBE], ids=lambda thing: thing.name)
def test_every_edge_of_a_solid_joins_two_triangles(thing):
    triangles = thing.mesh.triangles
    edges = np.vstack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    there = {tuple(edge) for edge in edges.tolist()}
    assert len(there) == len(edges)
    assert there == {(second, first) for first, second in there}


def test_solids_enclose_their_volume_with_the_outside_out():
    outline = np.array([(0, 0), (0, 2), (1, 2), (1, 1), (2, 1), (2, 0)], float)  # clockwise
    assert volume(prism(outline, 0.5, 1.0)) == pytest.approx(1.5)
    assert volume(CUBE.mesh) == pytest.approx(0.05**3)
    cylinder = turned(np.array([(0, 0), (0.1, 0), (0.1, 0.3), (0, 0.3)]), sides=400)
    assert volume(cylinder) == pytest.approx(np.pi * 0.01 * 0.3, rel=1e-3)


@pytest.mark.parametrize("thing", LIBRARY.values(), ids=lambda thing: thing.name)
def test_a_symmetry_leaves_the_surface_where_it_was(thing):
    tree = cKDTree(thing.surface.points)
    for symmetry in thing.symmetries:
        far = tree.query(moved(thing.surface.points, symmetry))[0]
        assert far.max() < 0.003


@pytest.mark.parametrize("thing", LIBRARY.values(), ids=lambda thing: thing.name)
def test_an_object_at_rest_stands_on_the_table(thing):
    for rest in thing.rests:
        assert moved(thing.mesh.vertices, rest)[:, 2].min() == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("thing", LIBRARY.values(), ids=lambda thing: thing.name)
def test_points_lie_all_over_the_surface_with_normals_out(thing):
    surface = thing.surface
    apart = cKDTree(surface.points).query(surface.points, k=2)[0][:, 1]
    assert np.percentile(apart, 95) < 0.003
    np.testing.assert_allclose(np.linalg.norm(surface.normals, axis=1), 1.0, atol=1e-9)
    if thing is not MUG:  # hollow: its middle is outside of it
        middle = surface.points.mean(axis=0)
        ahead = np.einsum("ij,ij->i", surface.normals, surface.points - middle)
        assert np.mean(ahead > 0) > 0.8


def test_the_field_finds_the_nearest_point_to_within_its_cells():
    places = np.random.default_rng(0).uniform(-0.05, 0.05, (500, 3))
    field = CUBE.field
    near, exact = field.near(places), field.nearest(places)
    off = [np.linalg.norm(places - CUBE.surface.points[found], axis=1) for found in (near, exact)]
    assert np.all(off[0] - off[1] < 0.005)


def test_a_cube_has_24_turns_that_form_a_group():
    turns = quarter_turns()
    assert len(turns) == 24
    flat = {tuple(turn.round(9).ravel().tolist()) for turn in turns}
    assert {tuple((a @ b).round(9).ravel().tolist()) for a in turns for b in turns} == flat


def test_poses_that_look_the_same_differ_by_nothing():
    for thing in LIBRARY.values():
        truth = some_pose(1)
        for symmetry in thing.symmetries:
            far, turn = pose_difference(truth @ symmetry, truth, thing.symmetries)
            assert far < 1e-9 and turn < 1e-6
    turned_over = some_pose(1) @ MUG.rests[1]
    assert pose_difference(turned_over, some_pose(1), MUG.symmetries)[1] == pytest.approx(np.pi)


def test_an_object_that_is_not_in_the_library_is_named_with_those_that_are():
    with pytest.raises(UnknownName, match=r"no object named 'teapot'. Known: cube, mug, t_block"):
        known(LIBRARY, "teapot")
