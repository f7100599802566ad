"""The demonstrations that a training is given: read, and checked against the task it is for."""

import dataclasses
import os
from pathlib import Path

from handiwork.data.demonstrations import Demonstrations, open_demonstrations
from handiwork.data.push_t import read_demonstrations
from handiwork.data.push_t_images import read_image_demonstrations
from handiwork.data.push_t_mirror import with_mirrored
from handiwork.errors import BadValue
from handiwork_app.settings import BadSetting, Config
from handiwork_app.simulated import spec_of
from policies.spec import PolicySpec, spec_of_data

ANOTHER = "Record the demonstrations again, or choose another task."


def read_data(config: Config) -> Demonstrations:
    """A folder of demonstrations, or one of the published files of Push-T.

    Raises:
        BadSetting: no path.
        BadValue: the data is missing or damaged, or its names, units, frame or rate are not those
            that the task's world works with.
    """
    task = config.task.name
    if not config.data:
        example = "pusht_lowdim.npz" if task == "push_t" else f"demos/{task}"
        raise BadSetting(f"data is empty, want the demonstrations. Say for example data={example}.")
    data = _read(Path(config.data))
    for name, wanted in (("task", task), ("obs", config.obs)):
        got = getattr(data, name)
        if got != wanted:
            raise BadValue(data.place, name, got, repr(wanted), f"Say {name}={got}.")
    got, want = spec_of_data(data), spec_of(task, config.obs)
    for field in dataclasses.fields(PolicySpec):
        mine, its = getattr(got, field.name), getattr(want, field.name)
        if mine != its:
            raise BadValue(data.place, field.name, mine, f"{its!r} as {task} has it", ANOTHER)
    return data


def _read(path: Path) -> Demonstrations:
    match path.suffix:
        case ".npz":
            return with_mirrored(read_demonstrations(path))
        case ".zip":
            return with_mirrored(read_image_demonstrations(path, _cache()))
        case _:
            return open_demonstrations(path)


def _cache() -> Path:
    """Where unpacked data is kept, for all projects of this user."""
    return Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "handiwork"
