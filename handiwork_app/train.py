"""`handiwork train`: learns a checkpoint from demonstrations, with a progress bar."""

from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from handiwork_app.settings import Config

TOLD = ("validation_loss", "parameters", "steps_per_s", "loader_wait_fraction")


def train(config: Config, console: Console) -> dict[str, Any]:
    """Train what `config` asks for; goes on where an earlier run in its folder stopped.

    Raises:
        BadSetting: no data was given.
        BadValue, BadConfig: data, settings or the folder do not fit each other.
    """
    from handiwork_app.learning_data import read_data
    from handiwork_app.trial import make_trial
    from policies.config_tree import from_tree
    from policies.training.config import TrainingConfig
    from policies.training.journal import Progress as Report
    from policies.training.training import Training

    settings = from_tree(TrainingConfig, {"seed": config.seed, **config.training}, "training")
    data = read_data(config)
    trial = make_trial(config, settings.rollout_episodes) if settings.rollout_every else None
    training = Training(
        data, config.policy.name, config.policy.settings, settings, Path(config.folder), trial
    )
    with _progress(console) as bar:
        task = bar.add_task("training", total=settings.steps, told="")

        def on_report(report: Report, score: float | None) -> None:
            told = f"{report.stage}: loss {report.loss:.4f}, held out {report.validation_loss:.4f}"
            told = told if score is None else f"{told}, score {score:.3f}"
            bar.update(task, told=told)
            if not console.is_terminal:  # where no bar moves, as in a log
                console.print(f"step {report.step} of {settings.steps}, {told}")

        figures = training.run(lambda step: bar.update(task, completed=step), on_report)
    return _told(config, figures)


def _told(config: Config, figures: dict[str, Any]) -> dict[str, Any]:
    """What the command answers: the checkpoints, and the figures that people look at."""
    from policies.training.curves import read_curves

    best = figures.get("best")
    chosen = f"task={config.task.name} policy={config.policy.name} obs={config.obs}"
    backend = " backend=gym" if config.task.name == "push_t" else ""
    return {
        "task": config.task.name,
        "policy": config.policy.name,
        "obs": config.obs,
        "checkpoint": config.folder,
        "best_checkpoint": best["checkpoint"] if best else None,
        "rollout_score_best": best["rollout_score"] if best else None,
        **{name: figures[name] for name in TOLD},
        "training": figures,
        "history": read_curves(Path(config.folder, "curves")),
        "eval": f"{chosen}{backend} checkpoint={config.folder}",
    }


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
    )
    return Progress(*columns, console=console)
