"""Several cameras that watched one board on the gripper."""

from dataclasses import replace

import numpy as np
import pytest

from calibration.cameras_to_base import cameras_to_base
from calibration.views import ViewSet
from handiwork.errors import BadValue
from handiwork.geometry import change_between, pose_from_vector
from tests.calibration.rig import ANCHOR_FROM_BOARD, PARENT_FROM_CAMERA, Noise, view_set

NEW_FROM_BASE = pose_from_vector(np.array([0.4, -0.3, 0.2, 0.1, 0.3, -0.5]))
NOISE = Noise(pixels=0.3)


def moved(viewset: ViewSet) -> ViewSet:
    """A second camera, as if the first had been moved with all that it saw."""
    views = [
        replace(view, base_from_gripper=NEW_FROM_BASE @ view.base_from_gripper)
        for view in viewset.views
    ]
    return replace(viewset, views=tuple(views))


def test_both_cameras_are_found_and_surer_of_the_board_than_alone() -> None:
    first = view_set("eye_to_hand", count=8, seed=1, noise=NOISE)
    second = moved(view_set("eye_to_hand", count=8, seed=2, noise=NOISE))
    found = cameras_to_base({"left": first, "right": second})
    truths = {"left": PARENT_FROM_CAMERA, "right": NEW_FROM_BASE @ PARENT_FROM_CAMERA}
    for name, truth in truths.items():
        change = change_between(truth, found.cameras[name].transform)
        assert np.linalg.norm(change[:3]) < 0.001
        assert np.degrees(np.linalg.norm(change[3:])) < 0.1
        alone = found.cameras[name].alone
        assert np.trace(found.board_covariance) < np.trace(alone.board_covariance)
        assert np.trace(found.cameras[name].covariance) < np.trace(alone.covariance)
    assert np.linalg.norm(change_between(ANCHOR_FROM_BOARD, found.board)[:3]) < 0.001


def test_a_board_that_moved_between_is_refused() -> None:
    first = view_set("eye_to_hand", count=8, seed=1, noise=NOISE)
    shift = pose_from_vector(np.array([0.02, 0, 0, 0, 0, 0]))
    second = view_set("eye_to_hand", count=8, seed=2, noise=NOISE)
    views = [
        replace(view, base_from_gripper=view.base_from_gripper @ shift) for view in second.views
    ]
    with pytest.raises(BadValue, match="Did the board move"):
        cameras_to_base({"left": first, "right": replace(second, views=tuple(views))})


def test_a_camera_on_the_hand_is_refused() -> None:
    with pytest.raises(BadValue, match="eye_to_hand"):
        cameras_to_base({"left": view_set("eye_in_hand", count=3)})
