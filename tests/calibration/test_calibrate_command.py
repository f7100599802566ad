"""`handiwork calibrate` from files to figures and files."""

import json
from pathlib import Path

import pytest
import yaml

from calibration.views import save_views
from handiwork_app.cli import main
from tests.calibration.rig import PARENT_FROM_CAMERA, Noise, view_set


def test_hand_eye_writes_its_figures_a_yaml_an_export_and_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    views = tmp_path / "views.json"
    save_views(view_set(count=6, noise=Noise(pixels=0.3)), views)
    words = ["hand_eye", "--from", str(views), "--json", "-", f"folder={tmp_path / 'out'}"]
    assert main(["calibrate", *words]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    names = ("residual_mm_median", "residual_deg_median", "cross_validated_mm")
    assert all(figures[name] > 0 for name in names)
    assert figures["outliers"] == []
    assert [len(row) for row in figures["covariance"]] == [6] * 6
    assert figures["transform"][0][3] == pytest.approx(PARENT_FROM_CAMERA[0, 3], abs=0.002)
    written = yaml.safe_load(Path(figures["files"]["calibration"]).read_text())
    assert written["transform"]["matrix_row_major"] == figures["transform"]
    assert len(written["inputs"]["sha256"]) == 64
    exported = yaml.safe_load(Path(figures["files"]["easy_handeye2"]).read_text())
    assert exported["parameters"]["calibration_type"] == "eye_in_hand"
    assert exported["transform"]["translation"]["x"] == figures["transform"][0][3]
    page = Path(figures["files"]["report"]).read_text()
    assert page.count("data:image/png;base64") == 6
    assert "http" not in page


def test_bad_input_is_one_sentence_and_a_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    views = tmp_path / "views.json"
    save_views(view_set(count=2), views)
    words = ["hand_eye", "--from", str(views), f"folder={tmp_path / 'out'}"]
    assert main(["calibrate", *words]) == 1
    said = capsys.readouterr()
    assert "views.json: views is 2, want 3 or more" in said.out + said.err
    assert not (tmp_path / "out").exists()


def test_without_input_it_says_what_to_give(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "camera_pair"]) == 1
    said = capsys.readouterr()
    assert "--from" in said.out + said.err
