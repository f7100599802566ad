"""A checkpoint acts as it was saved, and a damaged or foreign one is refused by name."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from handiwork.errors import BadCheckpoint
from policies.acting import ActingPolicy
from policies.checkpoint import MANIFEST, WEIGHTS, load_policy, save_checkpoint
from policies.denoisers.mlp import MlpConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.normaliser import Normaliser
from policies.spec import PUSH_T

OBSERVATION = np.linspace(0, 500, 36).reshape(2, 18)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, ActingPolicy]:
    policy = DiffusionPolicy(
        DiffusionConfig(
            observation_size=18,
            encoder=KeypointConfig(goal=(0.0,) * 16, reach=1.0, motion=1.0, error=1.0, wave=1.0),
            relative_to=(16, 17),
            sampling_levels=3,
            denoiser=MlpConfig(width=16, blocks=1, level_features=8),
        ),
        Normaliser(np.full(18, 1 / 256), np.full(18, -1.0)),
        Normaliser(np.full((16, 2), 1 / 60), np.zeros((16, 2))),
    )
    folder = tmp_path / "checkpoint"
    save_checkpoint(folder, policy, PUSH_T, {"steps": 0})
    return folder, ActingPolicy(policy, PUSH_T)


def test_a_loaded_policy_acts_as_the_saved_one(saved: tuple[Path, ActingPolicy]):
    folder, policy = saved
    loaded = load_policy(folder, PUSH_T)
    np.testing.assert_array_equal(loaded.propose(OBSERVATION, 3), policy.propose(OBSERVATION, 3))


def test_reset_makes_a_policy_repeat_itself(saved: tuple[Path, ActingPolicy]):
    _, policy = saved
    policy.reset(7)
    first = policy.propose(OBSERVATION, 2)
    policy.reset(7)
    np.testing.assert_array_equal(policy.propose(OBSERVATION, 2), first)
    assert not np.array_equal(first[0], first[1])


def test_the_compiled_policy_acts_as_the_eager_one(saved: tuple[Path, ActingPolicy]):
    _, acting = saved
    observed = np.stack([OBSERVATION, OBSERVATION[::-1] * 0.5, OBSERVATION + 3])
    noise = torch.randn(3, 16, 2, generator=torch.Generator().manual_seed(0))
    eager = acting.policy.sample(torch.tensor(observed, dtype=torch.float32), noise)
    np.testing.assert_allclose(acting.propose_batch(observed), eager.numpy(), atol=1e-3)


@pytest.mark.parametrize("name", [WEIGHTS, MANIFEST])
def test_a_flipped_byte_is_refused_and_the_file_named(saved: tuple[Path, ActingPolicy], name: str):
    folder, _ = saved
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(BadCheckpoint, match=name):
        load_policy(folder)


@pytest.mark.parametrize("name", [WEIGHTS, MANIFEST])
def test_a_missing_file_is_refused_and_named(saved: tuple[Path, ActingPolicy], name: str):
    folder, _ = saved
    (folder / name).unlink()
    with pytest.raises(BadCheckpoint, match=name):
        load_policy(folder)


@pytest.mark.parametrize("key", ["format", "config", "spec", "weights_sha256"])
def test_a_missing_key_is_refused_and_named(saved: tuple[Path, ActingPolicy], key: str):
    folder, _ = saved
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest[key]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BadCheckpoint, match=f"{key} is 'missing'"):
        load_policy(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [("task", "stack"), ("action_names", ("joint_0", "joint_1")), ("unit", "m"), ("period", 0.02)],
)
def test_another_robots_spec_is_refused_by_the_field(
    saved: tuple[Path, ActingPolicy], field: str, value: object
):
    folder, _ = saved
    with pytest.raises(BadCheckpoint, match=rf"spec\.{field}"):
        load_policy(folder, dataclasses.replace(PUSH_T, **{field: value}))
