"""Push-T in pictures, from the published store's form to a checkpoint that acts on what it sees."""

import json
from pathlib import Path

import numpy as np
import pytest

from handiwork_app.cli import main
from handiwork_app.gym_push_t import GymPushT
from handiwork_app.simulated import spec_of
from policies.loading import load_policy
from tests.handiwork.data.test_push_t_images import published

SMALL = (
    *("task=push_t", "obs=image", "policy=diffusion", "policy.denoiser.width=16"),
    *("policy.denoiser.blocks=1", "policy.encoder.channels=[8,8,8]", "training.threads=1"),
    *("training.batch_size=8", "training.validation_episodes=1", "training.rollout_every=0"),
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """40 steps of noise in four episodes."""
    pytest.importorskip("zarr")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    draws, steps = np.random.default_rng(0), 40
    return published(
        tmp_path / "pictures.zarr.zip",
        steps,
        **{
            "data/img": draws.integers(0, 255, (steps, 96, 96, 3)).astype(np.float32),
            "data/state": draws.uniform(50, 450, (steps, 5)).astype(np.float32),
            "data/action": draws.uniform(50, 450, (steps, 2)).astype(np.float32),
            "meta/episode_ends": np.array([10, 20, 30, 40]),
        },
    )


def test_pictures_are_learned_by_keypoints_and_acted_on_without_any(store: Path, tmp_path: Path):
    folder = tmp_path / "run"
    steps = ("training.steps=24", "training.report_every=12")
    assert main(["train", *SMALL, *steps, f"data={store}", f"folder={folder}"]) == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["config"]["interface"]["encoder"]["kind"] == "keypoints_from_image"
    assert manifest["training"]["stage"] == "denoiser"
    policy = load_policy(folder, spec_of("push_t", "image"), "eager")
    seen = GymPushT("image").reset(100000)
    assert {name: array.shape for name, array in seen.items()} == {
        "state": (2,),
        "image": (1, 96, 96, 3),
    }
    chunk = policy.propose({name: np.stack([array] * 2) for name, array in seen.items()})
    assert chunk.shape == (1, 16, 2) and np.isfinite(chunk).all()


def test_the_published_way_from_pixels_stays(store: Path, tmp_path: Path):
    folder, words = tmp_path / "run", [word for word in SMALL if "encoder" not in word]
    eyes = ("policy.encoder.kind=image", "policy.encoder.channels=[16]", "training.steps=2")
    assert main(["train", *words, *eyes, f"data={store}", f"folder={folder}"]) == 0
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["config"]["interface"]["encoder"]["kind"] == "image"
