"""`handiwork demos`: scripted demonstrations of a task, recorded by processes side by side."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from handiwork.data.demonstrations import write_demonstrations
from handiwork.errors import HandiworkError
from handiwork.sim.demonstrators.demonstrate import Demonstration, demonstrate
from handiwork.sim.demonstrators.disturbance import DisturbanceConfig
from handiwork.sim.demonstrators.planners import PLANNERS
from handiwork.sim.demonstrators.recording import as_demonstrations
from handiwork.sim.manipulation.tasks import TASKS
from handiwork.sim.manipulation.world import ManipulationWorld
from handiwork_app.settings import BadSetting, Config

LEAST_SUCCESS = 0.5  # share of tries below which something is broken, and recording ends


class NoDemonstrations(HandiworkError):
    """A demonstrator that does not do its task."""


def record_demonstrations(config: Config, console: Console) -> dict[str, Any]:
    """Write `config.episodes` successful demonstrations into `config.folder`.

    Seeds count up from `config.seed`; failed episodes are dropped and counted. What is written
    does not depend on the number of processes.

    Raises:
        BadSetting: a task without a demonstrator, or no episodes.
        NoDemonstrations: the demonstrator fails more often than it succeeds.
    """
    task, obs, wanted = config.task.name, config.obs, config.episodes
    if task not in PLANNERS:
        raise BadSetting(
            f"task {task!r} has no demonstrator. Say task={' or task='.join(PLANNERS)}."
        )
    if wanted < 1:
        raise BadSetting(f"episodes is {wanted}, want 1 or more. Say for example episodes=200.")
    begun, tried = time.monotonic(), 0
    kept: list[Demonstration] = []
    processes = min(os.cpu_count() or 1, wanted)
    spawn = multiprocessing.get_context("spawn")  # OpenGL and forks do not mix
    with ProcessPoolExecutor(processes, spawn) as pool, Progress(console=console) as bar:
        shown = bar.add_task(f"{wanted} demonstrations", total=wanted)
        for demonstration in _tries(pool, task, obs, config.seed, wanted):
            tried += 1
            if demonstration.success:
                kept.append(demonstration)
            bar.update(shown, completed=len(kept))
            if len(kept) == wanted:
                break
            if tried >= 20 and len(kept) < LEAST_SUCCESS * tried:
                raise NoDemonstrations(f"{tried - len(kept)} of {tried} tries at {task!r} failed.")
        pool.shutdown(cancel_futures=True)
    rate = len(kept) / tried
    source = {"demonstrator": "handiwork", "seed": config.seed, "success_rate": rate}
    recorded = as_demonstrations(ManipulationWorld(TASKS[task], obs), kept, source)
    written = write_demonstrations(Path(config.folder), recorded)
    return {
        "task": task,
        "obs": obs,
        "episodes": written.episodes,
        "steps": written.steps,
        "success_rate": rate,
        "steps_per_s": written.steps / (time.monotonic() - begun),
        "folder": config.folder,
        "digest": written.digest,
    }


def _tries(pool: Executor, task: str, obs: str, seed: int, wanted: int) -> Iterator[Demonstration]:
    """Demonstrations in the order of their seeds, without end; `wanted` are begun at once."""
    seeds = count(seed)
    ahead = [pool.submit(_demonstrate, task, obs, one) for one in islice(seeds, wanted)]
    while True:
        yield ahead.pop(0).result()
        if not ahead:
            ahead.append(pool.submit(_demonstrate, task, obs, next(seeds)))


def _demonstrate(task: str, obs: str, seed: int) -> Demonstration:
    return demonstrate(_world(task, obs), PLANNERS[task], seed, DisturbanceConfig())


@cache
def _world(task: str, obs: str) -> ManipulationWorld:
    """One per process."""
    return ManipulationWorld(TASKS[task], obs)
