"""Set-up says the one command where it may not install, and does nothing twice."""

import os
from pathlib import Path

import pytest

from handiwork_app.installation import Stage
from handiwork_app.set_up import SetUpFailed, install_debian_packages, renew, run


def test_without_rights_it_stops_with_the_one_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", "")  # so there is no sudo either
    with pytest.raises(SetUpFailed) as stopped:
        install_debian_packages(["libegl1", "libgl1"])
    assert str(stopped.value).endswith(
        "sudo apt-get install --yes --no-install-recommends libegl1 libgl1"
    )


def test_a_step_that_fails_is_quoted():
    with pytest.raises(SetUpFailed, match=r"Trying: status 1\. The command was:\n +false"):
        run("Trying", ["false"])


def test_a_stage_is_done_once(tmp_path: Path):
    stage = Stage(name="none", sources=(), stamp=tmp_path / "stamp")
    done = []
    renew(stage, lambda: done.append("work"))
    renew(stage, lambda: done.append("again"))
    assert done == ["work"]


def test_a_stage_that_failed_is_done_again(tmp_path: Path):
    stage = Stage(name="none", sources=(), stamp=tmp_path / "stamp")
    with pytest.raises(SetUpFailed):
        renew(stage, lambda: run("Trying", ["false"]))
    assert not stage.fresh()
