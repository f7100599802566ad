"""What is asked of a planner, answered as trajectories."""

import numpy as np
import pytest

from handiwork.control.sampling import sample_all
from handiwork.errors import UnknownName
from handiwork.planning import Attached, Box, MotionPlanning, Obstacle, Recheck, Scene, placed
from handiwork.robots.registry import robot

PANDA, G1 = robot("panda"), robot("g1")
POST = Obstacle(
    name="post", shape=Box(size=(0.1, 0.1, 1.0)), base_from_shape=placed(0.35, 0.35, 0.5)
)


def tool_along(planning: MotionPlanning, positions: np.ndarray) -> np.ndarray:
    """(T, 3) tool positions at postures (T, G) of a robot that is one group."""
    return np.array([planning.placements(q, ["panda_hand_tcp"])[0, :3, 3] for q in positions])


def test_a_trajectory_to_a_pose_ends_there_and_is_free_all_along():
    planning = MotionPlanning(PANDA)
    planning.scene = Scene(obstacles=(POST,))
    pose = planning.placements(PANDA.home, ["panda_hand_tcp"])[0]
    pose[:3, 3] = (0.0, 0.45, 0.45)
    trajectory = planning.to_pose("arm", PANDA.home, pose, 20.0)
    end = planning.placements(trajectory.positions[-1], ["panda_hand_tcp"])[0]
    np.testing.assert_allclose(end, pose, atol=1e-4)
    every = sample_all(trajectory, np.arange(0.0, trajectory.end, 0.005))[0]
    assert Recheck(PANDA, planning.scene).first_touch(every) is None


def test_a_straight_motion_is_timed_and_keeps_the_tool_on_its_line():
    planning = MotionPlanning(PANDA)
    pose = planning.placements(PANDA.home, ["panda_hand_tcp"])[0]
    start = pose[:3, 3].copy()
    pose[1, 3] += 0.2
    motion = planning.straight("arm", PANDA.home, pose[None])
    assert motion.fraction == 1.0
    times = np.linspace(0.0, motion.trajectory.end, 100)
    points = tool_along(planning, sample_all(motion.trajectory, times)[0])
    np.testing.assert_allclose(points[:, [0, 2]], start[[0, 2]] * np.ones((100, 1)), atol=2e-4)


def test_a_straight_motion_passes_a_pose_that_is_given_twice_but_once():
    planning = MotionPlanning(PANDA)
    here = planning.placements(PANDA.home, ["panda_hand_tcp"])[0]
    there = here.copy()
    there[1, 3] += 0.05
    twice = planning.straight("arm", PANDA.home, np.array([here, there, there]))
    once = planning.straight("arm", PANDA.home, there[None])
    assert twice.fraction == 1.0
    assert twice.trajectory.end == pytest.approx(once.trajectory.end, rel=0.01)


def test_a_straight_motion_to_where_the_tool_is_ends_there():
    planning = MotionPlanning(PANDA)
    here = planning.placements(PANDA.home, ["panda_hand_tcp"])
    motion = planning.straight("arm", PANDA.home, here)
    assert motion.fraction == 1.0
    np.testing.assert_allclose(motion.trajectory.positions, PANDA.home[None], atol=1e-4)


def test_an_arm_is_planned_for_among_the_joints_that_stay_where_they_are():
    planning = MotionPlanning(G1)
    raised = G1.home.copy()
    right = G1.columns(G1.group("right_arm"))
    left = G1.columns(G1.group("left_arm"))
    goal = G1.home[left] + 0.2
    trajectory = planning.to_postures("left_arm", raised, goal, 20.0)
    assert trajectory.names == G1.group("left_arm").joints
    np.testing.assert_allclose(trajectory.positions[-1], goal, atol=1e-9)
    assert not set(trajectory.names) & {G1.names[column] for column in right}


def test_a_scene_that_hangs_something_on_a_missing_link_is_refused_and_the_old_one_kept():
    planning = MotionPlanning(PANDA)
    planning.scene = Scene(obstacles=(POST,))
    lost = Attached(name="mug", shape=POST.shape, link="third_hand", link_from_shape=np.eye(4))
    with pytest.raises(UnknownName, match="third_hand"):
        planning.scene = Scene(attached=(lost,))
    assert planning.scene.names == ("post",)


def test_a_frame_that_the_robot_lacks_is_refused():
    with pytest.raises(UnknownName, match="no link named 'tail'"):
        MotionPlanning(PANDA).placements(PANDA.home, ["tail"])
