"""Two cameras that see one board."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calibration.camera_pair import SharedViews, camera_pair, load_shared_views
from handiwork.errors import BadValue
from handiwork.geometry import change_between, inverse, pose_from_vector
from tests.calibration.rig import camera_poses

FIRST_FROM_SECOND = pose_from_vector(np.array([0.3, 0.05, 0.1, 0.1, -0.6, 0.05]))


def shared(noise: float, count: int = 12) -> SharedViews:
    generator = np.random.default_rng(0)
    first = camera_poses(count, generator)
    shakes = pose_from_vector(generator.normal(size=(count, 6)) * noise)
    return SharedViews(
        names=tuple(f"view_{number:02d}" for number in range(count)),
        first_from_board=first,
        second_from_board=inverse(FIRST_FROM_SECOND) @ first @ shakes,
    )


def test_the_pair_is_found_within_its_covariance() -> None:
    found = camera_pair(shared(noise=0.001))
    change = change_between(FIRST_FROM_SECOND, found.transform)
    assert change @ np.linalg.solve(found.covariance, change) < 22.5  # chi-square of 6, 99.9 %
    assert np.linalg.norm(change[:3]) < 0.001
    assert found.outliers == ()


def test_a_view_of_another_moment_is_named() -> None:
    views = shared(noise=0.0005)
    moved = views.first_from_board.copy()
    moved[4] = moved[4] @ pose_from_vector(np.array([0.05, 0, 0, 0.1, 0, 0]))
    found = camera_pair(replace(views, first_from_board=moved))
    assert found.outliers == ("view_04",)
    assert np.linalg.norm(change_between(FIRST_FROM_SECOND, found.transform)[:3]) < 0.001


def test_inverted_boards_are_refused() -> None:
    views = shared(noise=0.0005)
    with pytest.raises(BadValue, match="none is inverted"):
        camera_pair(replace(views, second_from_board=inverse(views.second_from_board)))


def test_a_file_lacking_one_camera_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pair.json"
    path.write_text(json.dumps({"views": [{"first_from_board": np.eye(4).tolist()}]}))
    with pytest.raises(BadValue, match="second_from_board"):
        load_shared_views(path)
