"""The curves that a training drew, read back."""

from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

SHOWN = ("loss", "validation_loss")


def read_curves(folder: Path) -> list[dict[str, Any]]:
    """A point for each report: its step, its stage and what is SHOWN."""
    events = EventAccumulator(str(folder), size_guidance={"scalars": 0})
    events.Reload()
    points: dict[tuple[int, str], dict[str, Any]] = {}
    for tag in events.Tags()["scalars"]:
        stage, _, name = tag.rpartition("/")
        if name in SHOWN:
            for event in events.Scalars(tag):
                point = points.setdefault((event.step, stage), {"step": event.step, "stage": stage})
                point[name] = event.value
    return [points[place] for place in sorted(points)]
