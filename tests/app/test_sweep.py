"""Many trainings in one command: each combination once, the best first, failures told."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from handiwork_app.cli import main

SMALL = (
    *("training.steps=2", "training.batch_size=8", "training.validation_episodes=1"),
    *("training.rollout_every=0", "training.threads=1", "policy.denoiser.width=8"),
)
NO_RAY = importlib.util.find_spec("ray") is None


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Data, and a folder for the trainings."""
    monkeypatch.setattr(sys, "argv", ["handiwork"])
    draws = np.random.default_rng(0)
    state, action = draws.uniform(100, 400, (80, 5)), draws.uniform(0, 500, (80, 2))
    np.savez(tmp_path / "data.npz", state=state, action=action, episode_ends=[40, 80])
    return [f"data={tmp_path / 'data.npz'}", f"folder={tmp_path / 'sweep'}", *SMALL]


def swept(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    status = main(["train", "--multirun", *words, "--json", "-"])
    return status, json.loads(capsys.readouterr().out.splitlines()[-1])


def check_two(status: int, result: dict, tmp_path: Path) -> None:
    first, second = result["trainings"]
    assert status == 0 and first["validation_loss"] <= second["validation_loss"]
    assert {tuple(item["settings"]) for item in (first, second)} == {("seed=0",), ("seed=1",)}
    for item in (first, second):
        folder = Path(item["checkpoint"])
        assert folder.parent == tmp_path / "sweep" and (folder / "manifest.json").is_file()


def test_every_combination_is_trained_in_a_folder_of_its_own(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    check_two(*swept([*words, "seed=0,1", "hydra/launcher=basic"], capsys), tmp_path)


@pytest.mark.skipif(NO_RAY, reason="Ray is an extra: pip install 'handiwork[sweep]'")
def test_ray_trains_them_side_by_side(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    ray = "hydra.launcher.ray.init.num_cpus=2"
    check_two(*swept([*words, "seed=0,1", ray], capsys), tmp_path)


def test_one_that_cannot_be_does_not_stop_the_others(
    words: list[str], capsys: pytest.CaptureFixture[str]
):
    choices = "policy.horizon.predicted_steps=16,3"
    status, result = swept([*words, choices, "hydra/launcher=basic"], capsys)
    good, bad = result["trainings"]
    assert status == 1 and "error" not in good and "checkpoint" not in bad
    assert "predicted_steps must be >=" in bad["error"]


@pytest.mark.skipif(not NO_RAY, reason="Ray is installed")
def test_without_ray_it_says_what_to_do(words: list[str], capsys: pytest.CaptureFixture[str]):
    status, result = swept([*words, "seed=0,1"], capsys)
    assert status == 1 and "say hydra/launcher=basic" in result["error"]


def test_an_unknown_choice_is_refused_before_anything_runs(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    launcher = "hydra/launcher=basic"
    status, result = swept([*words, "policy=diffusion,wishing", launcher], capsys)
    assert status == 1 and "no policy named 'wishing'" in result["error"]
    assert not (tmp_path / "sweep").exists()
