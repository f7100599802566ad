"""`handiwork train`: from demonstrations to a checkpoint, also when it is killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from handiwork.data.demonstrations import MANIFEST, write_demonstrations
from handiwork_app.cli import main
from handiwork_app.learning_data import read_data
from handiwork_app.words import load_config
from policies.training.state import STATE, read_words

SMALL = (
    *("policy.denoiser.width=16", "policy.denoiser.blocks=1", "training.batch_size=16"),
    *("training.validation_episodes=1", "training.rollout_every=0", "training.threads=1"),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Some made-up episodes in the form of the published ones."""
    draws, steps = np.random.default_rng(0), 160
    state = np.hstack([draws.uniform(100, 400, (steps, 4)), draws.uniform(-3, 3, (steps, 1))])
    path = tmp_path / "demonstrations.npz"
    ends = np.arange(40, steps + 1, 40)
    np.savez(path, state=state, action=draws.uniform(0, 500, (steps, 2)), episode_ends=ends)
    return path


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence that a command ends with."""
    assert main(["train", *words]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


def test_a_training_answers_with_its_figures_and_leaves_a_checkpoint(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "run"
    words = [f"data={data}", f"folder={folder}", "training.steps=6", "training.report_every=3"]
    assert main(["train", *words, *SMALL, "--json", "-"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["checkpoint"] == str(folder) and result["training"]["step"] == 6
    assert 0 <= result["loader_wait_fraction"] < 1 and result["steps_per_s"] > 0
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["policy"] == "diffusion" and manifest["spec"]["task"] == "push_t"
    assert list((folder / "curves").glob("events*"))


def test_the_best_of_its_trials_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "run"
    words = [f"data={data}", f"folder={folder}", "training.steps=4", "training.report_every=2"]
    tried = ["training.rollout_every=2", "training.rollout_episodes=1"]
    kept = [word for word in SMALL if "rollout" not in word]
    assert main(["train", *words, *kept, *tried, "--json", "-"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["best_checkpoint"] == str(folder / "best")
    assert 0 <= result["rollout_score_best"] <= 1
    assert (folder / "best" / "weights.safetensors").is_file()


def test_a_killed_training_goes_on_and_ends_as_if_nothing_had_happened(data: Path, tmp_path: Path):
    killed, unbroken = tmp_path / "killed", tmp_path / "unbroken"
    words = [f"data={data}", "training.steps=400", "training.report_every=200", *SMALL]
    command = [sys.executable, "-m", "handiwork_app.cli", "train", *words, f"folder={killed}"]
    with subprocess.Popen(
        [*command, "training.save_every=0.01"],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + 150
        while not (killed / STATE).is_file() and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    _, step, _ = read_words(killed / STATE)
    assert 0 < step < 400
    for folder in (killed, unbroken):
        assert main(["train", *words, f"folder={folder}"]) == 0
    one, other = (load_file(folder / "weights.safetensors") for folder in (killed, unbroken))
    assert all(one[name].equal(other[name]) for name in other)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["policy.horizon.predicted_steps=4"], "predicted_steps must be >="),
        (["policy.sampler.steps=101"], "sampler.steps must be in [1, training_levels=100]"),
        (["policy=streaming", "policy.sampling_levels=7"], "must divide by the plan's 2 chunks"),
        (["policy.denoiser.widht=3"], "policy.denoiser.widht: unknown, want one of blocks"),
        (["training.widht=3"], "training.widht: unknown, want one of"),
        (["training.steps=0"], "steps must be >= 1, got 0"),
        (["training.validation_episodes=8"], "number of episodes is 8, want more than the 8"),
        pytest.param(
            ["training.device=cuda"],
            "device is 'cuda', want a device that this machine has",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="it has one"),
        ),
        (["obs=image"], "obs is 'state', want 'image'. Say obs=state."),
        (["task=lift"], "task is 'push_t', want 'lift'. Say task=push_t."),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_before_anything_runs(
    words: list[str],
    message: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    folder = tmp_path / "run"
    assert message in refused([f"data={data}", f"folder={folder}", *SMALL, *words], capsys)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("period_s", 0.2, "period is 0.2, want 0.1 as push_t has it"),
        ("state_units", ["m"] * 18, "state_units is"),
        ("frame", "table", "frame is 'table', want 'push_t_plane'"),
    ],
)
def test_data_of_another_rate_unit_or_frame_is_refused(
    name: str,
    value: object,
    message: str,
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
):
    folder = tmp_path / "demonstrations"
    config = load_config(["app=train", f"data={data}"])
    write_demonstrations(folder, read_data(config))
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(manifest | {name: value}))
    assert message in refused([f"data={folder}", f"folder={tmp_path / 'run'}", *SMALL], capsys)


def test_data_with_a_number_that_is_none_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with np.load(data) as file:
        arrays = dict(file)
    arrays["action"][7] = np.nan
    np.savez(data, **arrays)
    sentence = refused([f"data={data}", f"folder={tmp_path / 'run'}", *SMALL], capsys)
    assert "action is 'not finite', want finite numbers" in sentence


def test_a_checkpoint_of_another_policy_is_not_written_over(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    words = [f"data={data}", f"folder={tmp_path / 'run'}", *SMALL, "training.steps=2"]
    assert main(["train", *words]) == 0
    capsys.readouterr()
    sentence = refused([*words, "policy=streaming"], capsys)
    assert "policy of the training there is 'diffusion', want 'streaming'" in sentence


def test_processes_that_share_a_training_need_one_folder(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert "folder is empty" in refused([f"data={data}", *SMALL], capsys)
