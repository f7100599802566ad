"""Talkers and listeners of the benches of cameras: programs that begin, tell a figure, and end."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from handiwork_app.run import FailedRun

GOING = 5.0  # [s] for a program to end when it is told to


@contextmanager
def program(words: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen]:
    """A program that runs meanwhile; its output is read, and what it logs goes to the terminal."""
    process = subprocess.Popen(words, env=dict(environment), stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=GOING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def module(name: str, *words: object) -> list[str]:
    """The command line of a module of ours."""
    return [sys.executable, "-m", name, *map(str, words)]


def told(process: subprocess.Popen) -> dict[str, Any]:
    """The next line of a listener.

    Raises:
        FailedRun: it ended instead.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise FailedRun("a listener heard nothing on one of its topics. The log above says more.")
    return json.loads(line)
