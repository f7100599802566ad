"""Exports of networks, kept in a folder between runs: one folder each, named by its content.

`model.xml` and `model.bin` are OpenVINO's own files; `record.json` holds their digests, what the
export was made of, and what the network answered to the probe. A file that is missing, damaged or
unreadable is as good as none.

Source of the folder: XDG Base Directory Specification 0.8, Apple's File System Programming Guide,
Microsoft's Known Folders.
"""

import hashlib
import json
import logging
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

log = logging.getLogger(__name__)

MODEL, WEIGHTS, RECORD = "model.xml", "model.bin", "record.json"
KEPT = 64  # exports in the folder; the ones unused for the longest time go


@dataclass(frozen=True, kw_only=True)
class Export:
    """A network in OpenVINO's form.

    answer: the module's own, to the probe.
    fuses: OpenVINO survives to compile it with fused code.
    """

    model: bytes
    weights: bytes
    answer: np.ndarray
    fuses: bool = False


def cache_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where this user's programs keep what can be made again."""
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or "~").expanduser()
    if platform == "darwin":
        base = home / "Library/Caches"
    elif platform == "win32":
        base = Path(environment.get("LOCALAPPDATA") or home / "AppData/Local")
    else:
        base = Path(environment.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "handiwork" / "exports"


def read_export(place: Path) -> Export | None:
    """The export in a folder, None where there is none that is whole."""
    try:
        record = json.loads((place / RECORD).read_bytes())
        model, weights = (place / MODEL).read_bytes(), (place / WEIGHTS).read_bytes()
        whole = record["digests"] == _digests(model, weights)
        answer, fuses = np.array(record["answer"], np.float32), record["fuses"] is True
        if whole:
            (place / RECORD).touch()
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The export %s cannot be read (%s) and is made anew.", place, error)
        return None
    if not whole:
        log.warning("The export %s is damaged and is made anew.", place)
        return None
    return Export(model=model, weights=weights, answer=answer, fuses=fuses)


def write_export(place: Path, export: Export, made_of: Mapping[str, Any]) -> None:
    """Keep an export; a folder that cannot be written costs nothing but the next run's time."""
    record = {
        "made_of": dict(made_of),
        "digests": _digests(export.model, export.weights),
        "answer": export.answer.tolist(),
        "fuses": export.fuses,
    }
    try:
        place.mkdir(parents=True, exist_ok=True)
        _replace(place / MODEL, export.model)
        _replace(place / WEIGHTS, export.weights)
        _replace(place / RECORD, json.dumps(record).encode())
        _drop_oldest(place.parent)
    except OSError as error:
        log.info("The export is not kept: %s.", error)


def _digests(model: bytes, weights: bytes) -> dict[str, str]:
    return {
        name: hashlib.sha256(content).hexdigest()
        for name, content in ((MODEL, model), (WEIGHTS, weights))
    }


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename, so that the file is never half written."""
    beside = path.with_suffix(".part")
    beside.write_bytes(content)
    beside.replace(path)


def _drop_oldest(folder: Path) -> None:
    records = sorted(folder.glob(f"*/{RECORD}"), key=lambda path: path.stat().st_mtime)
    for record in records[: max(len(records) - KEPT, 0)]:
        shutil.rmtree(record.parent)
