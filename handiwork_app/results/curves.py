"""Curves of trainings: the loss of what was learned, and of what was held out."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

from handiwork_app.results.answers import Answer

matplotlib.use("Agg")
from matplotlib import pyplot as plt

PANELS = (
    ("loss", "loss of the training"),
    ("validation_loss", "loss of held-out episodes"),
)


def plot_curves(path: Path, trainings: Sequence[Answer]) -> Path:
    """One panel per quantity, one line per training, over the share of its steps."""
    figure, axes = plt.subplots(1, len(PANELS), figsize=(15, 6))
    for axis, (key, title) in zip(axes, PANELS, strict=True):
        for answer in trainings:
            last = answer["training"]["stage"]
            points = [item for item in answer["history"] if item["stage"] == last]
            label = f"{answer['task']} {answer['policy']} {answer['obs']} seed {answer['seed']}"
            axis.plot([p["step"] for p in points], [p[key] for p in points], label=label)
        axis.set_title(title)
        axis.set_xlabel("step")
        axis.grid(visible=True)
        axis.set_yscale("log")
    axes[0].legend(fontsize="xx-small")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)
    plt.close(figure)
    return path
