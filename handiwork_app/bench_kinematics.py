"""`handiwork bench kinematics`: how fast and how surely an inverse answers, over the whole reach.

Targets are the tool's poses at random postures inside the joint limits, so each can be reached.
Near solves start where a robot in motion would, each joint up to 0.2 rad away from an answer; they
are the rate. Far solves have no start at all; they are the success rate. Collisions are not looked
at. An answer counts if it lies inside the limits and its own pose, placed anew, is the target.
Rates that begin with cpu count only the time that the processor worked on the solves, so they say
what these cost also while other programs run.
"""

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork.errors import Unreachable
from handiwork.robots.kinematics import Kinematics
from handiwork.robots.registry import robot
from handiwork.robots.robot import Robot
from handiwork_app.settings import Config
from policies.config_tree import from_tree

NEAR = 0.2  # [rad]
EXACT, STRAIGHT = 1e-5, 1e-4  # [m], and of the entries of the rotation


@dataclass(frozen=True, kw_only=True)
class KinematicsBench:
    """measure.*: how many poses are asked for, by every tool of the robot."""

    targets: int = 2000

    def __post_init__(self) -> None:
        if self.targets < 1:
            raise ValueError(f"measure.targets must be 1 or more, got {self.targets}")


@dataclass(frozen=True, kw_only=True, eq=False)
class Solves:
    """What N solves took [s], by the clock and of the processor, and which were right: (N,)."""

    seconds: np.ndarray
    busy: np.ndarray
    right: np.ndarray

    @staticmethod
    def of_all(parts: "list[Solves]") -> "Solves":
        """Several measurements as one."""
        return Solves(
            seconds=np.concatenate([part.seconds for part in parts]),
            busy=np.concatenate([part.busy for part in parts]),
            right=np.concatenate([part.right for part in parts]),
        )


def bench_kinematics(config: Config, console: Console) -> dict[str, Any]:
    """Both inverses of every arm of `config.robot`; measure.targets=N poses for each.

    Raises:
        UnknownName: there is no such robot.
    """
    chosen = robot(config.robot.name)
    given = {"targets": 300} if config.quick else {}
    settings = from_tree(KinematicsBench, {**given, **config.measure}, "measure")
    arms = [group.name for group in chosen.groups if group.tool is not None]
    near, far = [], []
    for number, arm in enumerate(arms):
        # The last 1 keeps them apart from the seeded postures that searches start from.
        draws = np.random.default_rng([config.seed, number, 1])
        measured = measure(chosen, arm, settings.targets, draws, console)
        near.append(measured[0])
        far.append(measured[1])
    near, far = Solves.of_all(near), Solves.of_all(far)
    return {
        "robot": chosen.name,
        "groups": arms,
        "solves": len(near.seconds),
        "solves_per_s": float(1 / near.seconds.mean()),
        "cpu_solves_per_s": float(1 / near.busy.mean()),
        "solve_p50_us": _microseconds(near, 50),
        "solve_p95_us": _microseconds(near, 95),
        "near_success_rate": float(near.right.mean()),
        "success_rate": float(far.right.mean()),
        "far_solves_per_s": float(1 / far.seconds.mean()),
        "far_cpu_solves_per_s": float(1 / far.busy.mean()),
        "far_solve_p50_us": _microseconds(far, 50),
        "far_solve_p95_us": _microseconds(far, 95),
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
    }


def measure(
    chosen: Robot, arm: str, targets: int, draws: np.random.Generator, console: Console
) -> tuple[Solves, Solves]:
    """Near and far solves of one arm."""
    kinematics = Kinematics(chosen, arm)
    columns = chosen.columns(kinematics.group)
    lower, upper = chosen.lower[columns], chosen.upper[columns]
    postures = draws.uniform(lower, upper, (targets, len(columns)))
    poses = np.array([kinematics.tool(posture) for posture in postures])
    seeds = np.clip(postures + draws.uniform(-NEAR, NEAR, postures.shape), lower, upper)
    kinematics.inverse_pose(poses[0])  # the seeded postures are made on first use
    with Progress(console=console, transient=True, refresh_per_second=1) as progress:
        near = progress.add_task(f"{arm}, from near", total=targets)
        far = progress.add_task(f"{arm}, from anywhere", total=targets)
        return (
            _solves(kinematics, poses, list(seeds), lambda: progress.advance(near)),
            _solves(kinematics, poses, [None] * targets, lambda: progress.advance(far)),
        )


def _solves(
    kinematics: Kinematics,
    poses: np.ndarray,
    seeds: Sequence[np.ndarray | None],
    solved: Callable[[], None],
) -> Solves:
    """Every pose (N, 4, 4) from its seed, or from none; only the solving is timed."""
    seconds, busy = np.zeros((2, len(poses)))
    right = np.zeros(len(poses), bool)
    for number, (pose, seed) in enumerate(zip(poses, seeds, strict=True)):
        begun, working = time.perf_counter(), time.thread_time()
        try:
            found = kinematics.inverse_pose(pose, seed)
        except Unreachable:
            found = None
        busy[number] = time.thread_time() - working
        seconds[number] = time.perf_counter() - begun
        right[number] = found is not None and _is_right(kinematics, pose, found)
        solved()
    return Solves(seconds=seconds, busy=busy, right=right)


def _is_right(kinematics: Kinematics, pose: np.ndarray, found: np.ndarray) -> bool:
    columns = kinematics.robot.columns(kinematics.group)
    lower, upper = kinematics.robot.lower[columns], kinematics.robot.upper[columns]
    off = np.abs(kinematics.tool(found) - pose)
    exact = off[:3, 3].max() < EXACT and off[:3, :3].max() < STRAIGHT
    return bool(exact and np.all(found >= lower) and np.all(found <= upper))


def _microseconds(solves: Solves, percent: float) -> float:
    return float(1e6 * np.percentile(solves.seconds, percent))
