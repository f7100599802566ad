"""Where the checkpoints lie that come with the project."""

import os
import sys
from pathlib import Path

from handiwork.errors import HandiworkError


class NoCheckpoint(HandiworkError):
    """A task and policy that no checkpoint came with."""


def shipped_checkpoint(task: str, policy: str, obs: str = "state") -> Path:
    """The folder for a task, a policy and what it sees: in the source tree, else as installed."""
    name = f"{task}_{policy}" if obs == "state" else f"{task}_{policy}_{obs}"
    prefixes = os.environ.get("AMENT_PREFIX_PATH", "").split(os.pathsep)
    places = [Path(__file__).resolve().parents[1] / "checkpoints" / name]
    places += [
        Path(prefix) / "share/handiwork/checkpoints" / name for prefix in (*prefixes, sys.prefix)
    ]
    for place in places:
        if (place / "manifest.json").is_file():
            return place
    raise NoCheckpoint(
        f"no checkpoint {name!r} in {places[0].parent}. Give one with checkpoint=FOLDER, or learn "
        f"one with `handiwork train task={task} policy={policy} data=PATH`."
    )
