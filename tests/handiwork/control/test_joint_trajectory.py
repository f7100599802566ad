import numpy as np
import pytest

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.sampling import sample, sample_all, sample_extremes, sample_segments
from handiwork.errors import WrongShape

TIMES = np.array([10.0, 10.5, 11.5])
POLYNOMIALS = [
    np.polynomial.Polynomial(c) for c in ([1, 2, -1, 0.5, 0.3, -0.2], [0, 0, 1, 1, 0, 0])
]


def trajectory_of(polynomials, degree):
    """Points on polynomials of time since 10 s, with the derivatives that `degree` asks for."""
    rows = [
        np.stack([p.deriv(order)(TIMES - 10) if order else p(TIMES - 10) for p in polynomials], 1)
        for order in range(3)
    ]
    return JointTrajectory(
        names=("a", "b"),
        times=TIMES,
        positions=rows[0],
        velocities=rows[1] if degree >= 3 else None,
        accelerations=rows[2] if degree >= 5 else None,
    )


@pytest.mark.parametrize("degree", [1, 3, 5])
def test_a_polynomial_of_the_interpolations_degree_is_reproduced_exactly(degree):
    polynomials = [p.truncate(degree + 1) for p in POLYNOMIALS]
    trajectory = trajectory_of(polynomials, degree)
    for time in np.linspace(10.0, 11.499, 40):
        got = sample(trajectory, time)
        for order, values in enumerate((got.position, got.velocity, got.acceleration)):
            want = [p.deriv(order)(time - 10) if order else p(time - 10) for p in polynomials]
            np.testing.assert_allclose(values, want, atol=1e-10)


def test_a_row_of_nan_lowers_the_degree_of_its_two_segments_only():
    full = trajectory_of(POLYNOMIALS, 5)
    velocities, accelerations = full.velocities.copy(), full.accelerations.copy()
    accelerations[2] = np.nan
    mixed = JointTrajectory(
        names=full.names,
        times=TIMES,
        positions=full.positions,
        velocities=velocities,
        accelerations=accelerations,
    )
    cubic = trajectory_of(POLYNOMIALS, 3)
    np.testing.assert_allclose(sample(mixed, 10.2).position, sample(full, 10.2).position)
    np.testing.assert_allclose(sample(mixed, 11.0).position, sample(cubic, 11.0).position)


def test_after_the_end_the_last_point_is_held_at_rest():
    after = sample(trajectory_of(POLYNOMIALS, 5), 12.0)
    np.testing.assert_allclose(after.position, [p(1.5) for p in POLYNOMIALS])
    assert not after.velocity.any()
    assert not after.acceleration.any()


def test_before_the_start_the_first_point_counts():
    before = sample(trajectory_of(POLYNOMIALS, 5), 9.0)
    np.testing.assert_allclose(before.position, [1.0, 0.0])
    np.testing.assert_allclose(before.velocity, [2.0, 0.0])


def test_many_samples_at_once_equal_one_at_a_time():
    trajectory = trajectory_of(POLYNOMIALS, 5)
    times = np.linspace(9.9, 11.499, 17)
    together = sample_all(trajectory, times)
    for index, time in enumerate(times):
        single = sample(trajectory, time)
        np.testing.assert_allclose(together[0, index], single.position, atol=1e-12)
        np.testing.assert_allclose(together[1, index], single.velocity, atol=1e-12)
        np.testing.assert_allclose(together[2, index], single.acceleration, atol=1e-12)


def test_samples_by_segment_lie_on_the_trajectory_and_its_derivatives():
    times, values = sample_segments(trajectory_of(POLYNOMIALS, 5), parts=4)
    for order in range(4):
        want = np.stack(
            [p.deriv(order)(times - 10) if order else p(times - 10) for p in POLYNOMIALS]
        )
        np.testing.assert_allclose(values[order], np.moveaxis(want, 0, -1), atol=1e-9)


def test_extremes_are_those_of_the_samples_by_segment():
    trajectory = trajectory_of(POLYNOMIALS, 5)
    _, values = sample_segments(trajectory, parts=4)
    lowest, highest = sample_extremes(trajectory, parts=4)
    np.testing.assert_array_equal(lowest, values.min(axis=(1, 2)))
    np.testing.assert_array_equal(highest, values.max(axis=(1, 2)))


def test_a_single_point_is_a_place_to_rest():
    trajectory = JointTrajectory(names=("a",), times=np.array([1.0]), positions=np.array([[0.3]]))
    for time in (0.0, 1.0, 2.0):
        assert sample(trajectory, time).position == pytest.approx([0.3])
    assert sample_all(trajectory, np.array([0.0, 2.0]))[0] == pytest.approx(np.full((2, 1), 0.3))


def test_times_that_do_not_increase_are_refused():
    with pytest.raises(ValueError, match="strictly increasing"):
        JointTrajectory(names=("a",), times=np.array([1.0, 1.0]), positions=np.zeros((2, 1)))


def test_rows_for_other_joints_are_refused():
    with pytest.raises(WrongShape, match="positions"):
        JointTrajectory(names=("a",), times=np.array([1.0]), positions=np.zeros((1, 2)))
