"""`handiwork bench peers`: how long a step of training takes, ours and LeRobot's, in turns.

Ours runs as in `handiwork train`: memory-mapped windows gathered by the loader, loss, backward,
AdamW, moving average. Every few steps the peer takes as many of its own, of the same network.
"""

import dataclasses
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress

from handiwork.data.demonstrations import Demonstrations, write_demonstrations
from handiwork_app.bench.contestants import (
    ACTIONS,
    DIFFUSION,
    DIFFUSION_HORIZON,
    STATE,
    random_contestants,
)
from handiwork_app.bench.peer import LEROBOT, Peer, conditions_of, start_peers
from handiwork_app.bench.settings import MeasureConfig, measured
from handiwork_app.settings import Config
from policies.spec import PUSH_T
from policies.training.config import TrainingConfig
from policies.training.loop import Trainer
from policies.training.machine import make_accelerator
from policies.training.meter import Meter
from policies.training.schedule import Span
from policies.training.window_data import split

EPISODES, EPISODE_STEPS = 206, 125  # about as many as the published demonstrations of Push-T
WARM_UPS = 5  # steps before any counts
BLOCK = 5  # steps that one takes before it is the other's turn
QUICK_STEPS, STEPS = 20, 100


@dataclass
class Turns:
    """Times our steps, and lets the peer take some of its own between blocks of them."""

    peer: Peer
    batch_size: int
    ours: list[float] = field(default_factory=list)  # [s]
    theirs: list[float] = field(default_factory=list)
    waited: float = 0.0  # [s] for data, since the first step

    def __post_init__(self) -> None:
        self._steps, self._resumed = 0, time.perf_counter()

    def step(self, trainer: Trainer, meter: Meter) -> None:
        """After every step of ours."""
        meter.loss.item()  # the device is done
        self._steps += 1
        took = time.perf_counter() - self._resumed
        if self._steps > WARM_UPS:
            self.ours.append(took)
        if self._steps % BLOCK == 0:
            times = self.peer.train(self.batch_size, BLOCK)
            self.theirs += times if self._steps > WARM_UPS else []
        self._resumed = time.perf_counter()

    def report(
        self, trainer: Trainer, span: Span, meter: Meter, loss: float, waited: float
    ) -> None:
        """At the end."""
        self.waited = waited


def bench_peers(config: Config, console: Console) -> dict[str, Any]:
    """Steps per second of both, at every batch size, on the CPU and on CUDA where there is one.

    Raises:
        PeerFailed: it is not installed.
    """
    settings = measured(config.measure, config.quick)
    steps = QUICK_STEPS if config.quick else STEPS
    rows: list[dict[str, Any]] = []
    with (
        TemporaryDirectory() as folder,
        start_peers(settings.training_channels, settings.threads) as peers,
        Progress(console=console) as bar,
    ):
        data = _demonstrations(Path(folder, "data"))
        task = bar.add_task("training", total=len(settings.batch_sizes) * len(peers))
        for peer, size in product(peers, settings.batch_sizes):
            place = Path(folder, f"{peer.device}_{size}")
            turns, parameters = _learn(config.seed, settings, data, place, size, steps, peer)
            rows.append(_row(DIFFUSION, peer, size, turns.ours, parameters, turns.waited))
            rows.append(_row(LEROBOT, peer, size, turns.theirs, peer.facts["parameters"], 0.0))
            bar.advance(task)
    return {
        "rows": rows,
        "ratios": _ratios(rows),
        "conditions": {
            "network": f"1-D U-Net, channels {'-'.join(map(str, settings.training_channels))}",
            "threads": torch.get_num_threads(),
            **conditions_of(peers),
        },
        "quick": config.quick,
    }


def _learn(
    seed: int,
    settings: MeasureConfig,
    data: Demonstrations,
    folder: Path,
    batch_size: int,
    steps: int,
    peer: Peer,
) -> tuple[Turns, int]:
    """A short training of ours, with the peer's steps in between; also our parameters."""
    training = TrainingConfig(
        steps=steps + WARM_UPS,
        batch_size=batch_size,
        report_every=steps + WARM_UPS,
        threads=settings.threads,
        device=peer.device,
        seed=seed,
    )
    policy = random_contestants(settings.training_channels, seed)[0].generator.train()
    learned, _ = split(data, 1, DIFFUSION_HORIZON, policy.encoder.inputs)
    turns = Turns(peer, batch_size)
    Trainer(training, policy, folder, make_accelerator(training), {}).run(learned, turns)
    return turns, sum(item.numel() for item in policy.parameters())


def _demonstrations(folder: Path) -> Demonstrations:
    """Random walks, written and opened memory-mapped as recorded ones are."""
    steps, random = EPISODES * EPISODE_STEPS, np.random.default_rng(0)
    arrays = {
        "state": random.random((steps, STATE), np.float32),
        "action": random.random((steps, ACTIONS), np.float32),
    }
    ends = np.arange(1, EPISODES + 1) * EPISODE_STEPS
    said = dataclasses.asdict(PUSH_T)
    return write_demonstrations(
        folder, Demonstrations(**said, arrays=arrays, episode_ends=ends, digest="")
    )


def _row(
    policy: str,
    peer: Peer,
    batch_size: int,
    seconds: list[float],
    parameters: int,
    waited: float,
) -> dict[str, Any]:
    """The rate is of the median step, since a host's pause in one says nothing of the others."""
    median = float(np.median(seconds))
    return {
        "policy": policy,
        "device": peer.device,
        "parameters": parameters,
        "batch_size": batch_size,
        "steps_per_s": 1 / median,
        "step_p50_ms": median * 1e3,
        "step_p95_ms": float(np.percentile(seconds, 95)) * 1e3,
        "loader_wait_fraction": waited / sum(seconds),
        "repetitions": len(seconds),
    }


def _ratios(rows: list[dict[str, Any]]) -> dict[str, float]:
    rate = {(row["policy"], row["device"], row["batch_size"]): row["steps_per_s"] for row in rows}
    return {
        f"train_step_vs_lerobot_batch_{size}" + ("" if device == "cpu" else f"_{device}"): (
            rate[DIFFUSION, device, size] / theirs
        )
        for (policy, device, size), theirs in rate.items()
        if policy == LEROBOT
    }
