"""Whatever computes a policy, it acts the same."""

from pathlib import Path

import numpy as np
import pytest
import torch

from policies.acting import ActingPolicy
from policies.generator import ActionGenerator
from policies.runtime import compile_policy
from policies.runtime.choice import Choice, choose
from policies.samplers import SamplerConfig
from tests.policies.runtime import generators as make

CASES = {
    "diffusion, U-Net, keypoints": make.diffusion(make.UNET, make.KEYPOINTS),
    "diffusion, transformer, points": make.diffusion(make.TRANSFORMER, make.POINTS),
    "diffusion of 100 steps, MLP, image": make.diffusion(
        make.MLP, make.IMAGE, SamplerConfig(kind="ddpm", steps=100)
    ),
    "streaming, MLP, state": make.streaming(),
    "CARP, likeliest": make.carp((1, 4)),
    "CARP, drawn, several tasks": make.carp((4,), top_k=5, tasks=3),
}


def chunks(policy: ActionGenerator, choice: Choice, cache: Path | None) -> np.ndarray:
    """Two calls of two candidates: the second goes on from what the first left."""
    compute = compile_policy(policy, choice, cache, threads=1)
    acting = ActingPolicy(policy, make.SPEC, compute, choice.device)
    acting.reset(seed=3)
    committed = np.full((3, 2), 0.25, np.float32)
    seen = make.observation()
    return np.array([acting.propose(seen, 2), acting.propose(seen, 2, committed)])


@pytest.mark.parametrize("policy", CASES.values(), ids=CASES.keys())
def test_openvino_acts_as_torch_does(policy: ActionGenerator, tmp_path: Path):
    eager = chunks(policy, choose("eager", "cpu"), None)
    exported = chunks(policy, choose("openvino"), tmp_path)
    np.testing.assert_allclose(exported, eager, atol=1e-4)
    assert np.ptp(eager) > 0.1  # and not because all is one number


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
@pytest.mark.parametrize("policy", CASES.values(), ids=CASES.keys())
def test_cuda_graphs_act_as_torch_on_the_cpu_does(policy: ActionGenerator):
    on_cpu = chunks(policy, choose("eager", "cpu"), None)
    graphed = chunks(policy, choose("cuda_graph"), None)
    np.testing.assert_allclose(graphed, on_cpu, atol=1e-3)
