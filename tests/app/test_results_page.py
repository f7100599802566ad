"""The results page says what the files say, and refuses what no command wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from handiwork.errors import BadValue
from handiwork_app.results.answers import read_answers
from handiwork_app.results.page import write_page

MACHINE = {"cpu": "some CPU", "cores": 2}


def evaluation(scores: list[float], **changes: Any) -> dict[str, Any]:
    return {
        "command": "eval",
        "machine": MACHINE,
        "task": "push_t",
        "obs": "state",
        "policy": "diffusion",
        "backend": "gym",
        "seed": 100000,
        "score_per_episode": scores,
        "success_per_episode": [score > 0.95 for score in scores],
    } | changes


def page_of(folder: Path, *answers: dict[str, Any]) -> str:
    for index, answer in enumerate(answers):
        (folder / f"{index}.json").write_text(json.dumps(answer))
    write_page(read_answers(folder), folder / "results.md")
    return (folder / "results.md").read_text()


def test_trainings_of_one_policy_are_pooled_and_shown_apart(tmp_path: Path):
    page = page_of(tmp_path, evaluation([0.8, 1.0]), evaluation([0.6, 0.8]))
    (row,) = [line for line in page.splitlines() if line.startswith("| push_t |")]
    assert "| 0.800 |" in row and "0.900, 0.700" in row and "0.95 / 0.91 [DP]" in row


def test_other_tasks_are_measured_by_success(tmp_path: Path):
    page = page_of(tmp_path, evaluation([0.5, 1.0], task="lift", backend="sim"))
    assert "| lift | state | diffusion | success | 0.500 |" in page


def test_a_film_that_was_kept_is_linked_and_no_other(tmp_path: Path):
    (tmp_path / "videos").mkdir()
    (tmp_path / "videos" / "0_best.mp4").touch()
    page = page_of(tmp_path, evaluation([0.8, 1.0]))
    assert "[best](videos/0_best.mp4)" in page and "worst]" not in page


def test_a_run_through_ros_is_a_row_of_its_own(tmp_path: Path):
    page = page_of(tmp_path, evaluation([0.8, 1.0]), evaluation([0.6, 0.8], backend="ros"))
    assert "| push_t, through ROS | state | diffusion | mean score | 0.700 |" in page


@pytest.mark.parametrize("content", ["[]", "{", '{"command": "eval", "error": "no"}', "{}"])
def test_what_no_command_wrote_is_refused_by_file(tmp_path: Path, content: str):
    (tmp_path / "mine.json").write_text(content)
    with pytest.raises(BadValue, match=r"mine\.json"):
        read_answers(tmp_path)


def test_benches_of_robots_have_a_row_each_and_what_is_missing_a_dash(tmp_path: Path):
    gate = {"command": "bench gate", "machine": MACHINE, "sequences": 10000, "limit_violations": 0}
    planner = {"robot": "panda", "scene": "wall", "latency_p90_ms": 12.345}
    page = page_of(
        tmp_path,
        gate | {"robot": "fr3", "motion_after_stop": 0},
        gate | {"robot": "g1", "motion_after_stop": 2},
        {"command": "bench planner", "machine": MACHINE, "rows": [planner]},
    )
    assert "| fr3 | 10,000 | 0 | 0 | – |" in page and "| g1 | 10,000 | 0 | 2 | – |" in page
    assert "| panda | wall | – | – | – | 12.3 |" in page


def test_calibrations_are_shown_where_the_truth_was_known(tmp_path: Path):
    views = {"command": "calibrate hand_eye", "machine": MACHINE, "kind": "eye_in_hand"}
    page = page_of(tmp_path, views, views | {"robot": "fr3", "error_mm": 0.0123, "views": 10})
    assert "| fr3 | eye_in_hand | 0.012 | – | 10 |" in page and page.count("eye_in_hand") == 1
