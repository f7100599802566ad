"""The comparison as a table for people."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

# (key of a row, what it is called, how it is written)
COLUMNS = (
    ("robot", "robot", "{}"),
    ("scene", "scene", "{}"),
    ("problems", "problems", "{}"),
    ("success_rate", "success", "{:.1%}"),
    ("policy", "policy", "{}"),
    ("sampler", "sampler", "{}"),
    ("weights", "weights", "{}"),
    ("runtime", "runtime", "{}"),
    ("device", "device", "{}"),
    ("parameters", "parameters", "{:,}"),
    ("calls_per_chunk", "calls per chunk", "{:g}"),
    ("cameras", "cameras", "{}"),
    ("subscribers", "subscribers", "{}"),
    ("profile", "profile", "{}"),
    ("object", "object", "{}"),
    ("median_mm", "median mm", "{:.2f}"),
    ("p95_mm", "p95 mm", "{:.2f}"),
    ("median_deg", "median deg", "{:.2f}"),
    ("p95_deg", "p95 deg", "{:.2f}"),
    ("refused_rate", "refused", "{:.1%}"),
    ("latency_p50_ms", "p50 ms", "{:.2f}"),
    ("latency_p90_ms", "p90 ms", "{:.1f}"),
    ("cpu_p90_ms", "of the processor", "{:.1f}"),
    ("recheck_failures", "touches at 1 mrad", "{}"),
    ("plain_ompl_p90_ms", "plain OMPL p90 ms", "{:.1f}"),
    ("plain_ompl_cpu_p90_ms", "of the processor", "{:.1f}"),
    ("plain_ompl_recheck_failures", "touches at 1 mrad", "{}"),
    ("latency_p95_ms", "p95 ms", "{:.2f}"),
    ("latency_p99_ms", "p99 ms", "{:.2f}"),
    ("received", "received", "{}"),
    ("lost", "lost", "{}"),
    ("actions_per_s", "actions per s", "{:.0f}"),
    ("batch_size", "batch", "{}"),
    ("steps_per_s", "steps per s", "{:.2f}"),
    ("step_p50_ms", "step p50 ms", "{:.1f}"),
)


def print_rows(results: Mapping[str, Any], console: Console) -> None:
    """The rows of a measurement, with the columns that they have, then its ratios."""
    rows = results["rows"]
    table = Table(title=f"handiwork {results['command']}, {results['duration_s']:.0f} s")
    columns = [column for column in COLUMNS if column[0] in rows[0]]
    for _, title, form in columns:
        table.add_column(title, justify="left" if form == "{}" else "right", overflow="fold")
    for row in rows:
        table.add_row(*(form.format(row[key]) for key, _, form in columns))
    console.print(table)
    for name, ratio in results.get("ratios", {}).items():
        console.print(f"{name}: {ratio:.1f} times", highlight=False)
    for name, said in results.get("conditions", {}).items():
        console.print(f"{name}: {said}", highlight=False, markup=False, style="dim")
