"""Every robot of the registry moves in MuJoCo where its servos are aimed, fingers together."""

import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointSample
from handiwork.robots.registry import ROBOTS
from handiwork.sim.robot_world import RobotWorld

SECONDS = 2.0


@pytest.fixture(scope="module", params=ROBOTS.values(), ids=tuple(ROBOTS))
def world(request):
    return RobotWorld(request.param)


def grippers(robot):
    return [group.gripper for group in robot.groups if group.gripper is not None]


def test_a_motion_of_two_seconds_ends_within_2_mrad(world):
    world.reset()
    robot, dt = world.robot, world.model.opt.timestep
    goal = np.clip(robot.home + 0.3, robot.lower + 0.02, robot.upper - 0.02)
    way, opened = goal - robot.home, np.array([g.upper for g in grippers(robot)])
    for share in np.arange(1, round(SECONDS / dt) + 1) * dt / SECONDS:
        position = robot.home + way * share**3 * (10 - 15 * share + 6 * share**2)
        velocity = way / SECONDS * 30 * share**2 * (1 - share) ** 2
        world.step(JointSample(position, velocity, 0 * velocity), opened)
    np.testing.assert_allclose(world.reading().joints.position, goal, atol=0.002)


def test_an_arm_that_is_left_alone_stays(world):
    world.reset()
    home, opened = world.robot.home, np.array([g.upper for g in grippers(world.robot)])
    for _ in range(250):
        world.step(JointSample.at_rest(home), opened)
    np.testing.assert_allclose(world.reading().joints.position, home, atol=1e-3)


def test_all_fingers_of_a_gripper_close_together(world):
    world.reset()
    robot = world.robot
    half = np.array([0.5 * (g.lower + g.upper) for g in grippers(robot)])
    for _ in range(500):
        world.step(JointSample.at_rest(robot.home), half)
    np.testing.assert_allclose(world.reading().grippers, half, atol=1e-3)
    for gripper, position in zip(grippers(robot), half, strict=True):
        for name, want in gripper.positions(position).items():
            joint = world.model.joint(name)
            assert world.data.qpos[joint.qposadr[0]] == pytest.approx(want, abs=1e-3)


def test_two_arms_of_a_pair_do_not_move_each_other():
    world = RobotWorld(ROBOTS["wxai_pair"])
    target = world.robot.home.copy()
    target[0] += 0.2
    opened = np.array([0.044, 0.044])
    for _ in range(500):
        world.step(JointSample.at_rest(target), opened)
    position = world.reading().joints.position
    assert position[0] == pytest.approx(target[0], abs=0.002)
    np.testing.assert_allclose(position[6:], world.robot.home[6:], atol=1e-3)
