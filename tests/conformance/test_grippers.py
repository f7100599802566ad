"""Grippers open and close by either action, and refuse what they cannot do.

Source: ros2_controllers, gripper_controllers (Jazzy) and parallel_gripper_controller (Kilted).
"""

import pytest
from action_msgs.msg import GoalStatus
from control_msgs.action import GripperCommand, ParallelGripperCommand
from control_msgs.msg import GripperCommand as Command
from sensor_msgs.msg import JointState


@pytest.fixture
def gripper(arm):
    if arm.group.gripper is None:
        pytest.skip(f"{arm.robot.name} has no gripper on {arm.group.name}")
    ready = (arm.gripper.server_is_ready, arm.parallel_gripper.server_is_ready)
    assert arm.until(lambda: all(is_ready() for is_ready in ready))
    arm.rest()
    return arm.group.gripper


def ask(arm, position, effort=0.0):
    goal = GripperCommand.Goal(command=Command(position=position, max_effort=effort))
    return arm.wait(arm.gripper.send_goal_async(goal))


def ask_parallel(arm, *positions):
    goal = ParallelGripperCommand.Goal(command=JointState(position=list(positions)))
    return arm.wait(arm.parallel_gripper.send_goal_async(goal))


def test_a_gripper_closes_half_and_its_fingers_go_together(arm, gripper):
    half = 0.5 * (gripper.lower + gripper.upper)
    result = arm.outcome(ask(arm, half))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    assert result.result.reached_goal and not result.result.stalled
    assert result.result.position == pytest.approx(half, abs=0.002)
    arm.spin(0.1)
    for name, position in gripper.positions(half).items():
        assert arm.measured(name) == pytest.approx(position, abs=0.003)


def test_a_gripper_opens_by_the_parallel_action(arm, gripper):
    result = arm.outcome(ask_parallel(arm, gripper.upper))
    assert result.status == GoalStatus.STATUS_SUCCEEDED
    assert result.result.reached_goal
    assert result.result.state.name == [gripper.joints[0]]
    assert result.result.state.position[0] == pytest.approx(gripper.upper, abs=0.002)


def test_what_a_gripper_cannot_do_is_rejected(arm, gripper):
    assert not ask(arm, gripper.upper + 0.01).accepted
    assert not ask(arm, float("nan")).accepted
    assert not ask_parallel(arm, gripper.upper, gripper.upper).accepted
