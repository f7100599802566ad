"""`handiwork eval` without ROS: a checkpoint in simulated environments, all side by side."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress
from scipy import stats

from handiwork_app.report.figures import score_figures
from handiwork_app.report.movie import write_video
from handiwork_app.rollout import Observation, Policy, Rollout, Slice, pictures, roll_out
from handiwork_app.settings import Config
from handiwork_app.simulated import described, environments, most_steps, spec_of
from policies.loading import load_policy

LATENCY_CALLS = 30


def evaluate_simulated(config: Config, console: Console) -> dict[str, Any]:
    """Episodes all side by side; the best and the worst as videos."""
    task, obs = config.task.name, config.obs
    make_environment = environments(task, obs)
    policy = load_policy(Path(config.checkpoint), spec_of(task, obs), config.runtime)
    horizon = policy.horizon
    rows = Slice(observed=horizon.observed_steps, executed=horizon.executed_steps)
    seeds = range(config.seed, config.seed + config.episodes)
    calls: list[float] = []
    with Progress(console=console) as bar:
        total = config.episodes * most_steps(task)
        shown = bar.add_task(f"{config.episodes} episodes", total=total)

        def on_chunk(steps: int, seconds: float) -> None:
            calls.append(seconds)
            bar.update(shown, completed=steps)

        runs = roll_out(make_environment, policy, rows, seeds, on_chunk)
        bar.update(shown, completed=total)  # episodes that succeeded ended before their time
    ranked = sorted(runs, key=lambda run: (run.score, -len(run.actions)))
    environment = make_environment()
    with console.status("writing videos"):
        files = {
            name: str(write_video(Path(config.folder, f"{name}.mp4"), pictures(environment, run)))
            for name, run in (("video_best", ranked[-1]), ("video_worst", ranked[0]))
        }
    return figures(runs) | {
        "backend": config.backend,
        "environment": described(task),
        "task": task,
        "obs": obs,
        "policy": config.policy.name,
        "checkpoint": config.checkpoint,
        "inference_p50_ms": _inference_ms(policy, environment.reset(config.seed), rows),
        "inference_batch_p50_ms": float(np.median(calls)) * 1e3,
        "best_seed": ranked[-1].seed,
        "worst_seed": ranked[0].seed,
        "files": files,
    }


def figures(runs: Sequence[Rollout]) -> dict[str, Any]:
    """Scores, successes and how long they took."""
    done = [len(run.actions) for run in runs if run.success]
    rate = stats.binomtest(len(done), len(runs)).proportion_ci(method="wilson")
    return score_figures([run.score for run in runs], [run.success for run in runs]) | {
        "success_ci95": [float(rate.low), float(rate.high)],
        "success_ci95_method": "Wilson",
        "steps_per_episode": [len(run.actions) for run in runs],
        "steps_to_success_p50": float(np.median(done)) if done else None,
    }


def _inference_ms(policy: Policy, observation: Observation, rows: Slice) -> float:
    """Median time of a chunk for a single observation [ms]."""
    single = {name: np.array([[values] * rows.observed]) for name, values in observation.items()}
    times = []
    for _ in range(LATENCY_CALLS):
        before = time.perf_counter()
        policy.propose_batch(single, [0])
        times.append(time.perf_counter() - before)
    return float(np.median(times)) * 1e3
