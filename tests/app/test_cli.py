"""The command says what it did: one exit status, one JSON object, and only what is true."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from handiwork_app.cli import main
from handiwork_app.command_table import COMMANDS
from handiwork_app.shipped import shipped_checkpoint

ENVELOPE = {"command", "version", "machine", "seed", "duration_s"}


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A copy of the shipped checkpoint, to be damaged at will."""
    return shutil.copytree(shipped_checkpoint("push_t", "diffusion"), tmp_path / "checkpoint")


def test_an_evaluation_ends_with_one_object_on_the_last_line_of_stdout(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["backend=gym", "episodes=2", "seed=5", f"checkpoint={checkpoint}"]
    status = main(["eval", *words, f"folder={tmp_path / 'run'}", "--json", "-"])
    output = capsys.readouterr().out
    result = json.loads(output.splitlines()[-1])
    assert status == 0 and output.count("\n") == 1
    assert set(result) >= ENVELOPE | {
        *("score_mean", "score_ci95", "success_rate", "score_per_episode"),
        *("checkpoint", "inference_p50_ms", "episodes"),
    }
    assert (result["command"], result["seed"], result["episodes"]) == ("eval", 5, 2)
    assert result["score_mean"] == pytest.approx(np.mean(result["score_per_episode"]))
    assert all(Path(path).stat().st_size > 1000 for path in result["files"].values())
    assert json.loads((tmp_path / "run/summary.json").read_text()) == result


def test_what_cannot_be_done_is_status_1_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "answer.json"
    status = main(["eval", "backend=gym", "policy=wishing", "--json", str(path)])
    captured = capsys.readouterr()
    assert status == 1 and captured.out == ""
    assert "no policy named 'wishing'. Known: carp, diffusion, streaming." in captured.err
    assert "Traceback" not in captured.err
    result = json.loads(path.read_text())
    assert "wishing" in result["error"] and set(result) >= ENVELOPE and "score_mean" not in result


def test_a_damaged_checkpoint_is_refused_by_name(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = checkpoint / "weights.safetensors"
    damaged = bytearray(weights.read_bytes())
    damaged[-1] ^= 1
    weights.write_bytes(damaged)
    words = ["backend=gym", f"checkpoint={checkpoint}", f"folder={tmp_path / 'run'}"]
    assert main(["eval", *words]) == 1
    assert "SHA-256" in capsys.readouterr().err
    assert not (tmp_path / "run/summary.json").exists()


def test_training_without_data_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "task=push_t"]) == 1
    assert "data=pusht_lowdim.npz" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_examples_and_choices(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"handiwork {command}" in text.split("examples:")[1]
    assert "policy=carp|diffusion|streaming" in text and "robot=fr3|g1|panda" in text


def test_examples_in_the_help_are_settings_that_exist() -> None:
    from handiwork_app.words import load_config

    for command in COMMANDS.values():
        for example in command.examples:
            words = [word for word in example.split() if "=" in word]
            (*_, app) = [word for word in (f"app={command.app}", *words) if word.startswith("app=")]
            assert f"app={load_config([f'app={command.app}', *words]).app}" == app


def test_a_command_that_does_not_exist_is_a_usage_error() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2
