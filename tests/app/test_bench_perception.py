"""The benches of perception answer with the names that stay, and poses keep to their figures."""

import json

import pytest

from handiwork_app.cli import main

NAMES = ("cloud_p50_ms", "open3d_chain_p50_ms", "ratio", "pipeline_hz")


def answer(arguments, folder, capsys):
    assert main(["bench", *arguments, f"folder={folder}", "--json", "-"]) == 0
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_clouds_are_measured_beside_open3d_and_the_t_is_always_found(tmp_path, capsys):
    pytest.importorskip("open3d", reason="open3d-cpu is not installed")
    words = ["measure.clouds=5", "measure.chains=2", "measure.pictures=5"]
    figures = answer(["perception", *words], tmp_path, capsys)
    assert all(figures[name] > 0 for name in NAMES)
    assert figures["cloud_points"] == 4096
    assert figures["poses_found_rate"] == 1.0
    assert figures["cpu_ratio"] > 2  # far below what a quiet machine shows


def test_poses_are_within_their_figures_and_can_be_looked_at(tmp_path, capsys):
    figures = answer(["poses", "measure.scenes=4", "measure.pictures=2"], tmp_path, capsys)
    assert set(figures["objects"]) == {"t_block", "cube", "mug"}
    for errors in figures["objects"].values():
        if errors["refused_rate"] < 1:
            assert errors["median_mm"] <= 3 and errors["median_deg"] <= 2
            assert errors["p95_mm"] <= 8 and errors["p95_deg"] <= 5
    assert figures["objects"]["t_block"]["refused_rate"] == 0
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 2
    assert (tmp_path / "poses.rrd").stat().st_size > 10_000


def test_objects_outside_of_the_library_are_refused(tmp_path, capsys):
    words = ["bench", "poses", "measure.objects=[teapot]", f"folder={tmp_path}"]
    assert main(words) == 1
    assert "measure.objects are among" in capsys.readouterr().err
