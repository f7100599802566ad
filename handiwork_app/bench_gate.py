"""`handiwork bench gate`: random sequences through executor, controller and gate, then the audit.

Sequences are played by several processes; what is found does not depend on how many.
"""

import multiprocessing
import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork.control.limits import Limits
from handiwork.robots.registry import robot
from handiwork.safety import audit
from handiwork_app.bench.gate_sequence import Played, Sequence
from handiwork_app.settings import BadSetting, Config

# [s] as in the loops of the real robots' arm servers.
PERIODS = {
    "wxai": 0.005,
    "wxai_pair": 0.005,
    "wx250s": 0.01,
    "fr3": 0.004,
    "panda": 0.004,
    "g1": 0.004,
}
DEFAULT_PERIOD = 0.004  # [s]
JOB = 20  # sequences that a process plays before it reports


@dataclass(kw_only=True)
class Found:
    """What sequences left behind, audited. worst: share of position range, v, a, jerk limits."""

    sequences: int = 0
    violations: int = 0
    moved: int = 0
    ticks: int = 0
    unchanged: int = 0
    stops: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    worst: np.ndarray = field(default_factory=lambda: np.zeros(4))
    seconds: list[np.ndarray] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Those of more sequences."""
        for name in ("sequences", "violations", "moved", "ticks", "unchanged", "stops"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.refused += other.refused
        self.worst = np.maximum(self.worst, other.worst)
        self.seconds += other.seconds


def bench_gate(config: Config, console: Console) -> dict[str, Any]:
    """Play `config.sequences` sequences on the limits of `config.robot`.

    Raises:
        BadSetting: no sequences. UnknownName: no such robot.
    """
    name, wanted = config.robot.name, config.sequences
    robot(name)  # refused here, not in a process
    if wanted < 1:
        raise BadSetting(f"sequences is {wanted}, want 1 or more. Say for example sequences=100.")
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # each process has one core
    found = Found()
    with Progress(console=console) as bar:
        shown = bar.add_task(f"{wanted} sequences of {name}", total=wanted)
        for part in _parts(name, config.seed, wanted):
            found.add(part)
            bar.update(shown, completed=found.sequences)
    return _figures(name, found)


def _parts(name: str, seed: int, wanted: int) -> Iterator[Found]:
    """Found by processes side by side, in no order."""
    jobs = [
        range(first, min(first + JOB, seed + wanted)) for first in range(seed, seed + wanted, JOB)
    ]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(jobs)), spawn) as pool:
        for done in as_completed([pool.submit(_play, name, job) for job in jobs]):
            yield done.result()


def _play(name: str, seeds: range) -> Found:
    """Some sequences, one after the other."""
    arm, found = robot(name), Found()
    limits, period = Limits.of(arm), PERIODS.get(name, DEFAULT_PERIOD)
    for seed in seeds:
        found.add(audited(Sequence(limits, arm.home, period, seed).run(), limits))
    return found


def audited(played: Played, limits: Limits) -> Found:
    """One sequence, judged by what was sent alone."""
    found = Found(
        sequences=1,
        moved=played.moved,
        ticks=played.ticks,
        unchanged=played.unchanged,
        stops=played.stops,
        refused=played.refused,
        seconds=[np.array(played.seconds, np.float32)],
    )
    middle, half = (limits.lower + limits.upper) / 2, (limits.upper - limits.lower) / 2
    for times, positions in played.stretches:
        result = audit(times, positions, limits)
        found.violations += result.violations
        reached = float((np.abs(positions - middle) / half).max())
        found.worst = np.maximum(found.worst, [reached, *result.worst])
    return found


def _figures(name: str, found: Found) -> dict[str, Any]:
    step = 1e6 * np.percentile(np.concatenate(found.seconds), [50, 99])
    kinds = ("position", "velocity", "acceleration", "jerk")
    return {
        "robot": name,
        "sequences": found.sequences,
        "limit_violations": found.violations,
        "motion_after_stop": found.moved,
        "refused": found.refused.total(),
        "refused_by_kind": dict(found.refused),
        "stops": found.stops,
        "ticks_enabled": found.ticks,
        "unchanged_share": found.unchanged / found.ticks,
        "worst_share": dict(zip(kinds, found.worst.tolist(), strict=True)),
        "rate_hz": 1 / PERIODS.get(name, DEFAULT_PERIOD),
        "step_p50_us": float(step[0]),
        "step_p99_us": float(step[1]),
    }
