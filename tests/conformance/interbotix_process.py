"""Starts the xs_sdk emulator in a process of its own, in a ROS domain."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

NAMESPACE = "xs/wx250s"  # not the arm server's, which has joint_states of its own
PATIENCE = 20.0  # [s] for the emulator to start on a busy machine


@contextmanager
def interbotix_emulator() -> Iterator[str]:
    """xs_sdk in the domain of the suite; its namespace."""
    with started_interbotix_emulator(int(os.environ["ROS_DOMAIN_ID"])):
        yield NAMESPACE


@contextmanager
def started_interbotix_emulator(domain: int) -> Iterator[subprocess.Popen[str]]:
    """The same with its process, which takes words on its input."""
    if find_spec("interbotix_xs_msgs") is None:
        pytest.skip("interbotix_xs_msgs is not built")
    script = Path(__file__).with_name("interbotix_emulator.py")
    process = subprocess.Popen(
        [sys.executable, str(script), NAMESPACE, str(domain)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert select.select([process.stdout], [], [], PATIENCE)[0], "the emulator did not start"
        assert process.stdout.readline() == "ready\n", "the emulator ended at once"
        yield process
    finally:
        process.kill()
        process.wait()
