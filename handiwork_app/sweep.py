"""`handiwork train --multirun`: a training for every combination of settings, side by side on Ray.

`seed=0,1,2` and `policy=diffusion,carp` are choices; Hydra makes the combinations and its launcher
runs them. Each has a folder of its own.
"""

import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from handiwork.errors import HandiworkError
from handiwork_app.result import write_json
from handiwork_app.settings import BadSetting
from handiwork_app.words import as_hydra_words, from_hydra

SUMMARY = "summary.json"
RAY = "hydra/launcher=ray"
# Hydra would close the handlers that others have and bind the root to this standard output.
QUIET = ("hydra/hydra_logging=none", "hydra/job_logging=none")
TOLD = ("folder", "settings", "validation_loss", "rollout_score_best", "checkpoint", "error")


def sweep(words: Sequence[str], now: datetime) -> dict[str, Any]:
    """Run all combinations; the figures of each and the settings that are its own, the best first.

    Raises:
        BadSetting: Ray is not installed, or Hydra cannot read the words.
    """
    import hydra

    own = [
        # The trainings may run in other folders.
        f"data={Path(word[5:]).absolute()}" if word.startswith("data=") else word
        for word in words
        if not word.startswith(("hydra.", "hydra/", "folder="))
    ]
    theirs = [word for word in words if word.startswith("hydra/")]
    theirs += [f"++{word}" for word in words if word.startswith("hydra.")]
    named = [word.removeprefix("folder=") for word in words if word.startswith("folder=")]
    folder = Path(named[-1] if named else f"runs/sweep/{now:%Y-%m-%d_%H-%M-%S}").absolute()
    if not any(word.startswith("hydra/launcher=") for word in theirs):
        theirs.append(RAY)
    _check_ray(theirs)
    arguments = ["--multirun", "app=train", *as_hydra_words(own), *QUIET, *theirs]
    sys.argv = [sys.argv[0], *arguments, f"hydra.sweep.dir='{folder}'"]
    start = hydra.main(
        version_base="1.3", config_path="pkg://handiwork_app.conf", config_name="stack"
    )
    try:
        start(_job)()
    except SystemExit as refused:
        said = "see what Hydra says above"
        raise BadSetting(f"the sweep {' '.join(words)!r} was refused: {said}.") from refused
    jobs = [json.loads(path.read_text()) for path in folder.glob(f"*/{SUMMARY}")]
    common = set.intersection(*(set(job["settings"]) for job in jobs)) if len(jobs) > 1 else set()
    for job in jobs:
        own = [word.removeprefix("++") for word in job["settings"] if word not in common]
        job["settings"] = own
    told = [{name: job[name] for name in TOLD if name in job} for job in jobs]
    return {"folder": str(folder), "trainings": sorted(told, key=_rank)}


def _job(composed: Any) -> None:
    """One training, in a process of its own; what goes wrong does not stop the others."""
    from hydra.core.hydra_config import HydraConfig
    from rich.console import Console

    from handiwork_app.train import train

    chosen = HydraConfig.get()
    folder = chosen.runtime.output_dir
    facts = {"folder": folder, "settings": list(chosen.overrides.task)}
    try:
        figures = train(replace(from_hydra(composed), folder=folder), Console(quiet=True))
    except (HandiworkError, ValueError) as refused:
        figures = {"error": str(refused)}
    write_json(facts | figures, str(Path(folder, SUMMARY)))


def _rank(job: dict[str, Any]) -> tuple[float, float]:
    """By the score when tried, then by the loss on held-out episodes; failures last."""
    score, loss = job.get("rollout_score_best"), job.get("validation_loss")
    return -(score if score is not None else -1.0), loss if loss is not None else float("inf")


def _check_ray(words: Sequence[str]) -> None:
    if RAY not in words:
        return
    try:
        importlib.import_module("hydra_plugins.hydra_ray_launcher")
    except ModuleNotFoundError as missing:
        raise BadSetting(
            "sweeps run on Ray, which is not installed. Install it with pip install "
            "'handiwork[sweep]', or say hydra/launcher=basic to train one after the other."
        ) from missing
