"""`handiwork eval backend=gym`: a checkpoint in the published environment."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork_app import gym_eval
from handiwork_app.compose import Config
from handiwork_app.report.figures import score_figures
from handiwork_app.report.movie import write_video
from policies.checkpoint import load_policy

LATENCY_CALLS = 30


def evaluate_in_gym(config: Config, console: Console) -> dict[str, Any]:
    """Episodes all side by side; the best and the worst as videos."""
    policy = load_policy(Path(config.checkpoint))
    horizon = policy.horizon
    rows = gym_eval.Slice(observed=horizon.observed_steps, executed=horizon.executed_steps)
    seeds = range(config.seed, config.seed + config.episodes)
    calls: list[float] = []
    with Progress(console=console) as bar:
        total = config.episodes * gym_eval.STEPS
        task = bar.add_task(f"{config.episodes} episodes", total=total)

        def on_chunk(steps: int, seconds: float) -> None:
            calls.append(seconds)
            bar.update(task, completed=steps)

        runs = gym_eval.roll_out(policy, rows, seeds, on_chunk)
        bar.update(task, completed=total)  # episodes that succeeded ended before their time
    ranked = sorted(runs, key=lambda run: run.score)
    with console.status("writing videos"):
        files = {
            name: str(write_video(Path(config.folder, f"{name}.mp4"), gym_eval.frames(run)))
            for name, run in (("video_best", ranked[-1]), ("video_worst", ranked[0]))
        }
    return score_figures([run.score for run in runs], [run.success for run in runs]) | {
        "backend": "gym",
        "environment": f"gym_pusht/PushT-v0, {gym_eval.STEPS} steps",
        "checkpoint": config.checkpoint,
        "inference_p50_ms": _inference_ms(policy, np.zeros((rows.observed, 18))),
        "inference_batch_p50_ms": float(np.median(calls)) * 1e3,
        "best_seed": ranked[-1].seed,
        "worst_seed": ranked[0].seed,
        "files": files,
    }


def _inference_ms(policy: gym_eval.Policy, observation: np.ndarray) -> float:
    """Median time of a chunk for a single observation [ms]."""
    times = []
    for _ in range(LATENCY_CALLS):
        before = time.perf_counter()
        policy.propose_batch(observation[None])
        times.append(time.perf_counter() - before)
    return float(np.median(times)) * 1e3
