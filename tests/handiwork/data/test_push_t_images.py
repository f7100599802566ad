"""The published pictures are unpacked once, and show what the low-dimensional data say."""

from pathlib import Path

import numpy as np
import pytest

from handiwork.data.push_t import read_demonstrations
from handiwork.data.push_t_images import read_image_demonstrations
from handiwork.errors import BadValue
from handiwork.tasks import push_t

CACHE = Path(__file__).resolve().parents[3] / ".cache"  # unpacking takes a quarter of a minute
zarr = pytest.importorskip("zarr")


def published(path: Path, steps: int = 10, **changes: np.ndarray) -> Path:
    """A store like the published one, with pictures whose colour is the step."""
    arrays = {
        "data/img": np.broadcast_to(
            np.arange(steps, dtype=np.float32)[:, None, None, None], (steps, 96, 96, 3)
        ),
        "data/state": np.arange(steps * 5, dtype=np.float32).reshape(steps, 5),
        "data/action": np.zeros((steps, 2), np.float32),
        "meta/episode_ends": np.array([4, steps]),
    }
    with zarr.storage.ZipStore(path, mode="w") as store:
        group = zarr.create_group(store, zarr_format=2)
        for name, values in {**arrays, **changes}.items():
            group.create_array(name, data=np.ascontiguousarray(values))
    return path


def test_pictures_become_bytes_and_the_state_is_the_agent(tmp_path: Path):
    data = read_image_demonstrations(published(tmp_path / "data.zarr.zip"), tmp_path)
    assert data.arrays["image"].shape == (10, 1, 96, 96, 3)
    np.testing.assert_array_equal(data.arrays["image"][:, 0, 5, 7, 1], np.arange(10))
    np.testing.assert_array_equal(data.arrays["state"], np.arange(50).reshape(10, 5)[:, :2])
    corners = push_t.keypoints(np.arange(50.0).reshape(10, 5)[:, 2:]).reshape(10, 16)
    np.testing.assert_allclose(data.arrays["objects"], corners, rtol=1e-6)


def test_unpacking_happens_once(tmp_path: Path):
    path = published(tmp_path / "data.zarr.zip")
    first = read_image_demonstrations(path, tmp_path)
    written = Path(first.place, "image.npy").stat().st_mtime_ns
    second = read_image_demonstrations(path, tmp_path)
    assert second.digest == first.digest
    assert Path(second.place, "image.npy").stat().st_mtime_ns == written


def test_a_store_without_pictures_and_a_torn_one_are_refused(tmp_path: Path):
    small = published(tmp_path / "a.zarr.zip", **{"data/img": np.zeros((10, 8, 8, 3), np.float32)})
    with pytest.raises(BadValue, match="img"):
        read_image_demonstrations(small, tmp_path)
    torn = tmp_path / "b.zarr.zip"
    torn.write_bytes(small.read_bytes()[:2000])
    with pytest.raises(BadValue, match="content"):
        read_image_demonstrations(torn, tmp_path)


@pytest.mark.real_data
def test_pictures_and_numbers_of_the_published_data_are_of_the_same_steps(
    real_data: Path,
):
    published = real_data / "pusht" / "pusht_images.zarr.zip"
    data = read_image_demonstrations(published, CACHE)
    numbers = read_demonstrations(real_data / "pusht" / "pusht_lowdim.npz")
    np.testing.assert_array_equal(data.arrays["state"], numbers.arrays["state"][:, 16:])
    np.testing.assert_array_equal(data.arrays["objects"], numbers.arrays["state"][:, :16])
    np.testing.assert_array_equal(data.arrays["action"], numbers.arrays["action"])
    assert data.arrays["image"].shape == (25_650, 1, 96, 96, 3)
    # The agent is drawn as a blue disc where its state says.
    x, y = (data.arrays["state"][1000] * 96 / 512).astype(int)
    red, _, blue = data.arrays["image"][1000, 0, y, x].astype(int)
    assert blue > red + 50
