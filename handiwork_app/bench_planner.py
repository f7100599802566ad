"""`handiwork bench planner`: how surely and how fast paths are found, beside OMPL as it comes.

Each row is a robot in a scene with seeded problems that a long search has joined. A latency is the
time for a path that is shortened and proven free; the scene is known before, as it is to a server
that is asked again and again. `trajectory_p90_ms` is that and its corners rounded and timed. Plain
OMPL takes turns with the planner on the same problems and the same checker. Every path and every
trajectory is looked at again at 1 mrad by `Recheck`. Figures that begin with cpu count only the
time that the processor worked on it, so they say what it costs also while other programs run.
"""

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from ompl import util
from rich.console import Console
from rich.progress import Progress

from handiwork.control.joint_trajectory import JointTrajectory
from handiwork.control.sampling import sample_all
from handiwork.errors import NoPath
from handiwork.planning import Planner, Recheck, rounded, timed
from handiwork.planning.problem_scenes import SETTINGS, STANDS, scene_of
from handiwork.planning.problems import Problem, solvable_problems
from handiwork.robots.registry import robot
from handiwork_app.plain_ompl import plain_path
from handiwork_app.settings import Config
from policies.config_tree import from_tree

SAMPLE = 0.002  # [s] between points of a trajectory that is looked at again
Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class PlannerBench:
    """measure.*: which robots and scenes, how many problems of each, and when to give up."""

    robots: tuple[str, ...] = tuple(STANDS)
    scenes: tuple[str, ...] = tuple(SETTINGS)
    problems: int = 50
    seconds: float = 10.0  # of a search, then it has failed
    plain_seconds: float = 5.0  # of plain OMPL's search; so the whole bench ends in time

    def __post_init__(self) -> None:
        for field, known in (("robots", STANDS), ("scenes", SETTINGS)):
            unknown = sorted(set(getattr(self, field)) - set(known))
            if unknown:
                raise ValueError(f"measure.{field} are among {', '.join(known)}, got {unknown}")
        if self.problems < 1 or min(self.seconds, self.plain_seconds) <= 0:
            raise ValueError(
                "measure.problems must be 1 or more, measure.seconds and plain_seconds positive"
            )


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """What was found, or None, and what it took [s], by the clock and of the processor."""

    found: Found | None
    seconds: float
    busy: float


@dataclass(frozen=True)
class Answers:
    """To one problem: ours, its trajectory, and plain OMPL's."""

    path: Answer[np.ndarray]
    trajectory: Answer[JointTrajectory]
    plain: Answer[np.ndarray]


def bench_planner(config: Config, console: Console) -> dict[str, Any]:
    """A row for every robot in every scene."""
    given = {"problems": 4, "robots": ["panda", "wxai"]} if config.quick else {}
    settings = from_tree(PlannerBench, {**given, **config.measure}, "measure")
    util.RNG.setSeed(config.seed + 1)  # 0 would be drawn anew
    pairs = [(name, scene) for name in settings.robots for scene in settings.scenes]
    rows = []
    with Progress(console=console, transient=True, refresh_per_second=1) as bar:
        task = bar.add_task("problems", total=len(pairs) * settings.problems)
        for name, scene in pairs:
            bar.update(task, description=f"{name}, {scene}")
            rows.append(measured(name, scene, settings, config.seed, lambda: bar.advance(task)))
    return {
        "rows": rows,
        "quick": config.quick,
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
        "conditions": {
            "plain OMPL": f"its RRT-Connect and simplifySolution on the same checker; given up "
            f"after {settings.plain_seconds:g} s a problem, the planner after {settings.seconds:g}",
            "problems": "each joined by an RRT-Connect of up to 10 s with a proof at 1 mrad",
        },
    }


def measured(
    name: str, setting: str, settings: PlannerBench, seed: int, done: Callable[[], object]
) -> dict[str, Any]:
    """One row: the planner and plain OMPL take turns on the same problems."""
    chosen, stand = robot(name), STANDS[name]
    scene = scene_of(SETTINGS[setting], stand)
    drawn = solvable_problems(chosen, SETTINGS[setting], stand, settings.problems, seed)
    planner = Planner(chosen, scene, stand.group)
    recheck = Recheck(chosen, scene, stand.group)
    answers = []
    for problem in drawn.problems:
        answers.append(_answered(planner, problem, settings))
        done()
    first = {"robot": name, "scene": setting, "problems": len(answers)}
    return {**first, "pairs_left_out": drawn.left_out, **_figures(answers, recheck)}


def _figures(answers: list[Answers], recheck: Recheck) -> dict[str, Any]:
    paths = _found(item.path for item in answers)
    motions = _found(item.trajectory for item in answers)
    plain = _found(item.plain for item in answers)
    whole = [item.path.seconds + item.trajectory.seconds for item in answers]
    return {
        "success_rate": len(motions) / len(answers),
        "straight_rate": sum(len(path) == 2 for path in paths) / len(answers),
        "latency_p50_ms": _milliseconds((item.path.seconds for item in answers), 50),
        "latency_p90_ms": _milliseconds((item.path.seconds for item in answers), 90),
        "cpu_p50_ms": _milliseconds((item.path.busy for item in answers), 50),
        "cpu_p90_ms": _milliseconds((item.path.busy for item in answers), 90),
        "trajectory_p90_ms": _milliseconds(whole, 90),
        "recheck_failures": _touches(recheck, paths) + _touches(recheck, map(_dense, motions)),
        "length_p50_rad": _length(paths),
        "plain_ompl_success_rate": len(plain) / len(answers),
        "plain_ompl_p90_ms": _milliseconds((item.plain.seconds for item in answers), 90),
        "plain_ompl_cpu_p90_ms": _milliseconds((item.plain.busy for item in answers), 90),
        "plain_ompl_recheck_failures": _touches(recheck, plain),
        "plain_ompl_length_p50_rad": _length(plain),
    }


def _answered(planner: Planner, problem: Problem, settings: PlannerBench) -> Answers:
    start, goal = problem.start, problem.goal
    path = _clocked(lambda: planner.path(start, goal, settings.seconds))
    return Answers(
        path=path,
        trajectory=_clocked(lambda: _trajectory(planner, path.found)),
        plain=_clocked(lambda: plain_path(planner, start, goal, settings.plain_seconds)),
    )


def _trajectory(planner: Planner, path: np.ndarray | None) -> JointTrajectory | None:
    if path is None:
        return None
    return timed(rounded(path, planner.proof.path_free), planner.limits)


def _clocked(search: Callable[[], Found | None]) -> Answer[Found]:
    begun, working = time.perf_counter(), time.thread_time()
    try:
        found = search()
    except NoPath:
        found = None
    return Answer(found, time.perf_counter() - begun, time.thread_time() - working)


def _found(answers: Iterable[Answer[Found]]) -> list[Found]:
    return [answer.found for answer in answers if answer.found is not None]


def _dense(trajectory: JointTrajectory) -> np.ndarray:
    """(T, G) postures [rad] of a trajectory, close enough together to be joined straight."""
    times = np.append(np.arange(0.0, trajectory.end, SAMPLE), trajectory.end)
    return sample_all(trajectory, times)[0]


def _touches(recheck: Recheck, paths: Iterable[np.ndarray]) -> int:
    return sum(recheck.first_touch(path) is not None for path in paths)


def _milliseconds(seconds: Iterable[float], percent: float) -> float:
    return float(1e3 * np.percentile(list(seconds), percent))


def _length(paths: list[np.ndarray]) -> float | None:
    """The median over the paths of how far the joint that moves most goes in each piece [rad]."""
    if not paths:
        return None
    return float(np.median([np.abs(np.diff(path, axis=0)).max(1).sum() for path in paths]))
