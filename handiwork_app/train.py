"""`handiwork train`: learns a checkpoint from demonstrations, with a progress bar."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from handiwork.errors import UnknownName
from handiwork_app.compose import BadSetting, Config

VALIDATION_EPISODES = 4  # of the 206 demonstrations, kept out of the training


def train(config: Config, console: Console) -> dict[str, Any]:
    """Train what `config` asks for; goes on where an earlier run in its folder stopped.

    Raises:
        BadSetting: no data was given.
        UnknownName: a setting under `training` that does not exist.
    """
    from policies.training import loop
    from policies.training.push_t import train_push_t

    if not config.data:
        raise BadSetting(
            "data is empty, want the demonstrations. Say for example data=pusht_lowdim.npz."
        )
    known = [item.name for item in fields(loop.TrainingConfig) if item.name != "seed"]
    for name in config.training:
        if name not in known:
            listed = [f"training.{item}" for item in known]
            raise UnknownName("setting", f"training.{name}", listed, "Check the spelling.")
    settings = loop.TrainingConfig(seed=config.seed, **config.training)  # type: ignore[arg-type]
    with _progress(console) as bar:
        task = bar.add_task("training", total=settings.steps, losses="")

        def on_report(progress: loop.Progress) -> None:
            losses = f"loss {progress.loss:.4f}, held out {progress.validation_loss:.4f}"
            bar.update(task, losses=losses)

        figures = train_push_t(
            Path(config.data),
            Path(config.folder),
            settings,
            VALIDATION_EPISODES,
            lambda step: bar.update(task, completed=step),
            on_report,
        )
    return {"checkpoint": config.folder, "training": figures}


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[losses]}"),
    )
    return Progress(*columns, console=console)
