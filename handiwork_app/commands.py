"""What each command does. Heavy libraries are imported by the command that needs them."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from handiwork_app.compose import Config, compose
from handiwork_app.run import FailedRun, run_stack
from handiwork_app.shipped import shipped_checkpoint


def prepared(config: Config, now: datetime) -> Config:
    """The settings with folders made out: the run's own, and that of the checkpoint."""
    folder = Path(config.folder or Path("runs", config.app, f"{now:%Y-%m-%d_%H-%M-%S}")).absolute()
    if config.app == "train":
        return replace(config, folder=str(folder))
    checkpoint = config.checkpoint or shipped_checkpoint(config.task.name, config.policy.name)
    return replace(config, folder=str(folder), checkpoint=str(Path(checkpoint).absolute()))


def up(config: Config, console: Console) -> dict[str, Any]:
    """Keep the stack up until Ctrl-C, or until its job is done."""
    outcome = run_stack(config)
    if outcome.status:
        raise FailedRun(f"{outcome.reason}. The log is {config.folder}/logs/stack.log.")
    return {
        "reason": outcome.reason,
        "processes": [process.name for process in compose(config)],
        "peak_memory_mb": round(outcome.peak_memory_mb, 1),
        "files": {"log": f"{config.folder}/logs/stack.log"},
    }


def demo(config: Config, console: Console) -> dict[str, Any]:
    """A few episodes on the arm, every one filmed."""
    from handiwork_app.evaluate_robot import evaluate_on_robot

    return evaluate_on_robot(config, console, videos="all")


def evaluate(config: Config, console: Console) -> dict[str, Any]:
    """Many episodes, the best and the worst filmed."""
    if config.backend == "gym":
        # Before torch is imported: threads of a small network wait for each other on busy cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from handiwork_app.evaluate_gym import evaluate_in_gym

        return evaluate_in_gym(config, console)
    from handiwork_app.evaluate_robot import evaluate_on_robot

    return evaluate_on_robot(config, console, videos="extremes")


def train(config: Config, console: Console) -> dict[str, Any]:
    """A checkpoint from demonstrations."""
    from handiwork_app.train import train as train_policy

    return train_policy(config, console)
