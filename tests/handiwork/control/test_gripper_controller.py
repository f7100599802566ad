"""Grippers approach their goals inside their speed, and say when they are there or held up."""

import numpy as np
import pytest

from handiwork.control.gripper_controller import GripperConfig, GripperController
from handiwork.control.trajectory_controller import GoalState
from handiwork.errors import RejectedTrajectory
from handiwork.robots.group import Gripper

GRIPPER = Gripper(
    joints=("left", "right"), ratios=(1.0, -1.0), lower=0.0, upper=0.04, velocity=0.1, effort=40.0
)
PERIOD = 0.004


def run(controller, seconds, start=0.0, stuck_at=None):
    """Commands of so many seconds; the fingers follow at once, or stop where a thing is."""
    commands = []
    for tick in range(round(seconds / PERIOD)):
        measured = controller.command
        if stuck_at is not None:
            measured = max(measured, stuck_at)
        commands.append(controller.step(start + tick * PERIOD, measured))
    return np.array(commands)


def controller(**changes):
    return GripperController(GRIPPER, GripperConfig(**changes), PERIOD)


def test_a_goal_is_reached_inside_the_gripper_s_speed():
    gripper = controller()
    number = gripper.start(0.0, 0.0, now=0.0)
    commands = run(gripper, 1.0)
    assert commands[-1] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(np.diff(commands)).max() <= 0.1 * PERIOD * (1 + 1e-9)
    status = gripper.status(number)
    assert status.state is GoalState.SUCCEEDED and status.reached_goal and not status.stalled


@pytest.mark.parametrize(
    ("allowed", "state"), [(False, GoalState.ABORTED), (True, GoalState.SUCCEEDED)]
)
def test_fingers_that_meet_a_thing_have_stalled(allowed, state):
    gripper = controller(allow_stalling=allowed, stall_timeout=0.5)
    number = gripper.start(0.0, 10.0, now=0.0)
    run(gripper, 2.0, stuck_at=0.02)
    status = gripper.status(number)
    assert status.state is state and status.stalled and not status.reached_goal
    assert gripper.command == pytest.approx(0.0, abs=1e-9)  # it goes on pressing
    assert gripper.effort == 10.0


def test_a_new_goal_ends_the_old_one():
    gripper = controller()
    old = gripper.start(0.0, 0.0, now=0.0)
    run(gripper, 0.1)
    new = gripper.start(0.04, 0.0, now=0.1)
    assert gripper.status(old).state is GoalState.ABORTED
    run(gripper, 1.0, start=0.1)
    assert gripper.status(new).state is GoalState.SUCCEEDED


def test_a_canceled_goal_stops_on_the_way():
    gripper = controller()
    number = gripper.start(0.0, 0.0, now=0.0)
    before = run(gripper, 0.2)
    gripper.cancel()
    after = run(gripper, 0.5, start=0.2)
    assert gripper.status(number).state is GoalState.CANCELED
    assert np.ptp(after[-10:]) < 1e-9
    assert 0.0 < after[-1] < before[-1] + 1e-6


def test_goals_outside_the_stroke_are_rejected():
    for position in (0.05, -0.01, float("nan")):
        with pytest.raises(RejectedTrajectory, match=r"want 0\.0 to 0\.04 m"):
            controller().start(position, 0.0, now=0.0)
