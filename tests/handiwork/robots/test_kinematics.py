from dataclasses import replace

import mujoco
import numpy as np
import pytest

from handiwork.errors import UnknownName, Unreachable, WrongShape
from handiwork.robots.group import Tool
from handiwork.robots.kinematics import Kinematics, pointing_down
from handiwork.robots.robot import Joint, Robot
from handiwork.robots.wxai import WXAI
from handiwork.tasks.push_t import TableSquare

KINEMATICS = Kinematics(WXAI)


def random_positions(count: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shape = (count, len(WXAI.joints))
    return generator.uniform(WXAI.lower, WXAI.upper, shape)


def circle(rounds: float, steps: int) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi * rounds, steps)
    x, y = 0.27 + 0.1 * np.cos(angle), 0.1 * np.sin(angle)
    return np.stack([x, y, np.full(steps, 0.008)], axis=1)


def test_the_tool_is_where_mujoco_puts_it():
    """Two libraries read the same file: the oracle shares no code with ours."""
    model = mujoco.MjModel.from_xml_path(str(WXAI.model_path()))
    data = mujoco.MjData(model)
    for positions in random_positions(20):
        for name, position in zip(WXAI.names, positions, strict=True):
            data.joint(name).qpos[0] = position
        mujoco.mj_kinematics(model, data)
        link = data.body(WXAI.tool_link)
        base_from_link = np.eye(4)
        base_from_link[:3, :3] = link.xmat.reshape(3, 3)
        base_from_link[:3, 3] = link.xpos
        want = base_from_link @ WXAI.link_from_tool
        np.testing.assert_allclose(KINEMATICS.tool(positions), want, atol=1e-6)


def test_the_tip_is_its_length_beyond_the_link_along_the_tool_axis():
    link = Tool(frame="link_6", link="link_6", link_from_tool=np.eye(4))
    no_tool = Kinematics(replace(WXAI, groups=(replace(WXAI.group(), tool=link),)))
    for positions in random_positions(5):
        link, tool = no_tool.tool(positions), KINEMATICS.tool(positions)
        np.testing.assert_allclose(tool[:3, 3] - link[:3, 3], 0.20 * tool[:3, 2], atol=1e-12)


def test_joints_are_mapped_by_name_whatever_their_order():
    backwards = Kinematics(
        replace(
            WXAI,
            joints=WXAI.joints[::-1],
            home=WXAI.home[::-1],
            groups=(replace(WXAI.group(), joints=WXAI.names[::-1]),),
        )
    )
    for positions in random_positions(5):
        pose = KINEMATICS.tool(positions)
        np.testing.assert_allclose(backwards.tool(positions[::-1]), pose, atol=1e-12)
    pose = pointing_down(np.array([[0.3, 0.1, 0.01]]))[0]
    ours = KINEMATICS.inverse(pose, WXAI.home)
    theirs = backwards.inverse(pose, WXAI.home[::-1])
    np.testing.assert_allclose(theirs[::-1], ours, atol=1e-5)


def test_the_inverse_undoes_the_tool_everywhere_on_the_table_square():
    square = TableSquare()
    edge = np.linspace(0.0, 512.0, 9)
    x_px, y_px = np.meshgrid(edge, edge)
    points = square.to_base(np.stack([x_px.ravel(), y_px.ravel()], axis=1))
    for height in (0.008, 0.05):
        for pose in pointing_down(np.column_stack([points, np.full(len(points), height)])):
            positions = KINEMATICS.inverse(pose, WXAI.home)
            tool = KINEMATICS.tool(positions)
            np.testing.assert_allclose(tool[:3, 3], pose[:3, 3], atol=1e-6)
            np.testing.assert_allclose(tool[:3, 2], [0, 0, -1], atol=2e-5)
            assert np.all(positions >= WXAI.lower)
            assert np.all(positions <= WXAI.upper)


def test_a_tilted_pose_is_reached_too():
    for positions in random_positions(20, seed=3):
        pose = KINEMATICS.tool(positions)
        near = np.clip(positions + 0.1, WXAI.lower, WXAI.upper)
        found = KINEMATICS.tool(KINEMATICS.inverse(pose, near))
        np.testing.assert_allclose(found[:3, 3], pose[:3, 3], atol=1e-6)
        np.testing.assert_allclose(found[:3, 2], pose[:3, 2], atol=2e-5)


def test_the_rod_is_not_turned_about_itself():
    """joint_5 turns about the rod, so it stays where the seed has it."""
    seed = WXAI.home + np.array([0, 0, 0, 0, 0, 0.7])
    path = KINEMATICS.follow_path(pointing_down(circle(1.0, 100)), seed)
    np.testing.assert_allclose(path[:, 5], 0.7, atol=1e-5)


def test_a_path_of_the_tool_is_followed_without_steps_in_the_joints():
    steps = 400
    poses = pointing_down(circle(1.0, steps))
    path = KINEMATICS.follow_path(poses, WXAI.home)
    tips = np.array([KINEMATICS.tool(positions)[:3, 3] for positions in path])
    np.testing.assert_allclose(tips, poses[:, :3, 3], atol=1e-6)
    # A smooth closed curve: its differences stay alike, and it ends where it began.
    speed = np.linalg.norm(np.diff(path, axis=0), axis=1)
    assert speed.max() < 3 * np.median(speed)
    np.testing.assert_allclose(path[-1], path[0], atol=2e-5)


def test_a_pose_beyond_the_arm_is_unreachable_and_says_which():
    with pytest.raises(Unreachable, match=r"x=0\.9000"):
        KINEMATICS.inverse(pointing_down(np.array([[0.9, 0.0, 0.0]]))[0], WXAI.home)


def test_a_path_that_leaves_the_workspace_is_unreachable():
    points = np.linspace([0.27, 0.0, 0.01], [0.80, 0.0, 0.01], 50)
    with pytest.raises(Unreachable):
        KINEMATICS.follow_path(pointing_down(points), WXAI.home)


def test_a_seed_outside_the_limits_still_leads_inside():
    """Real joints rest slightly below zero."""
    seed = np.array([0.0, -0.01, -0.01, 0.0, 0.0, 0.0])
    positions = KINEMATICS.inverse(pointing_down(np.array([[0.27, 0.0, 0.03]]))[0], seed)
    assert np.all(positions >= WXAI.lower)


def test_a_pose_of_the_wrong_shape_is_refused():
    with pytest.raises(WrongShape, match="base_from_tool"):
        KINEMATICS.inverse(np.eye(3), WXAI.home)


def test_a_joint_that_the_model_lacks_is_refused_by_name():
    elbow = Joint(name="elbow", lower=-1, upper=1, velocity=1, acceleration=1, jerk=1)
    group = replace(WXAI.group(), joints=("elbow",))
    robot: Robot = replace(WXAI, joints=(elbow,), home=np.zeros(1), groups=(group,))
    with pytest.raises(UnknownName, match=r"elbow.*joint_0"):
        Kinematics(robot)
