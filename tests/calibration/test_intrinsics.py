"""Intrinsics from corners of a known camera, and from drawn pictures."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from calibration.boards import Detection
from calibration.intrinsics import calibrate_intrinsics, detections_of
from handiwork.errors import BadValue
from tests.calibration.rig import BOARD, camera_poses, seen_by


def detections(pixels: float, count: int = 16, tilt: float = 0.5) -> dict[str, Detection]:
    generator = np.random.default_rng(0)
    poses = camera_poses(count, generator, tilt)
    poses[:, :2, 3] += generator.uniform(-0.08, 0.08, (count, 2))
    return {
        f"{number:02d}.png": seen_by(pose, generator, pixels) for number, pose in enumerate(poses)
    }


def test_intrinsics_are_found_within_their_deviations() -> None:
    found = calibrate_intrinsics("pictures", detections(pixels=0.2), BOARD)
    truth = np.array([610.0, 611, 322, 238])
    estimate = found.camera.k[[0, 1, 0, 1], [0, 1, 2, 2]]
    deviations = np.sqrt(np.diag(found.covariance))[:4]
    assert (np.abs(estimate - truth) < 4 * deviations).all()
    assert deviations.max() < 4.0
    # Two coordinates of 0.2 px each; a picture that was not seen is a little farther.
    assert found.residual_px_median == pytest.approx(0.2 * np.sqrt(2), rel=0.2)
    assert found.cross_validated_px == pytest.approx(0.2 * np.sqrt(2), rel=0.3)


def test_a_picture_whose_corners_are_wrong_is_named() -> None:
    seen = detections(pixels=0.2)
    wrong = seen["03.png"]
    bent = wrong.corners + 8 * np.sin(wrong.corners / 40)
    seen["03.png"] = replace(wrong, corners=bent)
    assert calibrate_intrinsics("pictures", seen, BOARD).outliers == ("03.png",)


def test_half_a_board_is_left_out_and_named() -> None:
    seen = detections(pixels=0.2)
    seen["05.png"] = replace(
        seen["05.png"], ids=seen["05.png"].ids[:4], corners=seen["05.png"].corners[:4]
    )
    assert "4 corners" in calibrate_intrinsics("pictures", seen, BOARD).left_out["05.png"]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (detections(0.2, count=4), "6 or more"),
        (detections(0.2, tilt=0.005), "tilted alike"),
        (
            detections(0.2)
            | {"x.png": Detection(ids=np.empty(0, int), corners=np.empty((0, 2)), size=(320, 240))},
            "one size",
        ),
    ],
)
def test_pictures_that_cannot_do_are_refused(seen: dict[str, Detection], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        calibrate_intrinsics("pictures", seen, BOARD)


def test_corners_of_a_drawn_board_lie_where_it_was_drawn(tmp_path: Path) -> None:
    """A homography's own points are the oracle; 0.15 px is what sub-pixel search leaves."""
    scale = 4000
    picture = BOARD.picture(scale)
    warp = np.array([[0.6, 0.05, 60], [-0.04, 0.58, 50], [2e-5, 1e-5, 1]])
    image = cv2.warpPerspective(picture, warp, (640, 760), borderValue=255)
    cv2.imwrite(str(tmp_path / "one.png"), image)
    (seen,) = detections_of(tmp_path, BOARD).values()
    points = BOARD.points(seen.ids)[:, :2] * scale - 0.5
    drawn = cv2.perspectiveTransform(points[None], warp)[0]
    assert len(seen.ids) == BOARD.corner_count
    assert np.abs(seen.corners - drawn).max() < 0.25
