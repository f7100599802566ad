"""Every robot: its home, its limits against its maker's file, its names."""

import mujoco
import numpy as np
import pinocchio as pin
import pytest

from handiwork.errors import UnknownName
from handiwork.robots.body import body_of
from handiwork.robots.model_file import Assembly
from handiwork.robots.parts import read_parts
from handiwork.robots.registry import ROBOTS, robot

each = pytest.mark.parametrize("name", ROBOTS)


def test_the_names_are_those_of_the_command_line():
    assert set(ROBOTS) == {"wxai", "wx250s", "fr3", "panda", "g1", "wxai_pair"}
    assert all(robot(name).name == name for name in ROBOTS)


def test_an_unknown_robot_is_refused_with_the_list():
    with pytest.raises(UnknownName, match=r"'ur5'.*fr3, g1, panda, wx250s, wxai, wxai_pair"):
        robot("ur5")


@each
def test_home_is_inside_the_limits(name: str):
    one = robot(name)
    assert np.all(one.home > one.lower) and np.all(one.home < one.upper)


@each
def test_nothing_touches_at_home(name: str):
    assert body_of(robot(name)).touching(robot(name).home) == ()


@each
def test_position_limits_are_those_of_the_model_file_or_inside_them(name: str):
    """The FR3's URDF has the mechanical limits, the control interface stops before them."""
    one = robot(name)
    model = read_parts(one.model, solid=False).model
    for joint in one.joints:
        column = model.joints[model.getJointId(joint.name)].idx_q
        file = model.lowerPositionLimit[column], model.upperPositionLimit[column]
        if name == "fr3":
            assert file[0] <= joint.lower < joint.upper <= file[1]
        else:
            np.testing.assert_allclose((joint.lower, joint.upper), file, atol=6e-5)


def test_the_fr3_s_positions_are_those_of_its_other_file():
    path = robot("fr3").model_path().with_name("fr3.xml")
    spec = mujoco.MjSpec.from_file(str(path))
    for joint in robot("fr3").joints:
        np.testing.assert_array_equal(spec.joint(joint.name).range, (joint.lower, joint.upper))


@pytest.mark.parametrize("name", ["wx250s", "fr3", "panda", "g1"])
def test_velocities_do_not_exceed_the_model_file(name: str):
    model = read_parts(robot(name).model, solid=False).model
    for joint in robot(name).joints:
        file = model.upperVelocityLimit[model.joints[model.getJointId(joint.name)].idx_v]
        assert joint.velocity <= file + 1e-9
        assert name == "g1" or joint.velocity == pytest.approx(file)


def test_the_g1_s_joints_are_in_the_order_of_its_motors():
    one = robot("g1")
    assert one.names.index("waist_yaw_joint") == 12
    assert one.names.index("left_shoulder_pitch_joint") == 15
    assert one.names.index("right_wrist_yaw_joint") == 28
    sizes = {group.name: len(group.joints) for group in one.groups}
    assert sizes == {"left_arm": 7, "right_arm": 7, "waist": 3, "left_leg": 6, "right_leg": 6}


@each
def test_grippers_open_as_far_as_their_model_lets_them(name: str):
    model = read_parts(robot(name).model, solid=False).model
    for group in robot(name).groups:
        if group.gripper is None:
            assert name == "g1"
            continue
        for position in (group.gripper.lower, group.gripper.upper):
            for joint, wanted in group.gripper.positions(position).items():
                column = model.joints[model.getJointId(joint)].idx_q
                assert (
                    model.lowerPositionLimit[column] <= wanted <= model.upperPositionLimit[column]
                )


def test_a_pair_is_two_arms_that_face_each_other():
    pair, one = robot("wxai_pair"), robot("wxai")
    assert isinstance(pair.model, Assembly)
    assert pair.names == tuple(
        f"{side}_{joint}" for side in ("left", "right") for joint in one.names
    )
    body = body_of(pair)
    data = body.model.createData()
    pin.framesForwardKinematics(body.model, data, body.configuration(pair.home))
    left, right = (data.oMf[body.model.getFrameId(f"{side}_tool")] for side in ("left", "right"))
    np.testing.assert_allclose(left.translation, right.translation * [-1, -1, 1], atol=1e-9)
    assert left.translation[1] > 0
