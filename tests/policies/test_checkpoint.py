"""A checkpoint acts as it was saved, and a damaged or foreign one is refused by name."""

import dataclasses
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from handiwork.errors import BadCheckpoint
from policies.acting import ActingPolicy
from policies.checkpoint import MANIFEST, WEIGHTS, save_checkpoint
from policies.denoisers import MlpConfig, UnetConfig
from policies.diffusion import DiffusionConfig, DiffusionPolicy
from policies.encoders import KeypointConfig
from policies.generator import InterfaceConfig
from policies.loading import load_policy
from policies.normaliser import Normaliser
from policies.samplers import SamplerConfig
from policies.spec import PUSH_T

OBSERVATION = {"state": np.linspace(0, 500, 36).reshape(2, 18)}
INTERFACE = InterfaceConfig(
    state_size=18,
    encoder=KeypointConfig(goal=(0.0,) * 16, reach=1.0, motion=1.0, error=1.0, wave=1.0),
    relative_to=(16, 17),
)


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, ActingPolicy]:
    policy = DiffusionPolicy(
        DiffusionConfig(
            interface=INTERFACE,
            sampler=SamplerConfig(steps=3),
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
    loaded = load_policy(folder, PUSH_T, "eager")
    np.testing.assert_array_equal(loaded.propose(OBSERVATION, 3), policy.propose(OBSERVATION, 3))


def test_reset_makes_a_policy_repeat_itself(saved: tuple[Path, ActingPolicy]):
    _, policy = saved
    policy.reset(7)
    first = policy.propose(OBSERVATION, 2)
    policy.reset(7)
    np.testing.assert_array_equal(policy.propose(OBSERVATION, 2), first)
    assert not np.array_equal(first[0], first[1])


def test_several_candidates_are_several_environments_that_see_the_same(
    saved: tuple[Path, ActingPolicy],
):
    _, policy = saved
    candidates = policy.propose(OBSERVATION, 3)
    policy.reset()
    three = {"state": np.repeat(OBSERVATION["state"][None], 3, axis=0)}
    np.testing.assert_allclose(policy.propose_batch(three), candidates, atol=1e-4)


def test_the_config_of_another_denoiser_is_refused(saved: tuple[Path, ActingPolicy]):
    folder, acting = saved
    foreign = dataclasses.replace(acting.policy.config, denoiser=UnetConfig(channels=(8, 8)))
    nothing = Normaliser.blank
    policy = DiffusionPolicy(foreign, nothing(18), nothing(16, 2))
    weights = (folder / WEIGHTS).read_bytes()
    save_checkpoint(folder, policy, PUSH_T, {})
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["weights_sha256"] = hashlib.sha256(weights).hexdigest()
    del manifest["manifest_sha256"]
    body = json.dumps(manifest, sort_keys=True).encode()
    manifest["manifest_sha256"] = hashlib.sha256(body).hexdigest()
    (folder / WEIGHTS).write_bytes(weights)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(BadCheckpoint, match="tensors"):
        load_policy(folder)


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
    [
        ("task", "stack"),
        ("action_names", ("joint_0", "joint_1")),
        ("state_units", ("m",) * 18),
        ("period", 0.02),
    ],
)
def test_another_robots_spec_is_refused_by_the_field(
    saved: tuple[Path, ActingPolicy], field: str, value: object
):
    folder, _ = saved
    with pytest.raises(BadCheckpoint, match=rf"spec\.{field}"):
        load_policy(folder, dataclasses.replace(PUSH_T, **{field: value}))
