"""What set-up did is redone exactly when its sources have changed."""

from pathlib import Path

import pytest

from handiwork_app import installation
from handiwork_app.installation import Stage, environment_stage, pinned_packages, workspace_stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A stage with one source file, in a tree of its own."""
    monkeypatch.setattr(installation, "ROOT", tmp_path)
    source = tmp_path / "source.txt"
    source.write_text("numpy==2.0\n")
    return Stage(name="environment", sources=(source,), stamp=tmp_path / "stamp")


def test_a_stage_that_was_never_done_is_not_fresh(stage: Stage):
    assert not stage.fresh()


def test_a_stage_is_fresh_once_done(stage: Stage):
    stage.mark_done(stage.digest())
    assert stage.fresh()


def test_a_changed_source_makes_a_stage_stale(stage: Stage):
    stage.mark_done(stage.digest())
    stage.sources[0].write_text("numpy==2.1\n")
    assert not stage.fresh()


def test_a_source_changed_during_the_work_makes_the_stage_stale(stage: Stage):
    before = stage.digest()
    stage.sources[0].write_text("numpy==2.1\n")
    stage.mark_done(before)
    assert not stage.fresh()


def test_a_tree_that_moved_is_stale(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stage.mark_done(stage.digest())
    monkeypatch.setattr(installation, "ROOT", tmp_path.parent)
    assert not stage.fresh()


def test_message_definitions_are_sources_of_the_workspace_and_node_files_are_not():
    names = [str(path) for path in workspace_stage().sources]
    assert any(name.endswith("handiwork_msgs/msg/ActionChunk.msg") for name in names)
    assert not any("/handiwork_ros/handiwork_ros/" in name for name in names)


def test_every_requirement_is_pinned_once_and_agrees_with_the_lock():
    files = [path for path in environment_stage().sources if path.name != "lock.txt"]
    asked = [
        line
        for path in files
        for line in path.read_text().splitlines()
        if line and not line.startswith("#")
    ]
    locked = (files[0].parent / "lock.txt").read_text().splitlines()
    assert len(asked) == len(pinned_packages())
    assert set(asked) <= set(locked)
