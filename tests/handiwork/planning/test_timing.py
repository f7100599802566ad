"""Trajectories along paths: on the path, inside all limits, at rest at both ends."""

import numpy as np
import pytest

from handiwork.control.limits import Limits
from handiwork.control.sampling import sample_all
from handiwork.planning import TimingConfig, rounded, splined, timed
from handiwork.planning.rounded_path import RoundedPath, straight_lines
from handiwork.robots.registry import robot
from handiwork.safety import audit, check

CORNERS = np.array([[0.0, 0.0], [0.5, 0.0], [0.5, 0.4]])


def anything(path: np.ndarray) -> bool:
    return True


def random_path(name: str, seed: int) -> np.ndarray:
    chosen, generator = robot(name), np.random.default_rng(seed)
    return generator.uniform(chosen.lower, chosen.upper, (5, len(chosen.joints)))


@pytest.mark.parametrize("name", ["panda", "wxai", "fr3", "g1"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_trajectory_keeps_all_limits_by_the_audit_and_by_the_gate(name: str, seed: int):
    limits = Limits.of(robot(name))
    path = random_path(name, seed)
    trajectory = timed(rounded(path, anything), limits)
    times = np.arange(0.0, trajectory.end, 0.002)
    report = audit(times, sample_all(trajectory, times)[0], limits)
    assert report.violations == 0 and report.steps == 0
    check(
        trajectory,
        limits,
        running=timed(rounded(path[[0, 0]], anything), limits),
        now=0.0,
        switch=0.0,
    )


def test_a_trajectory_starts_and_ends_at_rest_where_the_path_does():
    path = random_path("panda", 2)
    trajectory = timed(rounded(path, anything), Limits.of(robot("panda")))
    np.testing.assert_allclose(trajectory.positions[[0, -1]], path[[0, -1]], atol=1e-12)
    for derivative in (trajectory.velocities, trajectory.accelerations):
        assert derivative is not None
        np.testing.assert_array_equal(derivative[[0, -1]], 0.0)


def test_half_the_speed_is_kept_to_when_it_is_asked_for():
    limits = Limits.of(robot("panda"))
    trajectory = timed(
        rounded(random_path("panda", 3), anything), limits, TimingConfig(velocity_scale=0.5)
    )
    assert trajectory.velocities is not None
    assert np.abs(trajectory.velocities / limits.velocity).max() <= 0.5


def test_a_straight_motion_takes_little_longer_than_the_fastest_there_is():
    """Panda's joint 1 alone: acceleration 15, velocity 2.175 give 2.9 / 2.175 + 2.175 / 15 s."""
    limits, home = Limits.of(robot("panda")), robot("panda").home
    start, end = home.copy(), home.copy()
    start[0], end[0] = -1.45, 1.45
    trajectory = timed(rounded(np.array([start, end]), anything), limits)
    fastest = 2.9 / 2.175 + 2.175 / 15
    assert fastest <= trajectory.end <= fastest + 0.2


def test_a_path_without_motion_is_one_point():
    still = np.zeros((2, 7))
    assert len(timed(rounded(still, anything), Limits.of(robot("panda"))).times) == 1


@pytest.mark.parametrize("order", [1, 2])
def test_derivatives_of_a_path_are_those_of_its_points(order: int):
    for path in (
        rounded(CORNERS, anything)[0],
        splined(np.array([[0, 0], [0.1, 0.2], [0.3, 0.1]])),
    ):
        along, step = np.linspace(0.01, path.length - 0.01, 57), 1e-6
        slopes = (path.at(along + step, order - 1) - path.at(along - step, order - 1)) / (2 * step)
        np.testing.assert_allclose(path.at(along, order), slopes, atol=1e-4)


def test_neither_place_nor_direction_nor_curvature_steps_where_pieces_meet():
    path = rounded(CORNERS, anything)[0]
    for order in range(3):
        before, after = (
            path.at(path.knots[1:-1] - 1e-9, order),
            path.at(path.knots[1:-1] + 1e-9, order),
        )
        np.testing.assert_allclose(before, after, atol=1e-5)


@pytest.mark.parametrize("size", [0.02, 0.3, 2.0])
def test_lines_that_are_checked_for_a_rounding_are_within_1_mrad_of_it(size: float):
    corners = size * np.array([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0], [1.0, 1.0], [1.0, 0.5], [1, 0]])
    lines = straight_lines(corners)
    curve = RoundedPath(corners[None], np.ones(1)).at(np.linspace(0.0, 1.0, 2001))
    shares = np.linspace(0.0, 1.0, len(lines))
    on_lines = [np.interp(np.linspace(0.0, 1.0, 2001), shares, column) for column in lines.T]
    off = np.abs(curve - np.stack(on_lines, 1)).max()
    assert 1e-5 < off <= 1e-3


def test_a_corner_is_rounded_less_where_there_is_less_room():
    def near(path: np.ndarray) -> bool:
        return bool((np.abs(path - CORNERS[1]).max(1) < 0.06).all())

    (path,) = rounded(CORNERS, near)
    points = path.at(np.linspace(0, path.length, 400))
    off = np.minimum(
        np.abs(points[:, 1]), np.abs(points[:, 0] - 0.5)
    )  # from the two straight lines
    assert 0.0 < off.max() < 0.06


def test_where_a_corner_cannot_be_rounded_the_robot_stops_in_it():
    def nothing(path: np.ndarray) -> bool:
        return False

    paths = rounded(CORNERS, nothing)
    assert [isinstance(path, RoundedPath) for path in paths] == [True, True]
    limits = Limits(
        names=("a", "b"),
        lower=np.full(2, -1.0),
        upper=np.full(2, 1.0),
        velocity=np.ones(2),
        acceleration=np.full(2, 5.0),
        jerk=np.full(2, 100.0),
    )
    trajectory = timed(paths, limits)
    assert trajectory.velocities is not None
    at_corner = np.abs(trajectory.positions - CORNERS[1]).max(1).argmin()
    np.testing.assert_allclose(trajectory.positions[at_corner], CORNERS[1], atol=1e-9)
    np.testing.assert_allclose(trajectory.velocities[at_corner], 0.0, atol=1e-9)


def test_a_spline_goes_through_every_posture():
    postures = np.array([[0.0, 0.0], [0.1, 0.2], [0.3, 0.1], [0.35, 0.0]])
    path = splined(postures)
    np.testing.assert_allclose(path.at(path.knots), postures, atol=1e-12)


def test_a_share_of_the_limits_above_one_is_refused():
    with pytest.raises(ValueError, match="velocity_scale"):
        TimingConfig(velocity_scale=1.5)
