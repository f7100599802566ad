"""`handiwork bench planner`: how surely and how fast paths are found, beside OMPL as it comes.

Each row is a robot in a scene with seeded problems that a long search has joined. A latency is the
time for a path that is shortened and proven free; the scene is known before, as it is to a server
that is asked again and again. OMPL as it comes is its RRT-Connect and its `simplifySolution` with
a validity callback in Python on the same checker, which proves nothing. Every path is looked at
again at 1 mrad by `Recheck`. Figures that begin with cpu count only the time that the processor
worked on it, so they say what it costs also while other programs run.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from ompl import base, geometric, util
from rich.console import Console
from rich.progress import Progress

from handiwork.errors import NoPath
from handiwork.planning.planner import Planner
from handiwork.planning.problems import SETTINGS, STANDS, Problem, scene_of, solvable_problems
from handiwork.planning.recheck import Recheck
from handiwork.robots.registry import robot
from handiwork_app.settings import Config
from policies.config_tree import from_tree

# OMPL measures motions by the root of the sum of squares, the planner by the joint that moves most;
# over the motions of these problems the first is about 1.6 times the second.
ROOT_OVER_MOST = 1.6


@dataclass(frozen=True, kw_only=True)
class PlannerBench:
    """measure.*: which robots and scenes, how many problems of each, and when to give up."""

    robots: tuple[str, ...] = tuple(STANDS)
    scenes: tuple[str, ...] = tuple(SETTINGS)
    problems: int = 50
    seconds: float = 10.0

    def __post_init__(self) -> None:
        for field, known in (("robots", STANDS), ("scenes", SETTINGS)):
            unknown = sorted(set(getattr(self, field)) - set(known))
            if unknown:
                raise ValueError(f"measure.{field} are among {', '.join(known)}, got {unknown}")
        if self.problems < 1 or self.seconds <= 0:
            raise ValueError("measure.problems must be 1 or more and measure.seconds positive")


@dataclass(frozen=True, eq=False)
class Answer:
    """A path (N, G) [rad] or None, and what it took [s], by the clock and of the processor."""

    path: np.ndarray | None
    seconds: float
    busy: float


def bench_planner(config: Config, console: Console) -> dict[str, Any]:
    """A row for every robot in every scene."""
    given = {"problems": 4, "robots": ["panda", "wxai"]} if config.quick else {}
    settings = from_tree(PlannerBench, {**given, **config.measure}, "measure")
    util.RNG.setSeed(config.seed + 1)  # 0 would be drawn anew
    pairs = [(name, scene) for name in settings.robots for scene in settings.scenes]
    with Progress(console=console, transient=True, refresh_per_second=1) as progress:
        rows = []
        for name, scene in progress.track(pairs, description="robots in scenes"):
            rows.append(measured(name, scene, settings, config.seed))
    return {
        "rows": rows,
        "quick": config.quick,
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
    }


def measured(name: str, setting: str, settings: PlannerBench, seed: int) -> dict[str, Any]:
    """One row: the planner and plain OMPL take turns on the same problems."""
    chosen, stand = robot(name), STANDS[name]
    scene = scene_of(SETTINGS[setting], stand)
    problems = solvable_problems(chosen, SETTINGS[setting], stand, settings.problems, seed)
    planner = Planner(chosen, scene, stand.group)
    recheck = Recheck(chosen, scene, stand.group)
    ours, plain = [], []
    for problem in problems:
        ours.append(_planned(planner, problem, settings.seconds))
        plain.append(_plain(planner, problem, settings.seconds))
    found = [answer.path for answer in ours if answer.path is not None]
    theirs = [answer.path for answer in plain if answer.path is not None]
    return {
        "robot": name,
        "scene": setting,
        "problems": len(problems),
        "success_rate": len(found) / len(problems),
        "latency_p50_ms": _milliseconds([answer.seconds for answer in ours], 50),
        "latency_p90_ms": _milliseconds([answer.seconds for answer in ours], 90),
        "cpu_p50_ms": _milliseconds([answer.busy for answer in ours], 50),
        "cpu_p90_ms": _milliseconds([answer.busy for answer in ours], 90),
        "recheck_failures": sum(_touches(recheck, found)),
        "length_p50_rad": _length(found),
        "plain_ompl_success_rate": len(theirs) / len(problems),
        "plain_ompl_p90_ms": _milliseconds([answer.seconds for answer in plain], 90),
        "plain_ompl_cpu_p90_ms": _milliseconds([answer.busy for answer in plain], 90),
        "plain_ompl_recheck_failures": sum(_touches(recheck, theirs)),
        "plain_ompl_length_p50_rad": _length(theirs),
    }


def _planned(planner: Planner, problem: Problem, seconds: float) -> Answer:
    begun, working = time.perf_counter(), time.thread_time()
    try:
        path = planner.path(problem.start, problem.goal, seconds)
    except NoPath:
        path = None
    return Answer(path, time.perf_counter() - begun, time.thread_time() - working)


def _plain(planner: Planner, problem: Problem, seconds: float) -> Answer:
    """OMPL with its defaults; only the distance between samples is ours, to be fair to both."""
    begun, working = time.perf_counter(), time.thread_time()
    joints = len(planner.lower)
    space = base.RealVectorStateSpace(joints)
    bounds = base.RealVectorBounds(joints)
    for joint in range(joints):
        bounds.setLow(joint, float(planner.lower[joint]))
        bounds.setHigh(joint, float(planner.upper[joint]))
    space.setBounds(bounds)
    spacing = ROOT_OVER_MOST * planner.config.spacing
    space.setLongestValidSegmentFraction(spacing / space.getMaximumExtent())
    setup = geometric.SimpleSetup(space)
    free = planner.checker.free
    setup.setStateValidityChecker(lambda state: free(_posture(state, joints)))
    ends: list[Any] = [space.allocState(), space.allocState()]
    for end, posture in zip(ends, (problem.start, problem.goal), strict=True):
        for joint, position in enumerate(posture.tolist()):
            end[joint] = position
    setup.setStartAndGoalStates(ends[0], ends[1])
    setup.setPlanner(geometric.RRTConnect(setup.getSpaceInformation()))
    path = None
    if setup.solve(seconds).getStatus() == base.PlannerStatus.EXACT_SOLUTION:
        setup.simplifySolution()
        states = setup.getSolutionPath().getStates()
        path = np.array([_posture(state, joints) for state in states])
    return Answer(path, time.perf_counter() - begun, time.thread_time() - working)


def _posture(state: Any, joints: int) -> np.ndarray:
    """(G,) [rad]; OMPL's types lack indexing."""
    return np.array([state[joint] for joint in range(joints)])


def _touches(recheck: Recheck, paths: list[np.ndarray]) -> Iterator[bool]:
    return (recheck.first_touch(path) is not None for path in paths)


def _milliseconds(seconds: list[float], percent: float) -> float:
    return float(1e3 * np.percentile(seconds, percent))


def _length(paths: list[np.ndarray]) -> float | None:
    """The median over the paths of how far the joint that moves most goes in each piece [rad]."""
    if not paths:
        return None
    return float(np.median([np.abs(np.diff(path, axis=0)).max(1).sum() for path in paths]))
