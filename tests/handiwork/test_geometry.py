"""Laws of rigid transforms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handiwork.geometry import (
    change_between,
    changed,
    cross,
    inverse,
    mean_pose,
    nearest_rigid,
    pose,
    pose_from_vector,
    rigid_fault,
    vector_from_pose,
)

numbers = st.lists(st.floats(-1.7, 1.7), min_size=6, max_size=6).map(np.array)


@given(numbers)
def test_a_pose_comes_back_from_its_vector(vector: np.ndarray) -> None:
    np.testing.assert_allclose(vector_from_pose(pose_from_vector(vector)), vector, atol=1e-12)


@given(numbers)
def test_a_pose_and_its_inverse_cancel(vector: np.ndarray) -> None:
    made = pose_from_vector(vector)
    np.testing.assert_allclose(made @ inverse(made), np.eye(4), atol=1e-12)


@given(numbers, numbers)
def test_a_change_leads_from_one_pose_to_the_other(one: np.ndarray, other: np.ndarray) -> None:
    start, end = pose_from_vector(one), pose_from_vector(other)
    np.testing.assert_allclose(changed(start, change_between(start, end)), end, atol=1e-12)


@given(numbers, numbers)
def test_cross_multiplies_as_the_cross_product(one: np.ndarray, other: np.ndarray) -> None:
    np.testing.assert_allclose(cross(one[:3]) @ other[:3], np.cross(one[:3], other[:3]), atol=1e-12)


def test_many_are_done_as_one_by_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(2, 3, 6))
    made = pose_from_vector(vectors)
    np.testing.assert_allclose(made[1, 2], pose_from_vector(vectors[1, 2]), atol=1e-15)
    np.testing.assert_allclose(inverse(made)[1, 2], inverse(made[1, 2]), atol=1e-15)


def test_the_mean_of_a_pose_and_its_opposite_changes_is_the_pose() -> None:
    middle = pose_from_vector(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))
    change = np.array([0.01, -0.02, 0.03, 0.1, 0.05, -0.02])
    both = np.array([changed(middle, change), changed(middle, -change)])
    np.testing.assert_allclose(mean_pose(both), middle, atol=1e-12)


def test_rounded_digits_are_no_fault_and_are_taken_out() -> None:
    exact = pose_from_vector(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]))
    rounded = exact.round(4)
    assert rigid_fault(rounded) is None
    np.testing.assert_allclose(nearest_rigid(rounded), exact, atol=1e-4)
    assert rigid_fault(nearest_rigid(rounded)) is None


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.eye(3), "of shape"),
        (np.full((4, 4), np.nan), "not finite"),
        (np.diag([1.0, 1, -1, 1]), "mirrored"),
        (np.diag([1.0, 1.01, 1, 1]), "scaled or skewed"),
        (pose(np.eye(3), np.array([1.0, 2, 3])).T, "column by column"),
        (np.eye(4) * 3, "last row"),
    ],
)
def test_a_matrix_that_is_not_rigid_has_a_fault(matrix: np.ndarray, words: str) -> None:
    assert words in (rigid_fault(matrix) or "")
