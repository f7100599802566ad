"""From a checkpoint's folder to a policy that acts."""

import os
from pathlib import Path

from policies.acting import ActingPolicy
from policies.checkpoint import load_generator
from policies.runtime import choose, compile_policy
from policies.runtime.export_cache import cache_folder
from policies.spec import PolicySpec


def load_policy(
    folder: Path,
    want: PolicySpec | None = None,
    runtime: str = "auto",
    device: str = "auto",
    threads: int = 0,
) -> ActingPolicy:
    """Load a checkpoint ready to act.

    Args:
        folder: of the checkpoint.
        want: what the world offers; the checkpoint's spec must equal it.
        runtime: "auto", "eager", "openvino" or "cuda_graph"; see `policies.runtime`.
        device: "auto", "cpu" or "cuda".
        threads: of the CPU for OpenVINO; 0: as it chooses.

    Raises:
        BadCheckpoint: missing or damaged files, missing keys, or a spec that does not fit.
        UnknownName, BadValue: a runtime or device that there is not.
    """
    choice = choose(runtime, device)
    policy, spec = load_generator(folder, want)
    compute = compile_policy(policy, choice, cache_folder(os.environ), threads)
    return ActingPolicy(policy, spec, compute, choice.device)
