"""Chunks of whole tool poses, of one arm and of two in step, through the executor."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from handiwork.arm_tool import ArmTool, arms_of
from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample, sample_all
from handiwork.errors import UnknownName
from handiwork.executor import Executor
from handiwork.executor_config import ExecutorConfig
from handiwork.pose_path import POSE, pose_names
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork.safety import Workspace, audit
from tests.fakes import GantryWithWrist

PERIOD = 0.1
AXES = ("x", "y", "z", "about_z", "about_y", "about_x")
LEFT, RIGHT = (tuple(f"{side}_{axis}" for axis in AXES) for side in ("left", "right"))
REST = np.array([0.3, 0.0, 0.2, 0.2, 0.1, -0.1])


def limits(names):
    count = len(names)
    return Limits(
        names=names,
        lower=np.full(count, -2.0),
        upper=np.full(count, 2.0),
        velocity=np.full(count, 2.0),
        acceleration=np.full(count, 20.0),
        jerk=np.full(count, 1000.0),
    )


def pose(joints):
    """(7,) of a gantry's joints."""
    return np.concatenate([joints[:3], Rotation.from_euler("ZYX", joints[3:]).as_quat()])


def chunk(rows, names=POSE, start=PERIOD, sequence=1, space="pose"):
    return ActionChunk(
        rows=np.asarray(rows, np.float32),
        names=names,
        space=space,
        frame="base",
        start=start,
        period=PERIOD,
        observed=start - PERIOD,
        sequence=sequence,
    )


def one_arm(workspace=None):
    arm = ArmTool(kinematics=GantryWithWrist(), joints=AXES, workspace=workspace)
    rules = ChunkRules(names=POSE, space="pose")
    return Executor(ExecutorConfig(), rules, (arm,), limits(AXES))


def two_arms():
    arms = [
        ArmTool(kinematics=GantryWithWrist(), joints=joints, prefix=f"{side}_arm.")
        for side, joints in (("left", LEFT), ("right", RIGHT))
    ]
    names = pose_names("left_arm.", "right_arm.")
    joints = (*RIGHT, *LEFT)  # the robot's order is not the chunk's
    rules = ChunkRules(names=names, space="pose")
    return Executor(ExecutorConfig(), rules, arms, limits(joints)), names


def glide(seed, rows=8):
    """(H, 6) joints of a lawful motion from rest, to where both rows and joints agree."""
    away = np.random.default_rng(seed).uniform(-0.15, 0.15, 6)
    return REST + (1 - np.cos(np.linspace(0, np.pi, rows + 1)[1:, None])) / 2 * away


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_a_chunk_of_whole_poses_is_followed_in_position_and_orientation(seed, other_sign):
    """Also where a network gives the same orientation as the opposite quaternion, twice as long."""
    wanted = glide(seed)
    rows = np.array([pose(joints) for joints in wanted])
    if other_sign:
        rows[::2, 3:] *= -2.0
    output = one_arm().on_chunk(chunk(rows), 0.0, REST)
    assert output.report.accepted, output.report.reason
    at = PERIOD * np.arange(1, len(rows) + 1)
    reached = sample_all(output.trajectory, at)[0]
    np.testing.assert_allclose(reached, wanted, atol=0.01)
    np.testing.assert_allclose(output.trajectory.positions[-1], wanted[-1], atol=2e-3)
    assert not output.trajectory.velocities[-1].any()


def test_two_arms_move_in_step_each_by_its_own_names():
    executor, names = two_arms()
    left, right = glide(1), glide(2)
    rows = [np.concatenate([pose(a), pose(b)]) for a, b in zip(left, right, strict=True)]
    output = executor.on_chunk(chunk(rows, names), 0.0, np.concatenate([REST, REST]))
    at = PERIOD * np.arange(1, len(rows) + 1)
    reached = sample_all(output.trajectory, at)[0]
    np.testing.assert_allclose(reached, np.hstack([right, left]), atol=0.01)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_chunks_that_jump_join_without_a_step_and_inside_the_limits(seed):
    draws, arm = np.random.default_rng(seed), one_arm()
    logged, now, running = [], 0.0, None
    for sequence in range(5):
        places = REST + draws.uniform(-0.4, 0.4, (6, 6))
        resting = REST if running is None else sample(running, now).position
        start = now + draws.uniform(-0.15, 0.1)
        sent = arm.on_chunk(chunk([pose(p) for p in places], POSE, start, sequence), now, resting)
        assert sent.report.accepted, sent.report.reason
        running, until = sent.trajectory, now + draws.uniform(0.1, 0.5)
        times = np.arange(np.ceil(now / 0.002), np.ceil(until / 0.002)) * 0.002
        logged.append(sample_all(running, times)[0])
        now = until
    positions = np.vstack(logged)
    found = audit(0.002 * np.arange(len(positions)), positions, limits(AXES))
    assert (found.violations, found.steps) == (0, 0)


@settings(max_examples=12, deadline=None)
@given(st.floats(0.15, 0.45), st.integers(0, 1000))
def test_a_late_chunk_never_replays_rows(late, seed):
    """Rows that were due before it departs may be anything: the trajectory is the same."""
    draws = np.random.default_rng(seed)
    rows = np.array([pose(joints) for joints in glide(seed)])
    other = rows.copy()
    departs = late + ExecutorConfig().lead
    past = int(np.count_nonzero(PERIOD * np.arange(1, len(rows) + 1) <= departs))
    other[:past] = [pose(REST + draws.uniform(-0.3, 0.3, 6)) for _ in range(past)]
    assert past >= 1
    first, second = (one_arm().on_chunk(chunk(r), late, REST).trajectory for r in (rows, other))
    np.testing.assert_allclose(first.positions, second.positions, atol=1e-12)


def test_an_orientation_of_no_length_is_refused():
    rows = np.array([pose(joints) for joints in glide(0)])
    rows[3, 3:] = 0.0
    report = one_arm().on_chunk(chunk(rows), 0.0, REST).report
    assert (report.accepted, report.kind) == (False, "orientation")


def test_a_tool_that_would_leave_its_own_box_is_refused():
    box = Workspace(lower=(0.2, -0.1, 0.1), upper=(0.4, 0.1, 0.3))
    rows = [pose(REST + share * np.array([0.3, 0, 0, 0, 0, 0])) for share in np.linspace(0, 1, 8)]
    report = one_arm(box).on_chunk(chunk(rows), 0.0, REST).report
    assert report.kind == "gate"
    assert "the tool would be at x" in report.reason


def test_a_chunk_of_some_joints_leaves_the_others_where_they_are():
    rules = ChunkRules(names=("y",), space="joint")
    arm = Executor(ExecutorConfig(), rules, (), limits(AXES))
    rows = 0.05 * np.arange(8)[:, None]
    moved = arm.on_chunk(chunk(rows, ("y",), space="joint"), 0.0, REST).trajectory.positions
    others = np.delete(moved - REST, 1, axis=1)
    np.testing.assert_allclose(others, np.zeros_like(others), atol=1e-12)
    assert moved[-1, 1] == pytest.approx(0.35, abs=2e-3)


@pytest.mark.parametrize("names", [POSE[:6], ("x", "y"), pose_names("left_arm.")])
def test_names_that_make_no_whole_pose_of_an_arm_are_refused_by_name(names):
    arm = ArmTool(kinematics=GantryWithWrist(), joints=AXES)
    with pytest.raises(UnknownName, match="part of tool poses"):
        Executor(ExecutorConfig(), ChunkRules(names=names, space="pose"), (arm,), limits(AXES))


def test_a_joint_that_the_robot_lacks_is_refused_by_name():
    with pytest.raises(UnknownName, match="joint named 'elbow'"):
        Executor(ExecutorConfig(), ChunkRules(names=("elbow",), space="joint"), (), limits(AXES))


def test_the_pair_of_arms_follows_poses_of_both_tools():
    pair = robot("wxai_pair")
    kinematics = [Kinematics(pair, group.name) for group in pair.groups]
    arms = arms_of(kinematics, [None, None])
    names = pose_names("left_arm.", "right_arm.")
    rules = ChunkRules(names=names, space="pose")
    executor = Executor(ExecutorConfig(), rules, arms, Limits.of(pair))
    home = [arm.tool(pair.home[pair.columns(arm.group)]) for arm in kinematics]
    rows = []
    for share in np.linspace(0, 1, 8):
        row = []
        for place in home:
            point = place[:3, 3] + share * np.array([0.0, 0.0, 0.04])
            row += [*point, *Rotation.from_matrix(place[:3, :3]).as_quat()]
        rows.append(row)
    output = executor.on_chunk(chunk(rows, names), 0.0, pair.home)
    assert output.report.accepted, output.report.reason
    for arm, place in zip(kinematics, home, strict=True):
        end = arm.tool(output.trajectory.positions[-1][pair.columns(arm.group)])
        np.testing.assert_allclose(end[:3, 3], place[:3, 3] + [0, 0, 0.04], atol=2e-3)
        np.testing.assert_allclose(end[:3, :3], place[:3, :3], atol=2e-2)
