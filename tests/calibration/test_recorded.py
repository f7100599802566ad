"""Calibrations of real recordings, against what their makers published."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.closed_forms import METHODS
from calibration.hand_eye import hand_eye
from calibration.time_offset import time_offset
from calibration.trajectories import load_paths
from calibration.views import View, ViewSet
from handiwork.geometry import change_between, pose


def franka_views(folder: Path) -> ViewSet:
    """The twelve views of handeye_franka: O_T_EE row by row, the board as rvec and tvec."""
    views = []
    for file in sorted(folder.glob("poses/*/data.json")):
        content = json.loads(file.read_text())
        turn = cv2.Rodrigues(np.array(content["T_cam_target_rvec"]))[0]
        place = np.array(content["T_cam_target_tvec"]).ravel()
        views.append(
            View(
                name=file.parent.name,
                base_from_gripper=np.array(content["O_T_EE"]).reshape(4, 4),
                camera_from_board=pose(np.asarray(turn), place),
            )
        )
    return ViewSet(kind="eye_in_hand", views=tuple(views))


@pytest.mark.real_data
def test_a_franka_with_a_realsense_agrees_with_what_was_published(real_data: Path) -> None:
    folder = real_data / "handeye_franka"
    published = np.array(
        json.loads((folder / "published_result.json").read_text())["T_cam_gripper"]
    )
    found = hand_eye(franka_views(folder))
    change = change_between(published, found.transform)
    assert np.linalg.norm(change[:3]) <= 0.0015
    assert np.degrees(np.linalg.norm(change[3:])) <= 0.2
    assert found.cross_validated_mm is not None
    for method in METHODS:
        assert found.cross_validated_mm < (found.compared_mm[method] or np.inf)


@pytest.mark.real_data
def test_the_offset_of_a_recorded_motion_is_that_of_its_correlation(real_data: Path) -> None:
    found = time_offset(load_paths(real_data / "handeye_asl/robot_arm_w_color_camera_real.zip"))
    assert abs(found.offset_s - found.correlated_s) <= 0.005
    assert found.residual_mm_median <= 3.5
