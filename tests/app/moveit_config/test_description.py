"""The URDF that is rendered at launch is the robot of `handiwork.robots`."""

from pathlib import Path

import numpy as np
import pinocchio as pin
from generated_config import description_of

from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork_app.moveit_config import standing_in_world


def moving(urdf):
    return {
        joint.attrib["name"]: joint
        for joint in urdf.findall("joint")
        if joint.attrib["type"] != "fixed"
    }


def test_it_moves_as_the_robots_kinematics(named, description):
    """The same tool pose from pinocchio's reading of the URDF and from our own chain."""
    model, generator = pin.buildModelFromXML(description), np.random.default_rng(1)
    data = model.createData()
    base = model.getFrameId(named.base_frame)
    for group in named.groups:
        if group.tool is None:
            continue
        columns = named.columns(group)
        positions = generator.uniform(named.lower, named.upper)
        configuration = pin.neutral(model)
        for name, position in zip(named.names, positions, strict=True):
            configuration[model.joints[model.getJointId(name)].idx_q] = position
        pin.framesForwardKinematics(model, data, configuration)
        tool = data.oMf[model.getFrameId(group.tool.frame)]
        got = (data.oMf[base].inverse() * tool).homogeneous
        want = Kinematics(named, group.name, rest=positions).tool(positions[columns])
        np.testing.assert_allclose(got, want, atol=1e-8)


def test_only_the_robots_joints_and_fingers_move(named, urdf):
    fingers = [g.gripper.joints for g in named.groups if g.gripper is not None]
    assert set(moving(urdf)) == {*named.names, *(name for names in fingers for name in names)}


def test_limits_are_the_robots_own(named, urdf):
    for joint in named.joints:
        element = moving(urdf)[joint.name]
        limit = element.find("limit").attrib
        got = [float(limit[name]) for name in ("lower", "upper", "velocity")]
        np.testing.assert_allclose(got, [joint.lower, joint.upper, joint.velocity], atol=1e-9)
        assert element.find("safety_controller") is None  # MoveIt would take its limits


def test_a_second_finger_follows_the_first(named, urdf):
    for group in named.groups:
        if group.gripper is None:
            continue
        first, *others = group.gripper.joints
        assert moving(urdf)[first].find("mimic") is None
        for name, ratio in zip(others, group.gripper.ratios[1:], strict=True):
            mimic = moving(urdf)[name].find("mimic").attrib
            assert (mimic["joint"], float(mimic["multiplier"])) == (first, ratio)


def test_every_mesh_is_a_file_that_is_here(urdf):
    meshes = [mesh.attrib["filename"] for mesh in urdf.iter("mesh")]
    assert meshes
    for mesh in meshes:
        assert mesh.startswith("file:///")
        assert Path(mesh.removeprefix("file://")).is_file()


def test_it_is_one_tree(urdf):
    links = [link.attrib["name"] for link in urdf.findall("link")]
    joints = [joint.attrib["name"] for joint in urdf.findall("joint")]
    children = [joint.find("child").attrib["link"] for joint in urdf.findall("joint")]
    assert len(set(links)) == len(links) and len(set(joints)) == len(joints)
    assert len(set(children)) == len(children) == len(links) - 1


def test_bodies_read_from_mjcf_have_their_shapes_where_pinocchio_has_them():
    named = robot("wxai")
    text, path = description_of(named), str(named.model_path())
    kind = pin.GeometryType.COLLISION
    model, original = pin.buildModelFromXML(text), pin.buildModelFromMJCF(path)
    shapes = pin.buildGeomFromUrdfString(model, text, kind).geometryObjects
    originals = pin.buildGeomFromMJCF(original, path, kind).geometryObjects

    def middles(of, found):
        return sorted(
            (of.frames[s.parentFrame].name, *np.round(s.placement.translation, 6).tolist())
            for s in found
        )

    ends = {name for name, *_ in middles(original, originals)}
    assert set(middles(original, originals)) <= set(middles(model, shapes))
    assert {name for name, *_ in middles(model, shapes)} == ends


def test_the_robot_stands_in_the_world_where_its_root_is(description):
    model = pin.buildModelFromXML(standing_in_world(description))
    assert model.frames[model.getFrameId("world")].placement.isIdentity()
    assert model.nq == pin.buildModelFromXML(description).nq
