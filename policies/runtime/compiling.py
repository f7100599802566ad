"""A policy's networks, compiled by a runtime; the arithmetic around them stays as it is."""

import dataclasses
from pathlib import Path

from policies.generator import ActionGenerator, Compute, eager
from policies.runtime.choice import CUDA_GRAPH, OPENVINO, Choice, choose


def compile_policy(
    policy: ActionGenerator,
    choice: Choice | None = None,
    cache: Path | None = None,
    threads: int = 0,
) -> Compute:
    """What to call in the place of each of the policy's networks, on the choice's device.

    The policy is moved there and set to act. Its networks must not change after this.

    Args:
        policy: with the weights that it acts with.
        choice: of the runtime; the best of this machine unless given.
        cache: where exports are kept between runs; nowhere unless given.
        threads: of the CPU for OpenVINO; 0: as it chooses.
    """
    choice = choice or choose()
    policy.eval().requires_grad_(False).to(choice.device)
    if choice.runtime == OPENVINO:
        from policies.runtime.openvino_network import openvino_network

        config = dataclasses.asdict(policy.config)
        return {
            kernel.name: openvino_network(kernel, config, cache, threads)
            for kernel in policy.kernels()
        }
    if choice.runtime == CUDA_GRAPH:
        from policies.runtime.cuda_graph import GraphedNetwork

        return {kernel.name: GraphedNetwork(kernel.module) for kernel in policy.kernels()}
    return eager(policy)
