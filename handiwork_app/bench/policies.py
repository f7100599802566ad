"""`handiwork bench policies`: how long each policy takes for a chunk, on one machine in one run."""

import copy
import os
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress

from handiwork_app.bench.contestants import (
    DDIM_10,
    DDPM_100,
    Contestant,
    random_contestants,
    trained_contestants,
)
from handiwork_app.bench.counting import Count, counted
from handiwork_app.bench.peer import LEROBOT, PYTHON, Peer, conditions_of, devices, start_peers
from handiwork_app.bench.rows import EAGER, Row, ratios, timed
from handiwork_app.bench.settings import MeasureConfig, measured
from handiwork_app.bench.turns import Measure, take_turns
from handiwork_app.settings import Config
from policies.acting import ActingPolicy
from policies.runtime import Choice, choose, compile_policy
from policies.runtime.export_cache import cache_folder

WARM_UPS = 2  # chunks before any is timed
PEER_SAMPLERS = {DDPM_100: ("ddpm", 100), DDIM_10: ("ddim", 10)}


@dataclass(frozen=True)
class Entry:
    """One row to be: what is said of it, and how a chunk of it is timed."""

    row: Row
    measure: Measure
    executed: int


def bench_policies(config: Config, console: Console) -> dict[str, Any]:
    """Rows, ratios, and the conditions under which they were found."""
    settings = measured(config.measure, config.quick)
    if settings.threads:
        torch.set_num_threads(settings.threads)
    contestants = (
        *random_contestants(settings.channels, config.seed),
        *trained_contestants(settings.checkpoints),
    )
    with (
        _peers(settings) as peers,
        Progress(console=console) as bar,
    ):
        task = bar.add_task("exporting and warming up", total=1.0)
        entries = [
            entry
            for choice in _choices()
            for entry in _entries(contestants, choice, settings.threads)
        ]
        entries += [entry for peer in peers for entry in _peer_entries(peer)]
        for entry in entries:
            for _ in range(WARM_UPS):
                entry.measure()
        bar.update(task, description="taking turns")
        times = take_turns(
            {str(number): entry.measure for number, entry in enumerate(entries)},
            settings.seconds,
            config.seed,
            on_turn=lambda share: bar.update(task, completed=share),
        )
    rows = [
        timed(_counts(entry.row), times[str(number)], entry.executed)
        for number, entry in enumerate(entries)
    ]
    return {
        "rows": rows,
        "ratios": _ratios(rows),
        "conditions": _conditions(settings, peers),
        "quick": config.quick,
    }


def _peers(settings: MeasureConfig) -> AbstractContextManager[list[Peer]]:
    """On every device, where they are wanted and installed."""
    if not (settings.peers and PYTHON.exists()):
        return nullcontext([])
    return start_peers(settings.channels, settings.threads)


def _ratios(rows: list[Row]) -> dict[str, float]:
    """Of every device."""
    found: dict[str, float] = {}
    for device in devices():
        found |= ratios(rows, choose("auto", device))
    return found


def _choices() -> list[Choice]:
    """Torch as it is and the best runtime, on the CPU and on CUDA where there is one."""
    both = [choose(runtime, device) for device in devices() for runtime in (EAGER, "auto")]
    return list(dict.fromkeys(both))  # "auto" may be eager


def _entries(contestants: Iterable[Contestant], choice: Choice, threads: int) -> list[Entry]:
    computes: dict[str, Any] = {}
    entries = []
    for contestant in contestants:
        generator = contestant.generator
        if choice.device.type != "cpu":
            generator = copy.deepcopy(generator)  # the others stay on the CPU
        shared = choice.runtime != EAGER and contestant.networks in computes
        compute = (
            computes[contestant.networks]
            if shared
            else compile_policy(generator, choice, cache_folder(os.environ), threads)
        )
        computes[contestant.networks] = compute
        count = counted(compute, generator.kernels())
        policy = ActingPolicy(generator, contestant.spec, count.compute, choice.device)
        entries.append(_entry(contestant, policy, choice, count))
    return entries


def _entry(contestant: Contestant, policy: ActingPolicy, choice: Choice, count: Count) -> Entry:
    examples = zip(policy.policy.encoder.inputs, policy.policy.encoder.example(1), strict=True)
    seen = {name: _half(example[0].numpy()) for name, example in examples}
    row: Row = {
        "policy": contestant.policy,
        "sampler": contestant.sampler,
        "runtime": choice.runtime,
        "device": choice.device.type,
        "weights": contestant.weights,
        "parameters": sum(item.numel() for item in policy.policy.parameters()),
        "calls_per_chunk": count,
    }

    def measure() -> float:
        _synchronise(choice.device)
        before = time.perf_counter()
        policy.propose(seen)
        _synchronise(choice.device)
        count.chunks += 1
        return time.perf_counter() - before

    return Entry(row, measure, policy.horizon.executed_steps)


def _half(zeros: np.ndarray) -> np.ndarray:
    """An observation like the example, of numbers that are not zero."""
    return zeros + (127 if zeros.dtype == np.uint8 else 0.5)


def _synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _peer_entries(peer: Peer) -> list[Entry]:
    entries = []
    for sampler, (kind, steps) in PEER_SAMPLERS.items():
        row: Row = {
            "policy": LEROBOT,
            "sampler": sampler,
            "runtime": EAGER,
            "device": peer.device,
            "weights": "random",
            "parameters": peer.facts["parameters"],
            "calls_per_chunk": steps,
        }
        entries.append(Entry(row, partial(peer.chunk, kind, steps), peer.facts["executed"]))
    return entries


def _counts(row: Row) -> Row:
    """The row with what was counted by now."""
    count = row["calls_per_chunk"]
    if not isinstance(count, Count):
        return row
    return row | {
        "calls_per_chunk": count.passes / count.chunks,
        "encoder_calls_per_chunk": count.encoder_passes / count.chunks,
    }


def _conditions(settings: MeasureConfig, peers: list[Peer]) -> dict[str, Any]:
    return {
        "weights": "random, of the sizes given, except where a row names a checkpoint",
        "network": f"1-D U-Net, channels {'-'.join(map(str, settings.channels))}, for diffusion "
        "and streaming; CARP has its own of its default size",
        "batch": 1,
        "threads": torch.get_num_threads(),
        **conditions_of(peers),
    }
