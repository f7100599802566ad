"""Bodies by name, hulls that hold their meshes, pairs that can touch."""

from dataclasses import replace

import coal
import numpy as np
import pinocchio as pin
import pytest

from handiwork.errors import MissingModel
from handiwork.robots.body import Body, body_of
from handiwork.robots.model_file import ModelFile
from handiwork.robots.parts import read_parts
from handiwork.robots.registry import robot
from handiwork.robots.robot import Joint
from handiwork.robots.self_collision import pairs_that_can_touch
from handiwork.robots.urdf import urdf_text

ENDLESS = Joint(name="gripper", lower=-9.0, upper=9.0, velocity=1, acceleration=1, jerk=1)


def turned(body: Body, name: str, positions: np.ndarray) -> float:
    """[rad] by which a joint of the wx250s really is turned."""
    data = body.model.createData()
    pin.forwardKinematics(body.model, data, body.configuration(positions))
    joint = body.model.getJointId(name)
    placed = data.liMi[joint].rotation @ body.model.jointPlacements[joint].rotation.T
    return float(np.linalg.norm(pin.log3(placed)))


def test_joints_are_mapped_by_name_past_one_that_turns_without_end():
    """The gripper's propeller has two entries of q, so what follows it is shifted by one."""
    wx250s = robot("wx250s")
    finger = Joint(name="left_finger", lower=0.015, upper=0.037, velocity=1, acceleration=1, jerk=1)
    joints = (finger, ENDLESS, *wx250s.joints[::-1])
    body = Body(replace(wx250s, joints=joints, home=np.zeros(8)))
    assert body.model.nq == body.model.nv + 1 == 9
    positions = np.array([0.02, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    names = ["left_finger", "gripper", *wx250s.names[::-1]]
    for name, position in zip(names[1:], positions[1:], strict=True):
        assert turned(body, name, positions) == pytest.approx(position)
    configuration = body.configuration(positions)
    endless = body.columns[1]
    np.testing.assert_allclose(configuration[endless : endless + 2], [np.cos(0.7), np.sin(0.7)])
    assert configuration[body.columns[0]] == 0.02
    assert len(set(body.velocity_columns)) == 8


def test_the_wx250s_turns_as_its_driver_says():
    """In the driver's sleep posture the arm is folded: gripper low and before the base, which
    only the driver's signs of elbow and wrist give; at elbow 1.57 the forearm hangs down."""
    body = body_of(robot("wx250s"))
    data = body.model.createData()
    wrist, tool = (body.model.getFrameId(f"wx250s/{name}") for name in ("wrist_link", "tool"))
    pin.framesForwardKinematics(
        body.model, data, body.configuration(np.array([0, -1.80, 1.55, 0, 0.8, 0]))
    )
    assert 0 < data.oMf[tool].translation[0] < 0.2 and 0 < data.oMf[tool].translation[2] < 0.1
    assert body.touching(np.array([0, -1.80, 1.55, 0, 0.8, 0])) == ()
    pin.framesForwardKinematics(
        body.model, data, body.configuration(np.array([0, 0, 1.57, 0, 0, 0]))
    )
    np.testing.assert_allclose(data.oMf[wrist].translation, [0.05, 0, 0.11], atol=2e-3)


def test_what_is_not_commanded_is_locked_with_the_gripper_open():
    body, wxai = body_of(robot("wxai")), robot("wxai")
    assert tuple(body.model.names)[1:] == wxai.names
    geometry, data = body.geometry, body.model.createData()
    placed = pin.GeometryData(geometry)
    pin.updateGeometryPlacements(
        body.model, data, geometry, placed, body.configuration(np.zeros(6))
    )
    sides = [
        placed.oMg[geometry.getGeometryId(f"carriage_{side}Geom_4")].translation[1]
        for side in ("left", "right")
    ]
    # of the pads: 0.023 - 0.02083 m from the middle when closed, 0.044 m more when open
    np.testing.assert_allclose(sides, [0.04617, -0.04617], atol=1e-6)


def test_hulls_hold_every_vertex_of_their_meshes():
    wx250s = robot("wx250s")
    text = urdf_text(wx250s.model)
    meshes = pin.buildGeomFromUrdfString(
        pin.buildModelFromXML(text), text, pin.GeometryType.COLLISION
    )
    hulls = read_parts(wx250s.model, solid=True).geometry
    point = coal.Sphere(1e-9)
    checked = 0
    for mesh, hull in zip(meshes.geometryObjects, hulls.geometryObjects, strict=True):
        if isinstance(hull.geometry, coal.BVHModelBase):
            assert hull.name.startswith("wx250s/upper_arm_link")
            continue
        for vertex in np.asarray(mesh.geometry.vertices())[::97]:
            distance = coal.distance(
                hull.geometry,
                coal.Transform3s.Identity(),
                point,
                coal.Transform3s(np.eye(3), vertex),
                coal.DistanceRequest(),
                coal.DistanceResult(),
            )
            assert distance < 1e-6
            checked += 1
    assert checked > 20


def test_touching_names_the_links_of_a_folded_arm():
    """The gripper of an FR3 bent against its own base."""
    fr3 = robot("fr3")
    touches = body_of(fr3).touching(np.array([0.0, 1.7, 0.0, -3.0, 0.0, 3.0, 0.0]))
    assert touches
    assert all(first != second for first, second in touches)
    assert any("link0" in first or "link1" in first for first, _ in touches)


def test_pairs_leave_out_neighbours_and_are_the_same_every_time():
    fr3 = robot("fr3")
    body = body_of(fr3)
    pairs = {(pair.first, pair.second) for pair in body.geometry.collisionPairs}
    shapes, parents = body.geometry.geometryObjects, list(body.model.parents)
    for first, second in pairs:
        joints = shapes[first].parentJoint, shapes[second].parentJoint
        assert joints[0] != joints[1]
        assert parents[joints[1]] != joints[0] and parents[joints[0]] != joints[1]
    assert pairs == set(pairs_that_can_touch(body, read_parts_reduced(body)))


def read_parts_reduced(body: Body) -> pin.GeometryModel:
    """The geometry without its pairs."""
    geometry = body.geometry.copy()
    geometry.removeAllCollisionPairs()
    return geometry


def test_no_touch_is_missed_by_leaving_pairs_out():
    """Every pair of links that are no neighbours, over postures other than those sampled."""
    wxai = robot("wxai")
    body = body_of(wxai)
    every = read_parts_reduced(body)
    shapes, parents = every.geometryObjects, list(body.model.parents)
    kept = {frozenset((pair.first, pair.second)) for pair in body.geometry.collisionPairs}
    for first in range(len(shapes)):
        for second in range(first + 1, len(shapes)):
            joints = sorted((shapes[first].parentJoint, shapes[second].parentJoint))
            if joints[0] != joints[1] != 0 and parents[joints[1]] != joints[0]:
                every.addCollisionPair(pin.CollisionPair(first, second))
    data, placed = body.model.createData(), pin.GeometryData(every)
    draws = np.random.default_rng(5).uniform(wxai.lower, wxai.upper, (1000, 6))
    for positions in draws:
        pin.computeCollisions(body.model, data, every, placed, body.configuration(positions), False)
        for pair, result in zip(every.collisionPairs, placed.collisionResults, strict=True):
            if result.isCollision():
                assert frozenset((pair.first, pair.second)) in kept


def test_a_urdf_without_its_mesh_is_refused(tmp_path, monkeypatch):
    """The package is there, one of its meshes is not."""
    urdf = tmp_path / "arm/urdf/arm.urdf"
    urdf.parent.mkdir(parents=True)
    urdf.write_text(
        '<robot name="arm"><link name="base"><collision><geometry>'
        '<mesh filename="package://arm/meshes/base.stl"/>'
        "</geometry></collision></link></robot>"
    )
    (tmp_path / "some_arm-1.0.dist-info").mkdir()
    (tmp_path / "some_arm-1.0.dist-info/METADATA").write_text("Name: some-arm\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    model = ModelFile(distribution="some-arm", file="arm/urdf/arm.urdf")
    with pytest.raises(MissingModel, match=r"arm/meshes/base\.stl.*pip install .*some-arm"):
        urdf_text(model)
    (tmp_path / "arm/meshes").mkdir()
    (tmp_path / "arm/meshes/base.stl").write_bytes(b"")
    assert str(tmp_path / "arm/meshes/base.stl") in urdf_text(model)


def test_an_mjcf_without_its_mesh_is_refused(tmp_path, monkeypatch):
    (tmp_path / "arm.xml").write_text(
        '<mujoco><asset><mesh name="base" file="base.stl"/></asset>'
        '<worldbody><body name="base"><joint name="hip" axis="0 0 1"/><inertial pos="0 0 0" '
        'mass="1" diaginertia="1 1 1"/><geom type="mesh" mesh="base"/></body></worldbody></mujoco>'
    )
    (tmp_path / "some_arm-1.0.dist-info").mkdir()
    (tmp_path / "some_arm-1.0.dist-info/METADATA").write_text("Name: some-arm\nVersion: 1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingModel, match=r"base\.stl.*some-arm"):
        read_parts(ModelFile(distribution="some-arm", file="arm.xml"), solid=True)


def test_an_arm_of_a_pair_that_folds_through_its_own_base_is_seen():
    folded = robot("wxai_pair").home.copy()
    folded[:6] = 0.0, 3.1, 0.0, -1.57, 0.0, 0.0
    single = body_of(robot("wxai")).touching(folded[:6])
    assert single  # one arm alone sees it
    seen = body_of(robot("wxai_pair")).touching(folded)
    assert {(f"left_{first}", f"left_{second}") for first, second in single} <= set(seen)
