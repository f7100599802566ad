"""Points come back from where two cameras see them; a detector that fails is named."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from handiwork.errors import BadValue, HandiworkError, WrongShape
from handiwork.geometry import pose
from handiwork.perception.hands.detector import DetectorFailed, HandDetector
from handiwork.perception.hands.recordings import film_pairs, read_cameras
from handiwork.perception.hands.triangulation import (
    SeenFrom,
    reprojection_errors,
    triangulate,
)
from handiwork_app.hands_environment import PYTHON, detector_command

K = np.array([[900.0, 0, 355], [0, 905, 352], [0, 0, 1]])
CAMERAS = tuple(
    SeenFrom(
        k=K,
        d=np.array([-0.1, 0.05, 0.001, -0.002, 0.0]),
        camera_from_world=pose(Rotation.from_euler("y", turn).as_matrix(), np.array([x, 0.0, 1.0])),
    )
    for turn, x in ((0.5, 0.4), (-0.5, -0.4))
)
# Speaks the detector's protocol: one hand per bright pixel of the first row, keypoints on its
# column.
SPEAKS = """
import struct, sys, numpy as np
asked, answers = sys.stdin.buffer, sys.stdout.buffer
while len(head := asked.read(4)) == 4:
    body = asked.read(*struct.unpack(">I", head))
    height, width = struct.unpack(">HH", body[:4])
    row = np.frombuffer(body, np.uint8, offset=4).reshape(height, width, 3)[0, :, 0]
    answer = b"".join(
        np.array([0.5, *[column, 7.0] * 21], "<f4").tobytes() for column in np.flatnonzero(row)
    )
    answers.write(struct.pack(">I", len(answer)) + answer)
    answers.flush()
"""


def points(count: int = 40) -> np.ndarray:
    return np.random.default_rng(1).uniform(-0.15, 0.15, (count, 3))


def seen() -> np.ndarray:
    return np.stack([camera.project(points()) for camera in CAMERAS])


def test_points_come_back_through_distortion():
    np.testing.assert_allclose(triangulate(CAMERAS, seen()), points(), atol=1e-6)


def test_no_small_step_makes_the_reprojection_better():
    cameras = [replace(camera, d=np.zeros(5)) for camera in CAMERAS]
    pixels = np.stack([camera.project(points()) for camera in cameras])
    pixels += np.random.default_rng(2).normal(0, 0.5, pixels.shape)
    found = triangulate(cameras, pixels)

    def cost(candidates: np.ndarray) -> np.ndarray:
        return (reprojection_errors(cameras, pixels, candidates) ** 2).sum(axis=0)

    for axis in range(3):
        for step in (-2e-5, 2e-5):
            moved = found.copy()
            moved[:, axis] += step
            assert (cost(moved) >= cost(found) - 1e-6).all()


def test_a_point_is_not_seen_by_one_camera_alone():
    with pytest.raises(WrongShape, match="pixels"):
        triangulate(CAMERAS[:1], seen()[:1])


def test_pictures_go_to_the_detector_and_hands_come_back():
    picture = np.zeros((5, 9, 3), np.uint8)
    picture[0, [2, 6]] = 255
    with HandDetector([sys.executable, "-c", SPEAKS]) as detector:
        assert detector.find(np.zeros((3, 4, 3), np.uint8)) == []
        hands = detector.find(picture)
    assert [hand.keypoints[20].tolist() for hand in hands] == [[2.0, 7.0], [6.0, 7.0]]
    assert [hand.score for hand in hands] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["/nowhere/python"], "does not start"),
        ([sys.executable, "-c", "raise SystemExit"], "ended"),
        ([sys.executable, "-c", "import time; time.sleep(60)"], "gave no answer in time"),
    ],
)
def test_a_detector_that_is_not_there_ends_or_hangs_is_named(command: list[str], says: str):
    with (
        pytest.raises(DetectorFailed, match=says) as caught,
        HandDetector(command, patience=0.5) as detector,
    ):
        detector.find(np.zeros((100, 100, 3), np.uint8))
    assert "make hands" in str(caught.value)


def test_a_grey_picture_is_refused():
    with (
        HandDetector([sys.executable, "-c", SPEAKS]) as detector,
        pytest.raises(WrongShape, match="picture"),
    ):
        detector.find(np.zeros((4, 4), np.uint8))


def test_a_camera_file_that_is_cut_short_is_named(tmp_path: Path):
    (tmp_path / "c0.dat").write_text("intrinsic:\n1 0 0\n0 1 0\n0 0 1\ndistortion:\n0 0 0\n")
    with pytest.raises(BadValue, match=r"c0\.dat: distortion is '3 numbers', want 5 numbers"):
        read_cameras(tmp_path)


@pytest.mark.real_data
def test_two_films_of_a_hand_agree_to_less_than_two_pixels(real_data: Path):
    """The figure of 1.6 px is `bench hands`'s, over five times as many pictures."""
    if not PYTHON.exists():
        pytest.skip("no hand detector here: run `make hands`")
    folder, pixels = real_data / "hands", []
    cameras = read_cameras(folder)
    with HandDetector(detector_command(most=1)) as detector:
        for pictures in film_pairs(folder, every=60):
            hands = [detector.find(picture) for picture in pictures]
            if all(hands):
                pixels.append(np.stack([found[0].keypoints for found in hands]))
    assert len(pixels) >= 5
    together = np.concatenate(pixels, axis=1)
    found = triangulate(cameras, together)
    assert np.median(reprojection_errors(cameras, together, found)) < 2.0
    size = np.linalg.norm(found.reshape(-1, 21, 3)[:, 9] - found.reshape(-1, 21, 3)[:, 0], axis=1)
    assert np.ptp(size) < 0.2 * size.mean()  # a palm does not change its length


def test_a_folder_without_films_is_named(tmp_path: Path):
    with pytest.raises(HandiworkError, match=r"cam0_test\.mp4"):
        next(film_pairs(tmp_path, 1))
