"""The published demonstrations are read as they are, and damaged ones refused by field."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from handiwork.data.push_t import observation, read_demonstrations
from handiwork.errors import BadValue
from handiwork.tasks import push_t


def write(path: Path, **changes: np.ndarray) -> Path:
    arrays = {
        "state": np.zeros((10, 5), np.float32),
        "action": np.zeros((10, 2), np.float32),
        "episode_ends": np.array([4, 10]),
    }
    np.savez(path, **{**arrays, **changes})
    return path


def test_an_observation_is_the_corners_then_the_agent():
    got = observation(np.array([7.0, 8.0]), np.array([100.0, 200.0, np.pi / 2]))
    assert got.shape == (18,)
    np.testing.assert_allclose(got[16:], [7, 8])
    # A quarter turn takes the corner (-60, 0) of the T to (0, -60) beside its origin.
    np.testing.assert_allclose(got[:2], [100, 140], atol=1e-9)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", np.zeros((10, 4), np.float32)),
        ("action", np.zeros((9, 2), np.float32)),
        ("episode_ends", np.array([4, 9])),
        ("action", np.full((10, 2), np.nan, np.float32)),
    ],
)
def test_an_array_that_does_not_fit_is_refused_by_name(
    tmp_path: Path, field: str, value: np.ndarray
):
    with pytest.raises(BadValue, match=field):
        read_demonstrations(write(tmp_path / "data.npz", **{field: value}))


def test_a_missing_file_says_what_to_give(tmp_path: Path):
    with pytest.raises(BadValue, match="data=PATH"):
        read_demonstrations(tmp_path / "nowhere.npz")


@pytest.mark.real_data
def test_the_published_corners_are_ours(real_data: Path):
    """`keypoint` of the data holds 9 points that its authors marked on the T, to some pixels."""
    with np.load(real_data / "pusht" / "pusht_lowdim.npz", allow_pickle=False) as file:
        state, points = file["state"][::500], file["keypoint"][::500]
    ours = push_t.keypoints(state[:, 2:].astype(float))
    for corners, published in zip(ours, points, strict=True):
        tee = shapely.Polygon(corners)
        assert max(tee.distance(shapely.Point(point)) for point in published) < 4
    data = read_demonstrations(real_data / "pusht" / "pusht_lowdim.npz")
    assert (len(data.episode_ends), data.steps) == (206, 25_650)
