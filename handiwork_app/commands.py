"""What each command does. Heavy libraries are imported by the command that needs them."""

import os
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from rich.console import Console

from handiwork_app.compose import compose
from handiwork_app.run import FailedRun, run_stack
from handiwork_app.settings import Config
from handiwork_app.shipped import shipped_checkpoint

BENCHES = {
    "perception": "bench_perception",
    "poses": "bench_poses",
    "hands": "bench_hands",
    "camera": "bench_camera",
    "transport": "bench_transport",
    "policies": "bench.policies",
    "training": "bench_training",
    "peers": "bench.peers",
    "kinematics": "bench_kinematics",
    "gate": "bench_gate",
    "executor": "bench_executor",
    "planner": "bench_planner",
}  # what is measured, and the module whose `bench_NAME` does
DRAWN = ("perception", "poses")


def prepared(config: Config, now: datetime) -> Config:
    """The settings with folders made out: the run's own, and that of the checkpoint."""
    folder = Path(config.folder or Path("runs", config.app, f"{now:%Y-%m-%d_%H-%M-%S}")).absolute()
    if config.app in ("arm", "train", "demos", "bench", "calibrate"):
        return replace(config, folder=str(folder))
    checkpoint = config.checkpoint or shipped_checkpoint(
        config.task.name, config.policy.name, config.obs
    )
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
    if config.backend != "ros":
        # Before torch is imported: threads of a small network wait for each other on busy cores.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from handiwork_app.evaluate_simulated import evaluate_simulated

        return evaluate_simulated(config, console)
    from handiwork_app.evaluate_robot import evaluate_on_robot

    return evaluate_on_robot(config, console, videos="extremes")


def train(config: Config, console: Console) -> dict[str, Any]:
    """A checkpoint from demonstrations."""
    from handiwork_app.train import train as train_policy

    return train_policy(config, console)


def bench(config: Config, console: Console) -> dict[str, Any]:
    """What `config.bench` names is measured."""
    if config.bench in DRAWN:  # before OpenGL is loaded: it draws in one thread
        os.environ.setdefault("LP_NUM_THREADS", "0")
    module = import_module(f"handiwork_app.{BENCHES[config.bench]}")
    return getattr(module, f"bench_{config.bench}")(config, console)


def calibrate(config: Config, console: Console) -> dict[str, Any]:
    """Where a camera is, and how sure that is."""
    from handiwork_app.calibrate import calibrate as find

    return find(config)


def demos(config: Config, console: Console) -> dict[str, Any]:
    """Demonstrations by a script, for a policy to learn from."""
    # Before the processes are started, which take this over: each has one core.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("LP_NUM_THREADS", "1")
    from handiwork_app.demos import record_demonstrations

    return record_demonstrations(config, console)
