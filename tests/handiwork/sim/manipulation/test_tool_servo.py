"""The commanded joints lead the tool where it is told, within what the joints can do."""

import mujoco
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from handiwork.errors import Unreachable
from handiwork.sim.manipulation.fr3 import TOOL, fr3
from handiwork.sim.manipulation.tool_servo import JOINT_SPEED, TOLERANCE, ToolServo
from handiwork.sim.manipulation.world import HIGHEST, LOWEST

MODEL = fr3().compile()
PERIOD = 0.02
places = st.tuples(
    *(
        st.floats(low, high)
        for low, high in zip((0.34, -0.28, 0.02), (0.62, 0.28, 0.3), strict=True)
    ),
    st.floats(LOWEST[3], HIGHEST[3]),
).map(np.array)


def tool_of(joints: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place (3,) and axes (3, 3) of the tool by MuJoCo's own kinematics."""
    data = mujoco.MjData(MODEL)
    data.qpos[:7] = joints
    mujoco.mj_kinematics(MODEL, data)
    return data.site(TOOL).xpos, data.site(TOOL).xmat.reshape(3, 3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(pose=places)
def test_a_start_pose_is_taken_with_the_tool_straight_down(pose: np.ndarray):
    place, axes = tool_of(ToolServo().reset(pose))
    np.testing.assert_allclose(place, pose[:3], atol=2 * TOLERANCE)
    ahead = [np.cos(pose[3]), np.sin(pose[3]), 0]
    np.testing.assert_allclose(axes[:, 0], ahead, atol=2 * TOLERANCE)
    np.testing.assert_allclose(axes[:, 2], [0, 0, -1], atol=2 * TOLERANCE)


def test_a_pose_out_of_reach_is_refused():
    with pytest.raises(Unreachable, match=r"1\.2"):
        ToolServo().reset(np.array([1.2, 0.0, 0.2, 0.5]))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(start=places, goal=places)
def test_joints_never_exceed_their_speeds_and_limits_on_the_way(
    start: np.ndarray, goal: np.ndarray
):
    assume(abs(start[3] - goal[3]) < 3)
    servo = ToolServo()
    before = servo.reset(start)
    for _ in range(150):
        after = servo.follow(goal, PERIOD)
        assert (np.abs(after - before) <= JOINT_SPEED * PERIOD + 1e-12).all()
        before = after
    assert (MODEL.jnt_range[:7, 0] <= after).all() and (after <= MODEL.jnt_range[:7, 1]).all()
    assert np.abs(servo.error(goal)).max() < 1e-3


def test_the_elbow_returns_to_the_arm_s_upright_plane():
    servo = ToolServo()
    pose = np.array([0.45, 0.1, 0.2, 0.4])
    servo.reset(pose)
    servo.joints = servo.joints + np.array([0, 0, 0.3, 0, 0, 0, 0])
    for _ in range(400):
        servo.follow(pose, PERIOD)
    assert abs(servo.joints[2]) < 0.01 and np.abs(servo.error(pose)).max() < 1e-3
