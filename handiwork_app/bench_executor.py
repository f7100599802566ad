"""`handiwork bench executor`: chunks through the executor and a simulated arm's loop, with a policy
thinking on the same cores.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from handiwork_app.run import FailedRun, Interrupted, run_stack
from handiwork_app.settings import Config
from handiwork_app.shipped import shipped_checkpoint

SECONDS, QUICK_SECONDS = 60.0, 10.0


def bench_executor(config: Config, console: Console) -> dict[str, Any]:
    """Run the robot's own stack with a source of chunks in a policy's place.

    Raises:
        FailedRun: a node died. Interrupted: Ctrl-C came first.
    """
    seconds = QUICK_SECONDS if config.quick else SECONDS
    checkpoint = Path(shipped_checkpoint("push_t", config.policy.name, "state")).absolute()
    source = {"seconds": seconds, "checkpoint": str(checkpoint)}
    asked = config.nodes.get("chunk_source", {})
    config = replace(config, nodes={**config.nodes, "chunk_source": {**source, **asked}})
    outcome = run_stack(config)
    if outcome.interrupted:
        raise Interrupted(f"{outcome.reason} before the measurement was done.")
    if outcome.status:
        raise FailedRun(f"{outcome.reason}. The log is {config.folder}/logs/stack.log.")
    found = json.loads(Path(config.folder, "executor.json").read_text())
    made, jitter = found["chunk_to_trajectory_ms"], found["loop_jitter_p99_ms"]
    return {
        "robot": config.robot.name,
        "policy": config.policy.name,
        "seconds": seconds,
        "chunks": found["chunks"],
        "chunks_refused": found["chunks_refused"],
        "chunk_to_trajectory_p50_ms": float(np.percentile(made, 50)),
        "chunk_to_trajectory_p99_ms": float(np.percentile(made, 99)),
        "join_position_step_max": found["join_position_step_max"],
        "join_velocity_step_max": found["join_velocity_step_max"],
        "joins": found["joins"],
        "controller_rate_hz": float(np.median(found["loop_rate_hz"])),
        "controller_jitter_p99_ms": float(np.median(jitter)),
        "controller_jitter_p99_worst_second_ms": float(np.max(jitter)),
        "inference_p50_ms": float(np.percentile(found["inference_ms"], 50)),
    }
