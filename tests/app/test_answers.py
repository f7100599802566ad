"""What a command answers with `--json`."""

from pathlib import Path

import pytest

from handiwork_app.result import Result


def test_paths_below_the_present_folder_are_told_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    figures = {
        "checkpoint": str(tmp_path / "runs/a"),
        "eval": f"task=lift checkpoint={tmp_path / 'runs/a'}",
        "files": {"videos": [str(tmp_path / "best.mp4"), "/elsewhere/worst.mp4"]},
        "score": 0.5,
    }
    answer = Result(command="train", seed=0, duration_s=1.0, figures=figures).as_object()
    assert answer["checkpoint"] == "runs/a"
    assert answer["eval"] == "task=lift checkpoint=runs/a"
    assert answer["files"] == {"videos": ["best.mp4", "/elsewhere/worst.mp4"]}
    assert answer["score"] == 0.5
