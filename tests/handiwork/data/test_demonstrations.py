"""What is written is read again; what does not fit is refused in one sentence, by name."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from handiwork.data.demonstrations import (
    MANIFEST,
    Demonstrations,
    open_demonstrations,
    write_demonstrations,
)
from handiwork.errors import BadValue


def demonstrations(obs: str = "state") -> Demonstrations:
    draw = np.random.default_rng(3)
    arrays = {
        "state": draw.random((9, 2), dtype=np.float32),
        "action": draw.random((9, 1), dtype=np.float32),
    }
    if obs == "image":
        arrays["image"] = draw.integers(256, size=(9, 2, 4, 5, 3), dtype=np.uint8)
        arrays["objects"] = draw.random((9, 3), dtype=np.float32)
    if obs == "points":
        arrays["points"] = draw.random((9, 7, 3), dtype=np.float32)
    return Demonstrations(
        task="lift",
        obs=obs,
        state_names=("x", "opening"),
        state_units=("m", "m"),
        action_names=("x",),
        action_units=("m",),
        frame="base",
        period=0.1,
        cameras=("scene", "wrist") if obs == "image" else (),
        object_names=("cube_x", "cube_y", "cube_z") if obs == "image" else (),
        arrays=arrays,
        episode_ends=np.array([4, 9]),
        digest="",
        source={"seed": 3},
    )


@pytest.mark.parametrize("obs", ["state", "image", "points"])
def test_what_is_written_is_read_again(tmp_path: Path, obs: str):
    data = demonstrations(obs)
    write_demonstrations(tmp_path, data)
    again = open_demonstrations(tmp_path)
    assert again.arrays.keys() == data.arrays.keys()
    for name, values in data.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], values)
        assert isinstance(again.arrays[name], np.memmap)
    np.testing.assert_array_equal(again.episode_ends, data.episode_ends)
    own = {"arrays": {}, "episode_ends": data.episode_ends, "digest": "", "place": ""}
    assert repr(replace_unchecked(again, own)) == repr(replace_unchecked(data, own))


def replace_unchecked(data: Demonstrations, values: dict) -> dict:
    return {**data.__dict__, **values}


def test_equal_data_have_equal_digests_and_a_changed_number_another(tmp_path: Path):
    data = demonstrations()
    first, second = (write_demonstrations(tmp_path / name, data) for name in "ab")
    changed = {**data.arrays, "action": data.arrays["action"] + np.float32(1e-3)}
    third = write_demonstrations(tmp_path / "c", replace(data, arrays=changed))
    assert first.digest == second.digest != third.digest


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"episode_ends": np.array([8, 9])}, "episode 1 .* '1 steps'"),
        ({"episode_ends": np.array([5, 8])}, "rising to 9"),
        ({"episode_ends": np.array([], int)}, "episode_ends"),
        ({"state_names": ("x", "y", "z"), "state_units": ("m",) * 3}, "state .*3"),
        ({"action_units": ()}, "action_units"),
        ({"period": 0.0}, "period is 0.0"),
        ({"period": float("nan")}, "period is nan"),
        ({"obs": "image"}, "image"),
        ({"obs": "smell"}, "state or image or points"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change: dict, named: str):
    with pytest.raises(BadValue, match=named):
        replace(demonstrations(), **change)


def test_a_number_that_is_not_finite_is_named_with_its_step():
    data = demonstrations()
    action = data.arrays["action"].copy()
    action[6] = np.nan
    with pytest.raises(BadValue, match="action at step 6"):
        replace(data, arrays={**data.arrays, "action": action})


def test_pictures_of_another_number_of_cameras_are_refused():
    with pytest.raises(BadValue, match="image"):
        replace(demonstrations("image"), cameras=("scene",))


def test_a_changed_array_is_refused_by_its_digest(tmp_path: Path):
    write_demonstrations(tmp_path, demonstrations())
    np.save(tmp_path / "action.npy", np.zeros((9, 1), np.float32))
    with pytest.raises(BadValue, match=r"action.npy: digest"):
        open_demonstrations(tmp_path)


def test_a_missing_array_a_missing_manifest_and_another_format_are_refused(tmp_path: Path):
    with pytest.raises(BadValue, match=r"manifest.json is 'missing'"):
        open_demonstrations(tmp_path)
    write_demonstrations(tmp_path, demonstrations())
    (tmp_path / "state.npy").unlink()
    with pytest.raises(BadValue, match=r"state.npy: file is 'missing'"):
        open_demonstrations(tmp_path)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps({**manifest, "format": "other/2"}))
    with pytest.raises(BadValue, match="format is 'other/2'"):
        open_demonstrations(tmp_path)


def test_an_interrupted_writing_leaves_no_manifest(tmp_path: Path):
    data = write_demonstrations(tmp_path, demonstrations())
    (tmp_path / "action.npy").unlink()
    (tmp_path / "action.npy").mkdir()  # nothing can be written there
    with pytest.raises(OSError, match="directory"):
        write_demonstrations(tmp_path, demonstrations())
    assert not (Path(data.place) / MANIFEST).exists()


def test_folders_from_before_labels_are_read(tmp_path: Path):
    write_demonstrations(tmp_path, demonstrations())
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    del manifest["object_names"]
    (tmp_path / MANIFEST).write_text(json.dumps(manifest))
    assert open_demonstrations(tmp_path).object_names == ()


def test_labels_without_names_are_refused():
    with pytest.raises(BadValue, match=r"arrays is .*objects"):
        replace(demonstrations("image"), object_names=())
