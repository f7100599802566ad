"""A test that fails has another try where the machine stood still meanwhile, and only there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
PLUGINS = ("-p", "pytest_rerunfailures", "-p", "conftest")
FAILS_ONCE = """
import time
from pathlib import Path

import psutil

TRIED = Path(__file__).with_name("tried")


def test_that_fails_once():
    if {stall}:
        (watching,) = psutil.Process().children()
        while watching.num_threads() < 2:
            time.sleep(0.1)  # it still starts
        watching.suspend()  # to it, this is what a frozen core is
        time.sleep(0.3)
        watching.resume()
    first = not TRIED.exists()
    TRIED.touch()
    assert not first
"""


@pytest.mark.parametrize(
    ("stall", "summary"), [(False, "1 failed in"), (True, "1 passed, 1 rerun in")]
)
def test_a_failure_counts_unless_the_machine_stalled(tmp_path, stall, summary):
    made = tmp_path / "test_made.py"
    made.write_text(FAILS_ONCE.format(stall=stall))
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *PLUGINS, str(made)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    ).stdout
    assert summary in told
