"""The offset of two clocks, from a motion with a known one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from calibration.time_offset import time_offset
from calibration.trajectories import Paths, Trajectory, load_paths
from handiwork.errors import BadValue
from handiwork.geometry import change_between, inverse, pose, pose_from_vector
from tests.calibration.rig import PARENT_FROM_CAMERA

OFFSET = 0.137


MIDDLE = pose(np.eye(3), np.array([0.4, 0.0, 0.5]))
BASE_FROM_BOARD = MIDDLE @ PARENT_FROM_CAMERA @ pose_from_vector(np.array([0, 0, 0.6, 0.2, 0, 0]))


def hand_at(times: np.ndarray) -> np.ndarray:
    """A smooth motion about all axes, now fast and now slow."""
    waves = np.array([0.31, 0.47, 0.73])
    phase = times[:, None] * waves * 2 * np.pi / 2.5 + np.sin(times / 3)[:, None]
    turns = Rotation.from_euler("xyz", np.sin(phase) * np.array([0.5, 0.4, 0.7])).as_matrix()
    return pose(turns, np.cos(phase) * 0.1 + MIDDLE[:3, 3])


def rows(path: Trajectory) -> np.ndarray:
    """(N, 8) as in a file."""
    turns = Rotation.from_matrix(path.poses[:, :3, :3]).as_quat()
    return np.column_stack([path.times, path.poses[:, :3, 3], turns])


def paths(noise: float = 0.0005) -> Paths:
    generator = np.random.default_rng(0)
    hand_times, camera_times = np.arange(0, 15, 0.01), np.arange(0.5, 14, 1 / 30)
    shakes = pose_from_vector(generator.normal(size=(len(camera_times), 6)) * noise)
    seen = inverse(BASE_FROM_BOARD) @ hand_at(camera_times + OFFSET) @ PARENT_FROM_CAMERA
    return Paths(
        hand=Trajectory(times=hand_times, poses=hand_at(hand_times)),
        camera=Trajectory(times=camera_times, poses=seen @ shakes),
        source="paths",
    )


def test_the_offset_is_found_to_a_millisecond_and_the_camera_with_it() -> None:
    found = time_offset(paths())
    assert found.offset_s == pytest.approx(OFFSET, abs=0.001)
    assert abs(found.offset_s - OFFSET) < 5 * found.deviation_s
    assert found.correlated_s == pytest.approx(OFFSET, abs=0.005)
    change = change_between(PARENT_FROM_CAMERA, found.transform)
    assert np.linalg.norm(change[:3]) < 0.001


def test_paths_of_different_motions_are_refused() -> None:
    given = paths()
    other = Trajectory(times=given.camera.times, poses=hand_at(1.7 * given.camera.times + 40))
    with pytest.raises(BadValue, match="correlated by"):
        time_offset(replace(given, camera=other))


def test_both_forms_of_files_hold_the_same_paths(tmp_path: Path) -> None:
    given = paths()
    written = {"hand": rows(given.hand), "camera": rows(given.camera)}
    (tmp_path / "both.json").write_text(
        json.dumps({name: table.tolist() for name, table in written.items()})
    )
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, table in written.items():
        np.savetxt(folder / f"{name}.csv", table, delimiter=",", fmt="%.12f")
    one, other = load_paths(tmp_path / "both.json"), load_paths(folder)
    np.testing.assert_allclose(one.camera.poses, other.camera.poses, atol=1e-9)
    np.testing.assert_allclose(one.hand.times, given.hand.times)


def test_a_row_cut_short_is_refused(tmp_path: Path) -> None:
    for name in ("hand", "camera"):
        np.savetxt(tmp_path / f"{name}.csv", rows(paths().hand)[:60], delimiter=",")
    text = (tmp_path / "hand.csv").read_text()
    (tmp_path / "hand.csv").write_text(text[:-80])
    with pytest.raises(BadValue, match="cut short"):
        load_paths(tmp_path)


def test_quaternions_of_another_length_are_refused(tmp_path: Path) -> None:
    table = rows(paths().hand)
    table[5, 4:] *= 1.2
    content = {"hand": table.tolist(), "camera": table.tolist()}
    (tmp_path / "paths.json").write_text(json.dumps(content))
    with pytest.raises(BadValue, match="unit quaternion"):
        load_paths(tmp_path / "paths.json")
