"""The results of a command as a table for people, where its files are, and what to try next."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from handiwork_app.bench.table import print_rows

if TYPE_CHECKING:
    from handiwork_app.doctor import Finding

# (key of the results, what it is called, how it is written)
ROWS = (
    ("episodes", "episodes", "{}"),
    ("score_mean", "mean score", "{:.3f}"),
    ("score_ci95", "95 % interval of the mean", "{0[0]:.3f} to {0[1]:.3f}"),
    ("score_std", "spread (standard deviation)", "{:.3f}"),
    ("success_rate", "share of successes", "{:.2f}"),
    ("chunks_in_time_rate", "chunks in time", "{:.1%}"),
    ("chunks_refused", "chunks refused", "{}"),
    ("camera_to_trajectory_p50_ms", "camera to trajectory, p50", "{:.1f} ms"),
    ("camera_to_trajectory_p95_ms", "camera to trajectory, p95", "{:.1f} ms"),
    ("chunks", "chunks", "{}"),
    ("chunk_to_trajectory_p99_ms", "chunk to trajectory, p99", "{:.1f} ms"),
    ("join_position_step_max", "largest step between trajectories", "{:.1e} rad"),
    ("join_velocity_step_max", "largest step of velocity", "{:.1e} rad/s"),
    ("chunk_to_trajectory_p95_ms", "chunk to trajectory, p95", "{:.1f} ms"),
    ("inference_p50_ms", "inference, p50", "{:.1f} ms"),
    ("controller_rate_hz", "controller's loop", "{:.0f} Hz"),
    ("controller_jitter_p99_ms", "its jitter, p99", "{:.2f} ms"),
    ("sequences", "random sequences", "{}"),
    ("limit_violations", "commands outside limits", "{}"),
    ("motion_after_stop", "ticks that moved after a stop", "{}"),
    ("refused", "chunks and trajectories refused", "{}"),
    ("unchanged_share", "share that passed the gate unchanged", "{:.1%}"),
    ("step_p50_us", "a step of the gate, p50", "{:.0f} us"),
    ("step_p99_us", "a step of the gate, p99", "{:.0f} us"),
    ("pose_error_median_mm", "pose error, median", "{:.1f} mm"),
    ("pose_error_p95_mm", "pose error, p95", "{:.1f} mm"),
    ("pose_error_median_deg", "angle error, median", "{:.2f} deg"),
    ("pose_error_p95_deg", "angle error, p95", "{:.2f} deg"),
    ("peak_memory_mb", "peak memory", "{:.0f} MB"),
    ("validation_loss", "loss, held-out episodes", "{:.4f}"),
    ("rollout_score_best", "best score when tried", "{:.3f}"),
    ("steps_per_s", "steps per second", "{:.1f}"),
    ("loader_wait_fraction", "time spent waiting for data", "{:.2%}"),
    ("solves_per_s", "inverse solves per second, from near", "{:.0f}"),
    ("cpu_solves_per_s", "the same per second of processor time", "{:.0f}"),
    ("solve_p50_us", "one of them, p50", "{:.0f} us"),
    ("solve_p95_us", "one of them, p95", "{:.0f} us"),
    ("far_solves_per_s", "the same from anywhere", "{:.0f}"),
    ("far_cpu_solves_per_s", "the same per second of processor time", "{:.0f}"),
    ("frames", "frames", "{}"),
    ("lost", "frames lost", "{}"),
    ("stamp_to_subscriber_p50_ms", "stamp to subscriber, p50", "{:.1f} ms"),
    ("stamp_to_subscriber_p95_ms", "stamp to subscriber, p95", "{:.1f} ms"),
    ("cores", "cores that it keeps busy", "{:.2f}"),
    ("detected_rate", "share of moments with a hand in both", "{:.1%}"),
    ("median_reprojection_px", "reprojection error, median", "{:.2f} px"),
    ("p90_reprojection_px", "reprojection error, p90", "{:.2f} px"),
    ("residual_mm_median", "residual, median", "{:.2f} mm"),
    ("residual_deg_median", "residual, median", "{:.3f} deg"),
    ("cross_validated_mm", "cross-validated error", "{:.2f} mm"),
    ("views", "views", "{}"),
    ("predicted_std_mm", "predicted standard deviation", "{:.2f} mm"),
    ("predicted_std_deg", "predicted standard deviation", "{:.3f} deg"),
    ("error_mm", "distance from the simulator's truth", "{:.3f} mm"),
    ("error_deg", "angle from the simulator's truth", "{:.4f} deg"),
    ("residual_px_median", "residual, median", "{:.3f} px"),
    ("cross_validated_px", "cross-validated error", "{:.3f} px"),
    ("offset_s", "hand's clock less camera's", "{:+.4f} s"),
    ("outliers", "outliers", "{}"),
    ("cloud_p50_ms", "depth to cloud, p50", "{:.1f} ms"),
    ("cloud_p95_ms", "depth to cloud, p95", "{:.1f} ms"),
    ("open3d_chain_p50_ms", "the same by Open3D, p50", "{:.1f} ms"),
    ("ratio", "times as fast", "{:.1f}"),
    ("pipeline_hz", "pictures to poses and scene", "{:.1f} Hz"),
    ("load_average", "load of the machine meanwhile", "{:.1f}"),
    ("reason", "ended", "{}"),
    ("checkpoint", "checkpoint", "{}"),
    ("best_checkpoint", "best checkpoint when tried", "{}"),
)
# Commands to try after a command, and what they are for.
NEXT = {
    "demo": (
        ("rerun {files[recording]}", "look at the whole run, where there is a display"),
        ("handiwork eval backend=gym episodes=50", "the same policy in the published environment"),
        ("handiwork eval backend=ros episodes=20", "more episodes on the arm"),
    ),
    "train": (("handiwork eval {eval}", "measure what was learned"),),
}


def print_summary(results: Mapping[str, Any], console: Console) -> None:
    """The rows that the results have, then files, then commands to try."""
    if "rows" in results:
        print_rows(results, console)
        return
    table = Table(title=f"handiwork {results['command']}, {results['duration_s']:.0f} s")
    table.add_column("figure")
    table.add_column("value", justify="right", overflow="fold")
    for key, label, form in ROWS:
        if results.get(key) is not None:
            table.add_row(label, form.format(results[key]))
    if "score_per_episode" in results and len(results["score_per_episode"]) <= 20:
        scores = ", ".join(f"{score:.2f}" for score in results["score_per_episode"])
        table.add_row("score per episode", scores)
    console.print(table)
    for name, path in results.get("files", {}).items():
        for item in path if isinstance(path, list) else [path]:
            _say(console, f"{name.replace('_', ' ')}: {_from_here(item)}")
    for command, purpose in NEXT.get(results["command"], ()):
        words = [_from_here(word) for word in command.format(**results).split(" ")]
        program = _from_here(str(Path(sys.executable).parent / words[0]))
        _say(console, f"try next: {' '.join([program, *words[1:]])}    # {purpose}")


def print_sweep(trainings: Sequence[Mapping[str, Any]], console: Console) -> None:
    """A row for every training, the best first."""
    table = Table(title=f"{len(trainings)} trainings")
    for name in ("settings", "score when tried", "loss, held-out", "checkpoint"):
        table.add_column(name, overflow="fold")
    for item in trainings:
        settings = " ".join(item["settings"])
        score, loss = (
            "" if item.get(name) is None else f"{item[name]:.4f}"
            for name in ("rollout_score_best", "validation_loss")
        )
        table.add_row(settings, score, loss, item.get("error") or _from_here(item["checkpoint"]))
    if trainings:
        console.print(table)


def _say(console: Console, line: str) -> None:
    console.print(line, soft_wrap=True, highlight=False, markup=False)


def _from_here(path: str) -> str:
    """A path inside the present folder as seen from it; all else as it is."""
    here = f"{Path.cwd()}/"
    return path.replace(here, "")


def print_findings(findings: Sequence["Finding"], console: Console) -> None:
    """One line for what is well; for what is not, also why it matters and what to do."""
    for finding in findings:
        mark, style = ("ok", "green") if finding.ok else ("--", "red")
        line = Text.assemble((f"{mark}  ", style), f"{finding.name}: {finding.seen}")
        console.print(line, soft_wrap=True)
        if not finding.ok:
            console.print(Text(f"    {finding.matters} {finding.advice}"), soft_wrap=True)
