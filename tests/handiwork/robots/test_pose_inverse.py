"""The inverse of a whole pose: exact, inside the limits, found from anywhere."""

import numpy as np
import pytest

from handiwork.errors import UnknownName, Unreachable, WrongShape
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.pose_inverse import PoseInverseConfig
from handiwork.robots.registry import robot

ARMS = [
    ("wxai", "arm"),
    ("wx250s", "arm"),
    ("fr3", "arm"),
    ("panda", "arm"),
    ("g1", "left_arm"),
    ("wxai_pair", "right_arm"),
]


def postures_of(kinematics: Kinematics, count: int) -> np.ndarray:
    columns = kinematics.robot.columns(kinematics.group)
    lower, upper = kinematics.robot.lower[columns], kinematics.robot.upper[columns]
    return np.random.default_rng(2).uniform(lower, upper, (count, len(columns)))


@pytest.mark.parametrize(("name", "group"), ARMS)
def test_the_pose_of_any_posture_is_reached_inside_the_limits(name: str, group: str):
    kinematics = Kinematics(robot(name), group)
    columns = robot(name).columns(kinematics.group)
    reached = 0
    for posture in postures_of(kinematics, 200):
        pose = kinematics.tool(posture)
        try:
            found = kinematics.inverse_pose(pose)
        except Unreachable:
            continue
        reached += 1
        np.testing.assert_allclose(kinematics.tool(found)[:3, 3], pose[:3, 3], atol=1e-5)
        np.testing.assert_allclose(kinematics.tool(found)[:3, :3], pose[:3, :3], atol=1e-4)
        assert np.all(found >= robot(name).lower[columns])
        assert np.all(found <= robot(name).upper[columns])
    assert reached >= 199  # 99.5 %


def test_a_near_seed_leads_to_the_near_solution():
    kinematics = Kinematics(robot("fr3"))
    for posture in postures_of(kinematics, 50):
        lower, upper = robot("fr3").lower, robot("fr3").upper
        seed = np.clip(posture + 0.02, lower, upper)
        found = kinematics.inverse_pose(kinematics.tool(posture), seed)
        assert np.linalg.norm(found - seed) < 0.3


def test_a_pose_of_a_six_jointed_arm_has_several_postures():
    """A wrist flipped by half a turn holds the gripper alike."""
    kinematics = Kinematics(robot("wx250s"))
    pose = kinematics.tool(np.array([0.2, 0.1, 0.3, 0.4, 0.6, -0.3]))
    found = np.array(list(kinematics.postures(pose)))
    for posture in found:
        np.testing.assert_allclose(kinematics.tool(posture), pose, atol=2e-5)
    distances = np.abs(found[:, None] - found[None]).max(axis=2)
    assert distances.max() > 1.0


def test_the_same_question_has_the_same_answer():
    first, second = Kinematics(robot("panda")), Kinematics(robot("panda"))
    for posture in postures_of(first, 20):
        pose = first.tool(posture)
        np.testing.assert_array_equal(first.inverse_pose(pose), second.inverse_pose(pose))


def test_other_joints_stand_where_rest_says():
    """The waist of the G1 turned by half a radian turns what its arm reaches."""
    g1 = robot("g1")
    rest = g1.home.copy()
    rest[g1.names.index("waist_yaw_joint")] = 0.5
    straight, turned = Kinematics(g1, "left_arm"), Kinematics(g1, "left_arm", rest=rest)
    posture = postures_of(straight, 1)[0]
    yaw = np.eye(4)
    yaw[:2, :2] = [[np.cos(0.5), -np.sin(0.5)], [np.sin(0.5), np.cos(0.5)]]
    want = yaw @ straight.tool(posture)  # the waist turns about the pelvis' own z axis
    np.testing.assert_allclose(turned.tool(posture), want, atol=1e-6)


def test_a_pose_out_of_reach_is_refused_with_its_place():
    kinematics = Kinematics(robot("wxai"), pose_config=PoseInverseConfig(postures=256, restarts=8))
    pose = kinematics.tool(robot("wxai").home)
    pose[0, 3] = 1.5
    with pytest.raises(Unreachable, match=r"wxai.*x=1\.5000"):
        kinematics.inverse_pose(pose)


def test_a_group_without_a_tool_is_refused():
    with pytest.raises(UnknownName, match=r"waist.*left_arm, right_arm"):
        Kinematics(robot("g1"), "waist")


def test_a_pose_of_the_wrong_shape_is_refused():
    with pytest.raises(WrongShape, match="base_from_tool"):
        Kinematics(robot("wxai")).inverse_pose(np.eye(3))
