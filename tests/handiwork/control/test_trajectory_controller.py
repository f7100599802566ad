"""The rules of joint_trajectory_controller, one by one."""

import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointSample
from handiwork.control.tolerances import JointConstraint
from handiwork.control.trajectory_controller import (
    GOAL_TOLERANCE_VIOLATED,
    INVALID_GOAL,
    PATH_TOLERANCE_VIOLATED,
    SUCCESSFUL,
    ControllerConfig,
    GoalState,
    TrajectoryController,
)
from handiwork.control.trajectory_request import (
    GoalRequest,
    Tolerance,
    TrajectoryPoint,
    TrajectoryRequest,
)
from handiwork.errors import RejectedTrajectory

START = np.array([0.1, -0.2])
TARGET = (0.5, 0.4)


def controller(**config):
    return TrajectoryController(ControllerConfig(joints=("a", "b"), **config), START)


def at(position, velocity=(0.0, 0.0)):
    return JointSample(np.array(position), np.array(velocity), np.zeros(2))


def point(time, positions=TARGET, **more):
    return TrajectoryPoint(time_from_start=time, positions=positions, **more)


def request(*points, names=("a", "b"), stamp=0.0):
    return TrajectoryRequest(names=names, points=points or (point(1.0),), stamp=stamp)


def goal(*points, stamp=0.0, **tolerances):
    return GoalRequest(trajectory=request(*points, stamp=stamp), **tolerances)


def follows(arm, since, until, period=0.01):
    """Commands of an arm that goes exactly where it is told."""
    commands = [arm.reference]
    for now in np.arange(since, until, period):
        commands.append(arm.command(now, commands[-1]))
    return commands


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (request(point(1.0, (0.5,)), names=("a",)), "lacks joints"),
        (request(names=("a", "c")), "unknown joints"),
        (request(names=()), "names no joints"),
        (request(names=("a", "a")), "twice"),
        (TrajectoryRequest(names=("a", "b"), points=()), "no points"),
        (request(point(1.0, (0.5,))), "1 positions for 2 joints"),
        (request(point(1.0, ())), "0 positions for 2 joints"),
        (request(point(1.0, velocities=(0.0,))), "1 velocities for 2 joints"),
        (request(point(1.0, accelerations=(0.0,))), "1 accelerations for 2 joints"),
        (request(point(1.0, velocities=(0.0, 0.1))), "last point moves"),
        (request(point(1.0), point(1.0)), "strictly increasing"),
        (request(point(1.0), point(0.5)), "strictly increasing"),
        (request(point(1.0, effort=(1.0, 1.0))), "effort"),
        (request(point(1.0, (np.nan, 0.0))), "not finite"),
        (request(stamp=98.0), "ended 1.000 s ago"),
    ],
)
def test_a_bad_trajectory_is_rejected_by_name_and_changes_nothing(bad, said):
    arm = controller()
    arm.follow(request(), 100.0, at(START))
    running = arm.start(goal(), 100.0, at(START))
    for ask in (arm.check, lambda r, now: arm.follow(r, now, at(START))):
        with pytest.raises(RejectedTrajectory, match=said):
            ask(bad, 100.0)
    with pytest.raises(RejectedTrajectory, match=said):
        arm.start(GoalRequest(trajectory=bad), 100.0, at(START))
    assert arm.status(running).state is GoalState.RUNNING
    np.testing.assert_allclose(follows(arm, 100.0, 101.1)[-1].position, TARGET)


def test_joint_names_may_come_in_any_order():
    arm = controller()
    arm.follow(request(point(1.0, (0.4, 0.5)), names=("b", "a")), 100.0, at(START))
    np.testing.assert_allclose(arm.command(101.0, at(START)).position, TARGET)


def test_joints_left_out_stay_where_they_are_if_a_part_is_allowed():
    arm = controller(allow_partial_joints_goal=True)
    arm.follow(request(point(1.0, (0.9,)), names=("b",)), 100.0, at(START))
    np.testing.assert_allclose(arm.command(100.5, at(START)).position, [0.1, 0.35])
    np.testing.assert_allclose(arm.command(101.0, at(START)).position, [0.1, 0.9])


def test_a_moving_end_is_accepted_where_allowed():
    controller(allow_nonzero_velocity_at_trajectory_end=True).check(
        request(point(1.0, velocities=(0.1, 0.1))), 100.0
    )


def test_stamp_zero_starts_now():
    arm = controller()
    arm.follow(request(point(0.5, (0.3, 0.0)), point(1.0)), 100.0, at(START))
    np.testing.assert_allclose(arm.command(100.5, at(START)).position, [0.3, 0.0])


def test_early_points_of_a_past_start_are_skipped():
    arm = controller()
    arm.follow(request(point(0.0, (9.0, 9.0)), point(1.0), stamp=99.5), 100.0, at(START))
    np.testing.assert_allclose(arm.command(100.0, at(START)).position, [4.75, 4.7])


def test_a_future_start_is_led_up_to_from_the_state_at_arrival():
    """An arm that is where the trajectory starts therefore holds until then."""
    arm = controller()
    still = {"velocities": (0.0, 0.0), "accelerations": (0.0, 0.0)}
    ahead = request(point(0.0, tuple(START), **still), point(1.0, **still), stamp=101.0)
    arm.follow(ahead, 100.0, at(START))
    for now in (100.0, 100.5, 101.0):
        np.testing.assert_allclose(arm.command(now, at(START)).position, START)
    np.testing.assert_allclose(arm.command(102.0, at(START)).position, TARGET)


def test_a_first_point_at_time_zero_is_taken_at_once():
    arm = controller()
    arm.follow(request(point(0.0), point(1.0)), 100.0, at(START))
    np.testing.assert_allclose(arm.command(100.0, at(START)).position, TARGET)


@pytest.mark.parametrize("desired", [True, False])
def test_a_trajectory_starts_from_the_desired_or_the_measured_state(desired):
    arm = controller(interpolate_from_desired_state=desired)
    measured = at((0.0, 0.0))
    arm.follow(request(point(1.0)), 100.0, measured)
    want = START if desired else measured.position
    np.testing.assert_allclose(arm.command(100.0, measured).position, want)


def test_a_new_trajectory_replaces_the_whole_old_one():
    arm = controller()
    arm.follow(request(point(1.0), point(2.0, (9.0, 9.0))), 100.0, at(START))
    follows(arm, 100.0, 100.5)
    arm.follow(request(point(1.0, (0.0, 0.0))), 100.5, at(START))
    assert follows(arm, 100.5, 103.0)[-1].position == pytest.approx([0.0, 0.0])


def test_a_new_goal_preempts_the_active_one():
    arm = controller()
    first = arm.start(goal(), 100.0, at(START))
    second = arm.start(goal(), 100.2, at(START))
    ended = arm.status(first)
    assert (ended.state, ended.code) == (GoalState.ABORTED, INVALID_GOAL)
    assert ended.text == "Current goal preempted by new incoming action."
    assert arm.active_goal == second


def test_a_topic_message_does_not_end_the_active_goal():
    arm = controller()
    number = arm.start(goal(), 100.0, at(START))
    arm.follow(request(point(0.5, (0.0, 0.0))), 100.2, at(START))
    assert arm.status(number).state is GoalState.RUNNING
    follows(arm, 100.2, 101.0)
    assert arm.status(number).state is GoalState.SUCCEEDED


def test_success_keeps_holding_the_last_point():
    arm = controller(constraints={"a": JointConstraint(trajectory=0.01, goal=0.01)})
    number = arm.start(goal(), 100.0, at(START))
    follows(arm, 100.0, 101.1)
    ended = arm.status(number)
    assert (ended.state, ended.code) == (GoalState.SUCCEEDED, SUCCESSFUL)
    far = arm.command(105.0, at((9.0, 9.0)))
    np.testing.assert_allclose(far.position, TARGET)
    assert not far.velocity.any()


def test_cancel_ends_the_goal_and_holds_where_the_arm_is():
    arm = controller()
    number = arm.start(goal(), 100.0, at(START))
    arm.command(100.5, at((0.28, 0.08)))
    arm.cancel(100.5, at((0.28, 0.08), (1.0, 1.0)))
    assert arm.status(number).state is GoalState.CANCELED
    held = arm.command(101.0, at((0.28, 0.08)))
    np.testing.assert_allclose(held.position, [0.28, 0.08])
    assert not held.velocity.any()


def test_cancel_without_a_goal_leaves_a_topics_trajectory_running():
    arm = controller()
    arm.follow(request(), 100.0, at(START))
    arm.cancel(100.5, at(START))
    np.testing.assert_allclose(arm.command(101.0, at(START)).position, TARGET)


def test_leaving_the_path_aborts_and_holds():
    arm = controller(constraints={"b": JointConstraint(trajectory=0.05)})
    number = arm.start(goal(), 100.0, at(START))
    arm.command(100.1, at(START))  # b lags by 0.06
    arm.command(100.1, at(START))
    ended = arm.status(number)
    assert (ended.state, ended.code) == (GoalState.ABORTED, PATH_TOLERANCE_VIOLATED)
    assert "b is off by 0.06" in ended.text
    np.testing.assert_allclose(arm.command(100.5, at((0.0, 0.0))).position, START)


def test_leaving_the_path_of_a_topics_trajectory_holds_too():
    arm = controller(constraints={"b": JointConstraint(trajectory=0.05)})
    arm.follow(request(), 100.0, at(START))
    arm.command(100.5, at(START))
    np.testing.assert_allclose(arm.command(100.9, at(START)).position, START)


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        (0.0, GoalState.ABORTED),  # keeps the default of 0.05
        (-1.0, GoalState.RUNNING),  # lifts it
        (0.5, GoalState.RUNNING),
        (0.01, GoalState.ABORTED),
    ],
)
def test_a_goals_path_tolerance_keeps_lifts_or_replaces_the_default(wanted, ends):
    arm = controller(constraints={"b": JointConstraint(trajectory=0.05)})
    tolerances = {"b": Tolerance(position=wanted)}
    number = arm.start(goal(path_tolerance=tolerances), 100.0, at(START))
    arm.command(100.5, at(START))
    assert arm.status(number).state is ends


@pytest.mark.parametrize("bad", [{"b": Tolerance(position=-0.5)}, {"c": Tolerance(position=9.0)}])
def test_tolerances_that_make_no_sense_leave_the_defaults(bad):
    arm = controller(constraints={"b": JointConstraint(trajectory=0.05)})
    number = arm.start(goal(path_tolerance=bad), 100.0, at(START))
    arm.command(100.5, at(START))
    assert arm.status(number).code == PATH_TOLERANCE_VIOLATED


def test_a_goal_is_waited_for_without_end_when_goal_time_is_zero():
    arm = controller(constraints={"a": JointConstraint(goal=0.01)})
    number = arm.start(goal(), 100.0, at(START))
    arm.command(100.5, at(START))
    arm.command(1000.0, at(START))
    assert arm.status(number).state is GoalState.RUNNING
    arm.command(1001.0, at(TARGET))
    assert arm.status(number).state is GoalState.SUCCEEDED


def test_missing_the_goal_for_longer_than_goal_time_aborts_and_holds():
    arm = controller(constraints={"a": JointConstraint(goal=0.01)}, goal_time=0.5)
    number = arm.start(goal(), 100.0, at(START))
    arm.command(100.0, at(START))
    arm.command(101.4, at(START))
    assert arm.status(number).state is GoalState.RUNNING
    arm.command(101.6, at((0.3, 0.3)))
    assert arm.status(number).code == GOAL_TOLERANCE_VIOLATED
    np.testing.assert_allclose(arm.command(101.7, at(START)).position, [0.3, 0.3])


def test_a_goal_may_bring_its_own_goal_time_and_tolerance():
    arm = controller(goal_time=0.0)
    wanted = goal(goal_tolerance={"a": Tolerance(position=0.01)}, goal_time_tolerance=0.2)
    number = arm.start(wanted, 100.0, at(START))
    arm.command(100.0, at(START))
    arm.command(101.3, at(START))
    assert arm.status(number).code == GOAL_TOLERANCE_VIOLATED


def test_an_arm_that_still_moves_has_not_arrived():
    arm = controller(stopped_velocity_tolerance=0.01)
    number = arm.start(goal(), 100.0, at(START))
    arm.command(100.0, at(START))
    arm.command(101.0, at(TARGET, (0.1, 0.0)))
    assert arm.status(number).state is GoalState.RUNNING
    arm.command(101.1, at(TARGET))
    assert arm.status(number).state is GoalState.SUCCEEDED


def test_hold_drops_everything_as_after_a_reset():
    arm = controller()
    number = arm.start(goal(), 100.0, at(START))
    arm.hold(np.array([0.7, 0.7]))
    assert arm.status(number).state is GoalState.ABORTED
    np.testing.assert_allclose(arm.command(100.5, at(START)).position, [0.7, 0.7])


def test_constraints_of_unknown_joints_are_refused():
    with pytest.raises(ValueError, match="constraints must name joints"):
        controller(constraints={"c": JointConstraint(goal=0.1)})
