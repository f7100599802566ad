"""Whether a training may go on in a folder: only the very same one may."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handiwork.errors import BadCheckpoint, BadValue
from policies.checkpoint import MANIFEST, read_manifest
from policies.generator import ActionGenerator
from policies.spec import PolicySpec
from policies.training.config import FREE, TrainingConfig
from policies.training.state import START_ANEW, STATE, read_words


def identity(
    policy: ActionGenerator, spec: PolicySpec, config: TrainingConfig, data_digest: str
) -> Mapping[str, Any]:
    """What decides the outcome of a training, as JSON holds it."""
    settings = dataclasses.asdict(config)
    content = {
        "policy": policy.kind,
        "config": dataclasses.asdict(policy.config),
        "spec": dataclasses.asdict(spec),
        "training": {name: item for name, item in settings.items() if name not in FREE},
        "data_sha256": data_digest,
    }
    return json.loads(json.dumps(content))


def check_folder(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Refuse a folder with the state or the checkpoint of another training.

    Raises:
        BadValue: names the first setting that differs.
        BadCheckpoint: the folder holds a checkpoint, but not the state it was trained to.
    """
    if (folder / STATE).is_file():
        found, _, _ = read_words(folder / STATE)
        for name, got, want in _differences(found, wanted):
            raise BadValue(
                str(folder), f"{name} of the training there", got, repr(want), START_ANEW
            )
    elif (folder / MANIFEST).exists():
        kind = read_manifest(folder)["policy"]
        raise BadCheckpoint(
            str(folder),
            "content",
            f"a checkpoint of {kind}",
            "an empty folder, or one with the state of this training",
            "Give another folder.",
        )


def _differences(found: Any, wanted: Any, place: str = "") -> list[tuple[str, Any, Any]]:
    """(place, found, wanted) of all leaves that differ, in the order of `wanted`."""
    if not (isinstance(found, dict) and isinstance(wanted, dict)):
        return [] if found == wanted else [(place, found, wanted)]
    names = [*wanted, *(name for name in found if name not in wanted)]
    return [
        difference
        for name in names
        for difference in _differences(
            found.get(name), wanted.get(name), f"{place}.{name}" if place else name
        )
    ]
