import numpy as np
import pytest

from handiwork.control.blending import at_rest, depart, join
from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.limits import Limits
from handiwork.control.sampling import sample_all
from handiwork.errors import RejectedTrajectory, WrongShape
from handiwork.safety import Workspace, audit, check, check_tool

LIMITS = Limits(
    names=("a", "b"),
    lower=np.array([-1.0, 0.0]),
    upper=np.array([1.0, 2.0]),
    velocity=np.array([3.0, 3.0]),
    acceleration=np.array([20.0, 20.0]),
    jerk=np.array([1000.0, 1000.0]),
)
HOME = np.array([0.0, 1.0])
NOW = 5.0
DT = 0.002


def good():
    """A fast but lawful motion from home, as blending makes it."""
    times = NOW + 0.1 * np.arange(1, 11)
    wanted = HOME + 0.8 * np.sin(4 * (times - NOW))[:, None] * np.array([1.0, -1.0])
    departure = depart(at_rest(LIMITS.names, HOME, NOW), NOW, NOW + 0.03)
    return join(departure, times, wanted, LIMITS).trajectory


def changed(**arrays):
    trajectory = good()
    parts = {
        what: np.array(getattr(trajectory, what))
        for what in ("times", "positions", "velocities", "accelerations")
    }
    names = arrays.pop("names", LIMITS.names)
    return JointTrajectory(names=names, **{**parts, **arrays})


def gate(trajectory, limits=LIMITS, position=HOME):
    check(
        trajectory, limits, running=at_rest(LIMITS.names, position, NOW), now=NOW, switch=NOW + 0.03
    )


def narrowed(**limits):
    every = {w: getattr(LIMITS, w) for w in ("names", "lower", "upper", "velocity", "acceleration")}
    return Limits(**{"jerk": LIMITS.jerk, **every, **limits})


def test_a_blended_trajectory_passes():
    gate(good())


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (narrowed(upper=np.array([1.0, 1.2])), "b would have position 1.*want -0.0001 to 1.2 rad"),
        (narrowed(velocity=np.array([1.0, 3.0])), "a would have velocity .*at most 1 rad/s"),
        (narrowed(acceleration=np.array([20.0, 5.0])), "b would have acceleration .*at most 5"),
        (narrowed(jerk=np.array([50.0, 1000.0])), "a would have jerk .*at most 50 rad/s"),
    ],
)
def test_each_limit_is_named_with_what_would_have_happened(limits, said):
    with pytest.raises(RejectedTrajectory, match=said):
        gate(good(), limits)


def test_a_limit_broken_only_between_two_points_is_found():
    """Half a second at rest at both ends, and 3.6 rad/s in between."""
    leap = JointTrajectory(
        names=LIMITS.names,
        times=np.array([NOW, NOW + 0.03, NOW + 0.53]),
        positions=np.array([HOME, HOME, HOME + np.array([0.96, 0.0])]),
        velocities=np.zeros((3, 2)),
        accelerations=np.zeros((3, 2)),
    )
    with pytest.raises(RejectedTrajectory, match=r"a would have velocity 3\."):
        gate(leap)


def test_other_joints_are_refused():
    with pytest.raises(RejectedTrajectory, match="has joints"):
        gate(changed(names=("a", "c")))


@pytest.mark.parametrize("what", ["positions", "velocities", "accelerations"])
def test_values_that_are_not_finite_are_refused(what):
    broken = np.array(getattr(good(), what))
    broken[3, 1] = np.nan
    with pytest.raises(RejectedTrajectory, match=f"{what} are missing or not finite"):
        gate(changed(**{what: broken}))


def test_a_step_against_what_is_being_commanded_is_refused():
    with pytest.raises(RejectedTrajectory, match=r"b would step by 0\.01 rad"):
        gate(good(), position=HOME + np.array([0.0, 0.01]))


def test_a_trajectory_that_ends_moving_is_refused():
    velocities = np.array(good().velocities)
    velocities[-1, 0] = 0.01
    with pytest.raises(RejectedTrajectory, match=r"ends with velocity 0\.01"):
        gate(changed(velocities=velocities))


def tool_of(q):
    """A tool whose x is joint a [m]."""
    pose = np.eye(4)
    pose[0, 3] = q[0]
    return pose


def test_a_tool_that_would_leave_its_box_is_refused():
    box = Workspace(lower=(-1.0, -1.0, -1.0), upper=(0.5, 1.0, 1.0))
    with pytest.raises(RejectedTrajectory, match=r"tool would be at x = 0\.\d+ m.*0\.5000 m"):
        check_tool(good(), box, tool_of, NOW)
    check_tool(good(), Workspace(lower=(-1.0, -1.0, -1.0), upper=(1.0, 1.0, 1.0)), tool_of, NOW)


def test_a_tool_outside_its_box_may_come_back():
    times = np.array([NOW, NOW + 1.0])
    inwards = JointTrajectory(
        names=LIMITS.names, times=times, positions=np.array([[0.9, 1.0], [0.0, 1.0]])
    )
    box = Workspace(lower=(-1.0, -1.0, -1.0), upper=(0.5, 1.0, 1.0))
    check_tool(inwards, box, tool_of, NOW)


def test_a_box_inside_out_is_refused():
    with pytest.raises(ValueError, match="lower must be below"):
        Workspace(lower=(0.0, 0.0, 1.0), upper=(1.0, 1.0, 0.0))


def logged(trajectory):
    times = np.arange(trajectory.start, trajectory.end, DT)
    return times, sample_all(trajectory, times)[0]


def test_a_blended_trajectory_audits_clean():
    found = audit(*logged(good()), LIMITS)
    assert (found.violations, found.steps) == (0, 0)
    assert 0.1 < found.worst[2] <= 1.0


def test_a_log_with_a_jittery_clock_audits_clean_too():
    rng = np.random.default_rng(0)
    trajectory = good()
    times = np.cumsum(rng.uniform(0.001, 0.006, 300)) + trajectory.start
    found = audit(times, sample_all(trajectory, times)[0], LIMITS)
    assert (found.violations, found.steps) == (0, 0)


def test_a_planted_position_is_found():
    """A ramp at 1 rad/s that crosses the limit and stays constant in all else."""
    times = np.arange(0, 1.0, DT)
    found = audit(times, np.stack([0.5 + times, 1 + 0 * times], axis=1), LIMITS)
    beyond = np.count_nonzero(0.5 + times > 1.0 + 1e-4)
    assert found.position == found.violations == beyond


@pytest.mark.parametrize(
    ("what", "order", "value"),
    [("velocity", 1, 3.3), ("acceleration", 2, 22.0), ("jerk", 3, 1100.0)],
)
def test_a_planted_derivative_is_found_and_nothing_else(what, order, value):
    """A polynomial whose derivative of one order is 10 % over its limit, all along."""
    times = np.arange(10) * DT
    polynomial = np.polynomial.Polynomial([0] * order + [value / [1, 1, 2, 6][order]])
    found = audit(times, np.stack([polynomial(times), 1 + 0 * times], axis=1), LIMITS)
    assert getattr(found, what) == len(times) - order == found.violations
    assert found.steps == 0


def test_a_planted_step_in_position_is_found():
    times, positions = logged(good())
    positions[100:, 0] += 0.02
    found = audit(times, positions, LIMITS)
    assert found.position_steps == 1
    assert found.violations > 0


def test_a_planted_step_in_velocity_is_found():
    times, positions = logged(good())
    positions[100:, 0] += 0.2 * (times[100:] - times[100])
    found = audit(times, positions, LIMITS)
    assert found.position_steps == 0
    assert found.velocity_steps >= 1


def test_times_that_do_not_increase_are_refused():
    with pytest.raises(ValueError, match="strictly increasing"):
        audit(np.zeros(10), np.zeros((10, 2)), LIMITS)


def test_a_log_of_other_joints_is_refused():
    with pytest.raises(WrongShape, match="positions"):
        audit(np.arange(10.0), np.zeros((10, 3)), LIMITS)
