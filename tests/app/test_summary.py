"""A table for people: what is known, where the files are, what to try next."""

import io
from pathlib import Path

from rich.console import Console

from handiwork_app.doctor import Finding
from handiwork_app.summary import print_findings, print_summary


def printed(**results: object) -> str:
    text = io.StringIO()
    print_summary({"duration_s": 3.0, **results}, Console(file=text, width=100))
    return text.getvalue()


def test_figures_that_are_not_known_are_left_out() -> None:
    text = printed(command="eval", episodes=1, score_mean=0.5, score_ci95=None)
    assert "mean score" in text and "0.500" in text
    assert "interval" not in text and "None" not in text


def test_files_are_shown_from_where_one_stands() -> None:
    files = {"videos": [str(Path.cwd() / "runs/a.mp4"), "/elsewhere/b.mp4"]}
    lines = printed(command="eval", files=files).splitlines()
    assert "videos: runs/a.mp4" in lines and "videos: /elsewhere/b.mp4" in lines


def test_what_to_try_next_names_what_was_just_made() -> None:
    text = printed(command="train", eval="backend=gym checkpoint=/there/mine")
    assert "eval backend=gym checkpoint=/there/mine" in text


def test_a_finding_that_is_not_well_says_why_it_matters_and_what_to_do() -> None:
    text = io.StringIO()
    findings = [
        Finding(name="Memory", ok=True, seen="9 MB", matters="It is needed."),
        Finding(name="Disk", ok=False, seen="full", matters="Videos go there.", advice="Tidy up."),
    ]
    print_findings(findings, Console(file=text, width=100))
    good, bad, why = text.getvalue().splitlines()
    assert (good, bad) == ("ok  Memory: 9 MB", "--  Disk: full")
    assert why.strip() == "Videos go there. Tidy up."
