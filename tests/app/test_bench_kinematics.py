"""The bench of the inverse: its figures are of right answers on the robot that was asked for."""

import json
from pathlib import Path

import pytest

from handiwork_app.cli import main


def test_a_bench_counts_right_answers_of_the_robot_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["robot=wx250s", "measure.targets=40", f"folder={tmp_path}"]
    assert main(["bench", "kinematics", *words, "--json", "-"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["robot"] == "wx250s" and figures["groups"] == ["arm"]
    assert figures["solves"] == 40
    assert figures["success_rate"] >= 39 / 40 and figures["near_success_rate"] >= 39 / 40
    assert 0 < figures["solve_p50_us"] <= figures["solve_p95_us"]
    assert figures["solves_per_s"] > 0 and figures["far_solves_per_s"] > 0


def test_both_arms_of_a_pair_are_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["robot=wxai_pair", "measure.targets=10", f"folder={tmp_path}"]
    assert main(["bench", "kinematics", *words, "--json", "-"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["groups"] == ["left_arm", "right_arm"] and figures["solves"] == 20


@pytest.mark.parametrize(
    ("word", "message"),
    [("robot=ur5", "no robot named 'ur5'. Known: fr3"), ("measure.targets=0", "1 or more")],
)
def test_what_cannot_be_measured_is_refused(
    word: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "kinematics", word, f"folder={tmp_path}"]) == 1
    assert message in capsys.readouterr().err
