"""Offsets that were put into an arm's joints come out of its views."""

import json
from pathlib import Path

import numpy as np
import pytest

from calibration.joint_offsets import joint_offsets
from calibration.joint_views import JointViews, load_joint_views
from handiwork.errors import BadValue
from handiwork.geometry import inverse, pose_from_vector
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot

OFFSETS = np.array([0.0, 0.01, -0.008, 0.012, 0.006, -0.01, 0.0])
CAMERA = pose_from_vector(np.array([0.05, 0.01, -0.04, 0.05, -0.1, 1.5]))


def made_views(noise: float = 0.0, count: int = 16) -> JointViews:
    """Views of a board, by a Franka whose joints are read wrongly; every pose errs by `noise`."""
    kinematics, generator = Kinematics(robot("fr3")), np.random.default_rng(0)
    true = kinematics.robot.home[:7] + generator.uniform(-0.4, 0.4, (count, 7))
    base_from_board = kinematics.tool(kinematics.robot.home[:7]) @ CAMERA
    base_from_board = base_from_board @ pose_from_vector(np.array([0.0, 0, 0.4, 0.1, 0, 0]))
    boards = [inverse(kinematics.tool(row) @ CAMERA) @ base_from_board for row in true]
    shakes = generator.normal(size=(count, 6)) * noise
    return JointViews(
        kinematics=kinematics,
        names=tuple(f"view_{number:02d}" for number in range(count)),
        joints=true - OFFSETS,
        camera_from_board=np.array(boards) @ pose_from_vector(shakes),
    )


def test_offsets_without_noise_are_exact_and_the_first_and_last_unseen() -> None:
    found = joint_offsets(made_views())
    np.testing.assert_allclose(found.offsets, OFFSETS, atol=1e-6)
    assert found.unseen == (found.joints[0], found.joints[-1])
    np.testing.assert_allclose(found.transform, CAMERA, atol=1e-6)


def test_offsets_are_found_within_their_deviations_and_lessen_the_error() -> None:
    found = joint_offsets(made_views(noise=0.0005))
    deviations = np.sqrt(np.diag(found.covariance))
    assert (np.abs(found.offsets - OFFSETS) <= 4 * deviations).all()
    assert deviations.max() < 0.003
    assert found.before_mm is not None and found.after_mm is not None
    assert found.after_mm < 0.6 * found.before_mm


def test_degrees_for_radians_are_refused(tmp_path: Path) -> None:
    views = made_views(count=10)
    content = {
        "robot": "fr3",
        "views": [
            {"joints": np.degrees(joints).tolist(), "camera_from_board": board.tolist()}
            for joints, board in zip(views.joints, views.camera_from_board, strict=True)
        ],
    }
    path = tmp_path / "views.json"
    path.write_text(json.dumps(content))
    with pytest.raises(BadValue, match="Give radians"):
        load_joint_views(path)
