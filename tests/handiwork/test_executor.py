from dataclasses import replace

import numpy as np
import pytest

from handiwork.chunks import ActionChunk, ChunkRules
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample, sample_all
from handiwork.executor import Executor
from handiwork.robots.kinematics import Kinematics, pointing_down
from handiwork.robots.wxai import WXAI
from handiwork.safety import audit
from handiwork.tasks.push_t import follow
from handiwork.tasks.push_t_execution import PUSH_T_EXECUTION, PUSH_T_TOOL
from tests.fakes import Gantry

POSE_RULES = ChunkRules(names=("x", "y"), space="pose")
LIMITS = Limits(
    names=("x_axis", "y_axis", "z_axis"),
    lower=np.full(3, -1.0),
    upper=np.full(3, 1.0),
    velocity=np.full(3, 2.0),
    acceleration=np.full(3, 20.0),
    jerk=np.full(3, 1000.0),
)
REST = np.array([0.27, 0.0, 0.008])
AWAY = np.array([0.05, -0.03, 0.0])
PERIOD = 0.1


def executor(kinematics=None, rules=POSE_RULES, limits=LIMITS):
    return Executor(PUSH_T_EXECUTION, rules, kinematics or Gantry(), limits)


def chunk(start, sequence=1, rows=None, **more):
    rows = np.tile((REST + AWAY)[:2], (15, 1)) if rows is None else rows
    default = {
        "names": ("x", "y"),
        "space": "pose",
        "frame": "base_link",
        "period": PERIOD,
        "observed": start - 0.05,
    }
    return ActionChunk(rows=rows, start=start, sequence=sequence, **{**default, **more})


def wandering(seed, count):
    """(count, 2) targets that wander about the table as humans' do."""
    steps = np.random.default_rng(seed).normal(0, 0.012, (count, 2))
    return np.clip(REST[:2] + np.cumsum(steps, axis=0), [0.15, -0.12], [0.40, 0.12])


def streamed(arm, targets, rest, chunks, latency=0.07):
    """Chunks of one plan, one a period, each `latency` late: times and commands every 2 ms."""
    times, commands = [], []
    for k in range(chunks):
        now = k * PERIOD + latency
        output = arm.on_chunk(chunk(k * PERIOD, k, targets[k : k + 15]), now, rest)
        assert output.report.accepted, output.report.reason
        assert output.report.in_time
        instants = np.arange(now, now + PERIOD - 1e-9, 0.002)
        times.append(instants)
        commands.append(sample_all(output.trajectory, instants)[0])
        rest = commands[-1][-1]
    return np.concatenate(times), np.concatenate(commands)


def test_the_tool_takes_the_path_of_the_demonstrations_agent():
    targets = wandering(0, 60)
    times, commands = streamed(executor(), targets, REST, 40)
    path, _ = follow(targets, REST[:2], np.zeros(2))
    want = np.stack([np.interp(times, 0.01 * np.arange(1, 601), axis) for axis in path.T], axis=1)
    late = times > 1.5  # the start came 0.1 s late, which the spring forgets
    assert np.abs(commands[late, :2] - want[late]).max() < 1e-3
    np.testing.assert_allclose(commands[:, 2], 0.008, atol=1e-6)


@pytest.mark.parametrize("seed", [0, 1])
def test_an_arm_streamed_chunks_keeps_every_limit_and_never_steps(seed):
    kinematics = Kinematics(WXAI)
    limits = Limits.of(WXAI)
    home = kinematics.inverse(pointing_down(REST[None])[0], WXAI.home)
    targets = wandering(seed, 40)
    times, commands = streamed(executor(kinematics, limits=limits), targets, home, 20)
    found = audit(times, commands, limits)
    assert (found.violations, found.steps) == (0, 0)
    heights = [kinematics.tool(q)[2, 3] for q in commands[::10]]
    np.testing.assert_allclose(heights, 0.008, atol=1e-3)


def test_a_target_across_the_table_is_reached_without_leaving_the_limits():
    arm = executor()
    far = np.tile([0.42, 0.15], (15, 1))
    trajectory = arm.on_chunk(chunk(0.0, rows=far), 0.0, REST).trajectory
    times = np.arange(0, trajectory.end, 0.002)
    assert audit(times, sample_all(trajectory, times)[0], LIMITS).violations == 0
    np.testing.assert_allclose(trajectory.positions[-1, :2], [0.42, 0.15], atol=2e-3)


def test_targets_off_the_plane_are_clipped_to_it():
    far = np.tile([0.60, 0.0], (15, 1))
    trajectory = executor().on_chunk(chunk(0.0, rows=far), 0.0, REST).trajectory
    assert trajectory.positions[-1, 0] == pytest.approx(0.42, abs=2e-3)


def test_the_row_due_when_the_new_trajectory_departs_is_the_first_in_force():
    """Past rows lead elsewhere; only what is in force from the departure on is followed."""
    rows = np.tile([0.15, 0.1], (15, 1))
    rows[3:] = [0.35, -0.1]
    arm = executor()
    late = arm.on_chunk(chunk(0.0, rows=rows), 0.28, REST)  # departs at 0.32, in row 3
    assert late.report.rows_skipped == 3
    x = sample_all(late.trajectory, np.arange(0.3, 1.5, 0.01))[0][:, 0]
    assert (np.diff(x) >= -1e-6).all()


def test_a_chunk_ahead_of_time_is_not_begun_before_it_is_due():
    arm = executor()
    trajectory = arm.on_chunk(chunk(0.5, observed=0.0), 0.0, REST).trajectory
    np.testing.assert_allclose(sample(trajectory, 0.5).position, REST, atol=1e-9)
    assert np.abs(sample(trajectory, 0.7).position - REST).max() > 0.005


def test_without_another_chunk_the_arm_comes_to_rest_and_says_why():
    arm = executor()
    trajectory = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    assert not trajectory.velocities[-1].any()
    assert trajectory.end < 15 * PERIOD + 1.0
    assert arm.on_tick(trajectory.end - 0.01) is None
    assert "no chunk was accepted after chunk 1" in arm.on_tick(trajectory.end + 0.5)


def test_a_joint_chunk_is_followed_by_name():
    names = ("z_axis", "x_axis", "y_axis")
    rules = ChunkRules(names=names, space="joint")
    swing = 0.05 * (1 - np.cos(2 * PERIOD * np.arange(1, 16)))
    rows = REST[[2, 0, 1]] + np.stack([0 * swing, swing, -swing], axis=1)
    wanted = chunk(PERIOD, rows=rows, names=names, space="joint")
    trajectory = executor(rules=rules).on_chunk(wanted, 0.0, REST).trajectory
    inside = sample_all(trajectory, wanted.times[3:12])[0]
    np.testing.assert_allclose(inside, rows[3:12][:, [1, 2, 0]], atol=0.005)


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (chunk(0.1, 2, rows=np.full((15, 2), np.nan)), "not_finite"),
        (chunk(0.1, 2, names=("x", "z")), "spec"),
        (chunk(0.1, 0), "order"),
        (chunk(-5.0, 2, observed=0.1), "past"),
        (chunk(0.1, 2, observed=-1.0), "stale"),
        (chunk(9.0, 2, observed=0.1), "ahead"),
    ],
)
def test_a_refused_chunk_leaves_the_running_trajectory_as_it_was(bad, kind):
    arm = executor()
    running = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    output = arm.on_chunk(bad, 0.15, REST)
    assert output.trajectory is None
    assert (output.report.accepted, output.report.kind) == (False, kind)
    assert output.report.reason
    assert arm.refused == {kind: 1}
    following = arm.on_chunk(chunk(0.15, 3), 0.2, sample(running, 0.2).position).trajectory
    np.testing.assert_allclose(
        sample(following, 0.23).position, sample(running, 0.23).position, atol=1e-9
    )


def test_a_target_out_of_reach_is_refused_as_such():
    report = executor(Gantry(reach=0.3)).on_chunk(chunk(0.0), 0.0, REST).report
    assert report.kind == "unreachable"
    assert "gantry ends" in report.reason


def test_what_would_leave_the_workspace_stops_at_the_gate():
    low = REST + np.array([0.0, 0.0, 0.05])
    config = replace(PUSH_T_EXECUTION, tool=replace(PUSH_T_TOOL, tip_height=0.001))
    report = Executor(config, POSE_RULES, Gantry(), LIMITS).on_chunk(chunk(0.0), 0.0, low).report
    assert report.kind == "gate"
    assert "z =" in report.reason


@pytest.mark.parametrize(("late", "in_time"), [(0.0, True), (0.19, True), (0.21, False)])
def test_a_first_chunk_is_in_time_with_at_most_two_rows_past(late, in_time):
    assert executor().on_chunk(chunk(0.0), late, REST).report.in_time is in_time


def test_a_chunk_after_the_last_row_of_the_one_before_is_late():
    arm = executor()
    short = wandering(0, 3)
    arm.on_chunk(chunk(0.0, 1, short), 0.0, REST)
    assert arm.on_chunk(chunk(0.15, 2, short), 0.19, REST).report.in_time
    assert not arm.on_chunk(chunk(0.4, 3, short), 0.4, REST).report.in_time
    assert (arm.accepted, arm.in_time) == (3, 2)


def test_a_policy_that_was_restarted_may_count_anew_after_a_silence():
    arm = executor()
    arm.on_chunk(chunk(0.0, 500), 0.0, REST)
    assert arm.on_chunk(chunk(0.5, 0), 0.5, REST).report.kind == "order"
    assert arm.on_chunk(chunk(3.0, 1), 3.0, REST + AWAY).report.accepted


def test_a_new_run_starts_counts_and_sequence_anew():
    arm = executor()
    arm.on_chunk(chunk(0.0, 9), 0.0, REST)
    arm.start_run()
    assert arm.accepted == 0
    assert arm.on_tick(100.0) is None
    assert arm.on_chunk(chunk(10.0, 0), 10.0, REST).report.accepted


def test_after_a_reset_the_arm_starts_from_where_it_was_put():
    arm = executor()
    arm.on_chunk(chunk(0.0, 1), 0.0, REST)
    arm.start_run()
    put = np.array([0.2, 0.1, 0.008])
    trajectory = arm.on_chunk(chunk(10.0, 2), 10.0, put).trajectory
    np.testing.assert_array_equal(sample(trajectory, 10.0).position, put)


def test_an_arm_that_somebody_else_moved_is_taken_from_where_it_is():
    arm = executor()
    arm.on_chunk(chunk(0.0, 1), 0.0, REST)
    elsewhere = np.array([0.2, 0.15, 0.008])
    trajectory = arm.on_chunk(chunk(0.3, 2), 0.3, elsewhere).trajectory
    np.testing.assert_array_equal(sample(trajectory, 0.3).position, elsewhere)


def test_the_report_tells_when_the_arm_leaves_what_it_followed():
    arm = executor()
    running = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    new = arm.on_chunk(chunk(0.15, 2, wandering(0, 15)), 0.2, REST)
    before, after = np.arange(0.2, new.report.switch, 0.001), new.report.switch + 0.1
    assert 0.24 <= new.report.switch < 0.28  # a knot after the lead
    np.testing.assert_allclose(
        sample_all(new.trajectory, before)[0], sample_all(running, before)[0], atol=1e-9
    )
    left = sample(new.trajectory, after).position - sample(running, after).position
    assert np.abs(left).max() > 1e-4


def test_a_refusal_tells_of_no_switch_as_the_arm_goes_on():
    assert executor().on_chunk(chunk(-5.0), 0.0, REST).report.switch is None


def test_stop_is_quicker_than_running_out_and_then_there_is_nothing_to_stop():
    arm = executor()
    running = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    stopped = arm.stop(0.2)
    np.testing.assert_allclose(
        sample(stopped, 0.23).position, sample(running, 0.23).position, atol=1e-9
    )
    assert stopped.end < 0.6
    assert not stopped.velocities[-1].any()
    assert arm.stop(1.0) is None


def test_an_arm_that_never_moved_needs_no_stop():
    assert executor().stop(0.0) is None


def test_a_trajectory_that_took_too_long_to_make_departs_later():
    arm = executor()
    running = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    slow = arm.on_chunk(chunk(0.1, 2), 0.1, REST, clock=lambda: 0.25)
    times = np.arange(0.1, 0.26, 0.002)
    assert slow.report.accepted
    np.testing.assert_allclose(
        sample_all(slow.trajectory, times)[0], sample_all(running, times)[0], atol=1e-9
    )


def test_a_trajectory_that_stays_too_late_is_refused_and_the_running_one_goes_on():
    arm = executor()
    running = arm.on_chunk(chunk(0.0), 0.0, REST).trajectory
    output = arm.on_chunk(chunk(0.1, 2), 0.1, REST, clock=lambda: 0.6)
    assert output.trajectory is None
    assert output.report.kind == "late"
    assert "load of this machine" in output.report.reason
    after = arm.on_chunk(chunk(0.2, 3), 0.2, REST).trajectory
    times = np.arange(0.2, 0.23, 0.002)
    np.testing.assert_allclose(
        sample_all(after, times)[0], sample_all(running, times)[0], atol=1e-9
    )
