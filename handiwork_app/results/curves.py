"""Curves of trainings: what was learned, what held out, and how the policy acted on the way."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib

from handiwork_app.results.answers import Answer

matplotlib.use("Agg")
from matplotlib import pyplot as plt

PANELS = (
    ("loss", "loss of the training"),
    ("validation_loss", "loss of held-out episodes"),
    ("rollout_score", "score of rollouts"),
)


def plot_curves(path: Path, trainings: Sequence[Answer]) -> Path:
    """One panel per quantity, one line per training, over the share of its steps."""
    figure, axes = plt.subplots(1, len(PANELS), figsize=(15, 4))
    for axis, (key, title) in zip(axes, PANELS, strict=True):
        for answer in trainings:
            points = [item for item in answer["history"] if item.get(key) is not None]
            label = f"{answer['task']} {answer['policy']} {answer['obs']} seed {answer['seed']}"
            axis.plot([p["step"] for p in points], [p[key] for p in points], label=label)
        axis.set_title(title)
        axis.set_xlabel("step")
        axis.grid(visible=True)
        if key != "rollout_score":
            axis.set_yscale("log")
    axes[0].legend(fontsize="xx-small")
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=90)
    plt.close(figure)
    return path
