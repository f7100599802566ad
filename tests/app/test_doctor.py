"""The doctor names what is missing, why it matters and what to do."""

import sys

import pytest

from handiwork_app import doctor


def test_everything_that_a_test_run_needs_is_there():
    """Memory depends on the machine's other work; the rest is set-up's promise."""
    wrong = [found for found in doctor.diagnose() if not found.ok and found.name != "Memory"]
    assert wrong == []


def test_a_renderer_that_cannot_work_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MUJOCO_GL", "no_such_backend")
    found = doctor.check_rendering()
    assert not found.ok
    assert "no_such_backend" in found.seen
    assert found.advice


def test_too_little_shared_memory_is_told_with_both_figures(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "SHARED_MEMORY_MB", sys.maxsize)
    found = doctor.check_shared_memory()
    assert not found.ok
    assert f"want {sys.maxsize} MB" in found.seen
    assert "--shm-size" in found.advice


def test_a_package_of_another_version_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "pinned_packages", lambda: {"numpy": "0.1", "no-such": "1"})
    found = doctor.check_packages()
    assert "want 0.1" in found.seen
    assert "no-such is missing" in found.seen


def test_a_domain_in_use_is_told(monkeypatch: pytest.MonkeyPatch):
    with doctor.hold_domain(None) as domain:
        monkeypatch.setenv("ROS_DOMAIN_ID", str(domain))
        found = doctor.check_domain()
    assert not found.ok
    assert f"domain {domain} is in use" in found.seen
