"""The human demonstrations of Push-T with pictures, as published: 206 episodes at 10 Hz.

They also say where the block's corners are, for an encoder that learns to see them.

The published pictures are compressed numbers of four bytes each; they are unpacked once, to one
byte each, into a folder of demonstrations that is memory-mapped from then on.
Shapes: T steps.
"""

import hashlib
from pathlib import Path
from zipfile import BadZipFile, is_zipfile

import numpy as np

from handiwork.data.demonstrations import (
    MANIFEST,
    Demonstrations,
    open_demonstrations,
    write_demonstrations,
)
from handiwork.data.push_t import ACTION_NAMES, FRAME, OBSERVATION_NAMES, check_steps, observation
from handiwork.errors import BadValue
from handiwork.tasks import push_t

STATE_NAMES = ("agent_x", "agent_y")
OBJECT_NAMES = OBSERVATION_NAMES[:-2]
CAMERAS = ("top",)
SHAPE = (96, 96, 3)


def read_image_demonstrations(path: Path, cache: Path) -> Demonstrations:
    """Read `pusht_images.zarr.zip`, unpacked into a folder of `cache` unless it is there already.

    Returns:
        state (T, 2) [px], image (T, 1, 96, 96, 3), action (T, 2) [px], objects (T, 16) [px].

    Raises:
        BadValue: a file that is not there, is damaged, or has an array that does not fit.
    """
    if not path.is_file():
        want = "the Push-T demonstrations with pictures (zarr.zip)"
        raise BadValue(str(path), "file", "missing", want, "Give data=PATH.")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    folder = cache / f"push_t_pictures-{digest[:16]}"
    if (folder / MANIFEST).is_file():
        return open_demonstrations(folder)
    return write_demonstrations(folder, _unpacked(path, digest))


def _unpacked(path: Path, digest: str) -> Demonstrations:
    arrays = _published(path)
    image = arrays.pop("img")
    check_steps(str(path), **arrays)
    if image.shape != (len(arrays["state"]), 1, *SHAPE):
        want = f"({len(arrays['state'])}, 1, 96, 96, 3)"
        raise BadValue(str(path), "img", image.shape, want, "Fetch the file again.")
    state = arrays["state"].astype(np.float64)
    observed = observation(state[:, :2], state[:, 2:]).astype(np.float32)
    return Demonstrations(
        task="push_t",
        obs="image",
        state_names=STATE_NAMES,
        state_units=("px",) * len(STATE_NAMES),
        action_names=ACTION_NAMES,
        action_units=("px",) * len(ACTION_NAMES),
        frame=FRAME,
        period=push_t.PERIOD,
        cameras=CAMERAS,
        arrays={
            "state": observed[:, -2:],
            "action": arrays["action"].astype(np.float32),
            "image": image,
            "objects": observed[:, :-2],
        },
        object_names=OBJECT_NAMES,
        episode_ends=arrays["episode_ends"].astype(np.int64),
        digest=digest,
        source={"file": path.name, "sha256": digest},
        place=str(path),
    )


def _published(path: Path) -> dict[str, np.ndarray]:
    """state (T, 5), action (T, 2), episode_ends, img (T, 1, h, w, 3) uint8."""
    import zarr  # an extra, wanted only here
    from zarr.storage import ZipStore

    want = "a zarr store with data/img, data/state, data/action and meta/episode_ends"
    fix = "Fetch the file again."
    if not is_zipfile(path):
        raise BadValue(str(path), "content", "no zip archive", want, fix)
    try:
        with ZipStore(path, mode="r") as store:
            group = zarr.open_group(store, mode="r", zarr_format=2)
            arrays = {
                "state": np.asarray(group["data/state"]),
                "action": np.asarray(group["data/action"]),
                "episode_ends": np.asarray(group["meta/episode_ends"]),
                "img": _bytes(group["data/img"])[:, None],
            }
    except (BadZipFile, KeyError, OSError, ValueError, RuntimeError) as error:
        raise BadValue(str(path), "content", str(error), want, fix) from error
    return arrays


def _bytes(array) -> np.ndarray:  # noqa: ANN001 (zarr comes without types of its members)
    """A stored array of numbers in 0..255 as bytes, a part at a time to save memory."""
    values = np.empty(array.shape, np.uint8)
    for start in range(0, len(values), 2000):
        values[start : start + 2000] = array[start : start + 2000]
    return values
