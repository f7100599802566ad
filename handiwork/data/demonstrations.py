"""Demonstrations to learn from: episodes laid end to end, as a folder of arrays with a manifest.

The arrays are plain npy files, opened memory-mapped, so that data larger than memory can be
learned from; the manifest says what every number means and holds the arrays' digests.
Shapes: T steps, D state size, A action size, C cameras, N points, E episodes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from handiwork.errors import BadValue

FORMAT = "handiwork-demonstrations/1"
MANIFEST = "manifest.json"
# What the observation of each kind holds beside the state, and the rest of its shape in words.
SEEN = {"state": None, "image": "image", "points": "points"}
SHAPES = {
    "state": "(T, D) float32",
    "action": "(T, A) float32",
    "image": "(T, C, h, w, 3) uint8",
    "points": "(T, N, 3) float32",
    "objects": "(T, K) float32",
}
WORDS = (
    *("task", "obs", "frame"),
    *("state_names", "state_units", "action_names", "action_units", "cameras"),
    "object_names",
)
FETCH_AGAIN = "Record or fetch the demonstrations again."


@dataclass(frozen=True, kw_only=True)
class Demonstrations:
    """Episodes laid end to end.

    obs: "state", "image" or "points": what the policy is to observe.
    state_names, state_units, action_names, action_units: one per number of a step.
    frame: the frame that positions are in. period: time between steps [s].
    arrays: "state" (T, D), "action" (T, A), and "image" (T, C, h, w, 3) or "points" (T, N, 3) [m].
    object_names: what "objects" (T, K) in `arrays` are, where it is there: labels of what is seen,
        in the state's unit and frame, for an encoder to learn by; a policy never observes them.
    episode_ends: (E,) exclusive, rising to T.
    digest: SHA-256 that names exactly this data.
    source: where they come from, for people. place: the file or folder, for messages.
    """

    task: str
    obs: str
    state_names: tuple[str, ...]
    state_units: tuple[str, ...]
    action_names: tuple[str, ...]
    action_units: tuple[str, ...]
    frame: str
    period: float
    cameras: tuple[str, ...]
    arrays: Mapping[str, np.ndarray]
    episode_ends: np.ndarray
    digest: str
    object_names: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    place: str = "demonstrations"

    def __post_init__(self) -> None:
        _check_words(self)
        _check_arrays(self)
        _check_episodes(self)

    @property
    def steps(self) -> int:
        """T."""
        return len(self.arrays["action"])

    @property
    def episodes(self) -> int:
        """E."""
        return len(self.episode_ends)


def write_demonstrations(folder: Path, demonstrations: Demonstrations) -> Demonstrations:
    """Write the folder, manifest last, so that one with a manifest is whole; returns it opened."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    arrays = {**demonstrations.arrays, "episode_ends": demonstrations.episode_ends}
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    manifest = {
        "format": FORMAT,
        **{name: getattr(demonstrations, name) for name in WORDS},
        "period_s": demonstrations.period,
        "episodes": demonstrations.episodes,
        "steps": demonstrations.steps,
        "sha256": {name: _digest(folder / f"{name}.npy") for name in arrays},
        "source": dict(demonstrations.source),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    return open_demonstrations(folder)


def open_demonstrations(folder: Path) -> Demonstrations:
    """The demonstrations in a folder, memory-mapped.

    Raises:
        BadValue: the manifest or an array is missing, damaged, or does not fit the others.
    """
    manifest = _manifest(folder)
    arrays = {name: _array(folder, name, digest) for name, digest in manifest["sha256"].items()}
    try:
        episode_ends = np.array(arrays.pop("episode_ends"))
        return Demonstrations(
            task=manifest["task"],
            obs=manifest["obs"],
            state_names=tuple(manifest["state_names"]),
            state_units=tuple(manifest["state_units"]),
            action_names=tuple(manifest["action_names"]),
            action_units=tuple(manifest["action_units"]),
            frame=manifest["frame"],
            period=manifest["period_s"],
            cameras=tuple(manifest["cameras"]),
            object_names=tuple(manifest.get("object_names", ())),  # older folders have none
            arrays=arrays,
            episode_ends=episode_ends,
            digest=_digest(folder / MANIFEST),
            source=manifest["source"],
            place=str(folder),
        )
    except KeyError as missing:
        name = missing.args[0]
        raise BadValue(str(folder), name, "missing", "in the manifest", FETCH_AGAIN) from missing


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        fix = "Record some with `handiwork demos`, or check the folder's name."
        raise BadValue(str(folder), MANIFEST, "missing", "a folder of demonstrations", fix)
    try:
        manifest = json.loads(path.read_text())
    except ValueError as error:
        raise BadValue(str(path), "content", str(error), "JSON", FETCH_AGAIN) from error
    kind = manifest.get("format") if isinstance(manifest, dict) else None
    if kind != FORMAT:
        raise BadValue(str(path), "format", kind, repr(FORMAT), "Record the demonstrations anew.")
    if not isinstance(manifest.get("sha256"), dict):
        raise BadValue(str(path), "sha256", "missing", "a digest of each array", FETCH_AGAIN)
    return manifest


def _array(folder: Path, name: str, digest: str) -> np.ndarray:
    path = folder / f"{name}.npy"
    if not path.is_file():
        raise BadValue(
            str(path), "file", "missing", "the array that the manifest names", FETCH_AGAIN
        )
    if _digest(path) != digest:
        want = "the one in the manifest, so the array was changed or cut short"
        raise BadValue(str(path), "digest", _digest(path)[:12], want, FETCH_AGAIN)
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        raise BadValue(
            str(path), "content", str(error), "an array of numbers", FETCH_AGAIN
        ) from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_words(data: Demonstrations) -> None:
    if data.obs not in SEEN:
        raise BadValue(data.place, "obs", data.obs, " or ".join(SEEN), "Record them anew.")
    if not (isinstance(data.period, (int, float)) and 0 < data.period < np.inf):
        raise BadValue(data.place, "period", data.period, "seconds above 0", FETCH_AGAIN)
    for kind in ("state", "action"):
        names, units = getattr(data, f"{kind}_names"), getattr(data, f"{kind}_units")
        if len(names) != len(units):
            want = f"{len(names)}, one for each of {kind}_names"
            raise BadValue(data.place, f"number of {kind}_units", len(units), want, FETCH_AGAIN)


def _check_arrays(data: Demonstrations) -> None:
    seen = SEEN[data.obs]
    want = {"state", "action"} | ({seen} if seen else set())
    want |= {"objects"} if data.object_names else set()
    if set(data.arrays) != want:
        listed = " and ".join(sorted(want))
        raise BadValue(data.place, "arrays", sorted(data.arrays), listed, FETCH_AGAIN)
    tails = {
        "state": (len(data.state_names),),
        "action": (len(data.action_names),),
        "objects": (len(data.object_names),),
        "image": (len(data.cameras), *data.arrays["image"].shape[2:4], 3)
        if seen == "image"
        else (),
        "points": (*data.arrays["points"].shape[1:2], 3) if seen == "points" else (),
    }
    for name, values in data.arrays.items():
        shape = (*data.arrays["action"].shape[:1], *tails[name])
        if values.shape != shape or values.dtype != SHAPES[name].split()[-1]:
            got = f"{values.shape} {values.dtype}"
            want_ = f"{shape}, {SHAPES[name]} as the names and the other arrays say"
            raise BadValue(data.place, name, got, want_, FETCH_AGAIN)
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            step = int(np.argwhere(~np.isfinite(values))[0, 0])
            raise BadValue(
                data.place, f"{name} at step {step}", "not finite", "finite", FETCH_AGAIN
            )


def _check_episodes(data: Demonstrations) -> None:
    ends = data.episode_ends
    if ends.ndim != 1 or ends.dtype.kind != "i" or not len(ends) or ends[-1] != data.steps:
        want = f"whole numbers rising to {data.steps}"
        raise BadValue(data.place, "episode_ends", ends[-3:].tolist(), want, FETCH_AGAIN)
    lengths = np.diff(ends, prepend=0)
    if lengths.min() < 2:
        which = int(lengths.argmin())
        want = "2 or more steps"
        raise BadValue(data.place, f"episode {which}", f"{lengths[which]} steps", want, FETCH_AGAIN)
