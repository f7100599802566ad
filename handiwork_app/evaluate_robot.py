"""`handiwork demo` and `handiwork eval backend=ros`: episodes through the graph, on the arm."""

import json
import resource
from pathlib import Path
from typing import Any

from rich.console import Console

from handiwork_app.report.run import Videos, report_run
from handiwork_app.run import FailedRun, Interrupted, run_stack
from handiwork_app.settings import Config


def evaluate_on_robot(config: Config, console: Console, videos: Videos) -> dict[str, Any]:
    """Run the episodes, then report on them.

    Raises:
        FailedRun: a node died, or not all episodes could be run.
        Interrupted: Ctrl-C or SIGTERM came first.
    """
    folder = Path(config.folder)
    outcome = run_stack(config)
    if outcome.interrupted:
        raise Interrupted(f"{outcome.reason} before the episodes were done. Files are in {folder}.")
    if outcome.status:
        raise FailedRun(f"{outcome.reason}. The log is {folder}/logs/stack.log.")
    result = json.loads((folder / "result.json").read_text())
    if len(result["episodes"]) != config.episodes:
        raise FailedRun(
            f"{len(result['episodes'])} of {config.episodes} episodes were run. The log is "
            f"{folder}/logs/stack.log."
        )
    with console.status("writing videos, plots and the recording"):
        report = report_run(folder, videos)
    return report | {
        "task": config.task.name,
        "policy": config.policy.name,
        "obs": config.obs,
        "backend": "ros",
        "checkpoint": config.checkpoint,
        "inference_p50_ms": result["inference_p50_ms"],
        "peak_memory_mb": round(max(outcome.peak_memory_mb, _own_peak_mb()), 1),
    }


def _own_peak_mb() -> float:
    """The most memory that this process, which makes the report, ever held [MB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6  # Linux counts kB
