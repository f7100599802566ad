"""Hand-eye calibrations of made-up rigs whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration.hand_eye import HandEye, hand_eye
from calibration.views import KINDS, Kind, ViewSet
from handiwork.geometry import change_between, inverse, pose_from_vector
from tests.calibration.rig import ANCHOR_FROM_BOARD, PARENT_FROM_CAMERA, Noise, view_set

PIXELS = Noise(pixels=0.3)


def errors(found: HandEye) -> tuple[float, float]:
    """[mm], [deg] from the truth."""
    change = change_between(PARENT_FROM_CAMERA, found.transform)
    return 1e3 * float(np.linalg.norm(change[:3])), float(np.degrees(np.linalg.norm(change[3:])))


def with_outliers(viewset: ViewSet, count: int, seed: int) -> tuple[ViewSet, set[str]]:
    """The hand of so many views is somewhere else, by centimetres and degrees or more."""
    generator = np.random.default_rng(seed)
    wrong = generator.choice(len(viewset.views), count, replace=False)
    views = list(viewset.views)
    for number in wrong:
        away = generator.normal(size=6) * np.array([0.1] * 3 + [0.3] * 3)
        away[:3] += np.sign(away[:3]) * 0.03
        hand = views[number].base_from_gripper @ pose_from_vector(away)
        views[number] = replace(views[number], base_from_gripper=hand)
    return replace(viewset, views=tuple(views)), {views[number].name for number in wrong}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("corners", [True, False])
def test_views_without_noise_give_the_truth(kind: Kind, corners: bool) -> None:
    found = hand_eye(view_set(kind, corners=corners, count=8))
    np.testing.assert_allclose(found.transform, PARENT_FROM_CAMERA, atol=1e-7)
    np.testing.assert_allclose(found.board, ANCHOR_FROM_BOARD, atol=1e-7)
    assert found.outliers == ()


@pytest.mark.parametrize("corners", [True, False])
def test_at_three_tenths_of_a_pixel_15_views_give_half_a_millimetre(corners: bool) -> None:
    """The project's own figure: median of 0.5 mm and 0.05 degrees."""
    found = [
        errors(
            hand_eye(
                view_set(KINDS[seed % 2], seed=seed, noise=PIXELS, corners=corners), compare=False
            )
        )
        for seed in range(3)
    ]
    millimetres, degrees = np.median(found, axis=0)
    assert millimetres <= 0.5
    assert degrees <= 0.05


@pytest.mark.parametrize("corners", [True, False])
def test_a_camera_that_circles_the_board_at_one_distance_is_not_taken_for_a_wrong_scale(
    corners: bool,
) -> None:
    found = hand_eye(view_set(noise=PIXELS, corners=corners, circling=True), compare=False)
    millimetres, degrees = errors(found)
    assert millimetres <= 3.0
    assert degrees <= 0.2
    assert found.scale[1] > 0.1  # it cannot be told


@pytest.mark.parametrize("corners", [True, False])
def test_gross_outliers_are_named_and_cost_less_than_twice_the_error(corners: bool) -> None:
    """A fifth of the views is wrong; the median error at most doubles."""
    clean, spoilt = [], []
    for seed in range(3):
        viewset = view_set(seed=seed, noise=PIXELS, corners=corners)
        bad, names = with_outliers(viewset, 3, seed)
        found = hand_eye(bad, compare=False)
        assert names <= set(found.outliers)
        spoilt.append(errors(found))
        clean.append(errors(hand_eye(viewset, compare=False)))
    assert (np.median(spoilt, axis=0) <= 2 * np.median(clean, axis=0)).all()


def test_the_covariance_is_as_large_as_the_errors_are() -> None:
    """Squared errors by the covariance follow chi-square of 6: mean 6, 99.9 % below 22.5."""
    found = [hand_eye(view_set(seed=seed, noise=PIXELS), compare=False) for seed in range(4)]
    changes = [change_between(PARENT_FROM_CAMERA, one.transform) for one in found]
    squares = [
        change @ np.linalg.solve(one.covariance, change)
        for change, one in zip(changes, found, strict=True)
    ]
    assert max(squares) < 22.5
    assert 2.0 < np.mean(squares) < 12.0


def test_where_the_hand_errs_corners_are_not_trusted_alone() -> None:
    noise = Noise(pixels=0.3, metres=0.001, radians=0.003)
    found = hand_eye(view_set(noise=noise), compare=False)
    assert found.refinement != "corners"
    assert errors(found)[0] < 4.0


@settings(max_examples=5, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=6, max_size=6))
def test_another_base_frame_changes_only_what_is_in_the_base(change: list[float]) -> None:
    new_from_old = pose_from_vector(np.array(change))
    viewset = view_set(noise=PIXELS, corners=False, count=6)
    views = [
        replace(view, base_from_gripper=new_from_old @ view.base_from_gripper)
        for view in viewset.views
    ]
    before = hand_eye(viewset, compare=False)
    after = hand_eye(replace(viewset, views=tuple(views)), compare=False)
    np.testing.assert_allclose(after.transform, before.transform, atol=1e-6)
    np.testing.assert_allclose(after.board, new_from_old @ before.board, atol=1e-6)


def test_eye_to_hand_is_eye_in_hand_seen_from_the_other_side() -> None:
    viewset = view_set("eye_to_hand", noise=PIXELS, count=8)
    turned = tuple(
        replace(view, base_from_gripper=inverse(view.base_from_gripper)) for view in viewset.views
    )
    other = hand_eye(replace(viewset, kind="eye_in_hand", views=turned), compare=False)
    np.testing.assert_allclose(
        hand_eye(viewset, compare=False).transform, other.transform, atol=1e-9
    )


def test_three_views_answer_without_cross_validation_of_their_own() -> None:
    viewset = view_set(count=3)
    found = hand_eye(viewset)
    assert found.cross_validated_mm is None
    np.testing.assert_allclose(found.transform, PARENT_FROM_CAMERA, atol=1e-6)


def test_a_view_with_too_few_corners_is_left_out_and_named() -> None:
    viewset = view_set(count=8)
    seen = viewset.views[2].detection
    assert seen is not None
    few = replace(seen, ids=seen.ids[:5], corners=seen.corners[:5])
    views = tuple(
        replace(view, detection=few) if view.name == "view_02" else view for view in viewset.views
    )
    found = hand_eye(replace(viewset, views=views))
    assert "5 corners" in found.left_out["view_02"]
    assert "view_02" not in [one.name for one in found.residuals]
