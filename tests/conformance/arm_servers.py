"""The arm servers that the suite runs on. A new one is one more entry here."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from handiwork.robots.registry import ROBOTS

EMULATOR = Path(__file__).with_name("trossen_emulator.py")
PATIENCE = 20.0  # [s] for an emulator to start on a busy machine


@dataclass(frozen=True, kw_only=True)
class ArmServer:
    """A robot behind a driver. emulator: what stands in for the hardware; gives its address."""

    name: str
    robot: str
    driver: str
    emulator: Callable[[], AbstractContextManager[str]] = lambda: nullcontext("")


def free_loopback() -> str:
    """An address of this machine that no other test uses: the emulator's ports are fixed."""
    return f"127.0.{os.getpid() % 250 + 2}.{time.time_ns() // 1000 % 250 + 2}"


@contextmanager
def trossen_emulator() -> Iterator[str]:
    """The WidowX AI's controller on loopback; its address."""
    with started_trossen_emulator(free_loopback()) as (address, _):
        yield address


@contextmanager
def started_trossen_emulator(address: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The same with its process, which takes the words `fault` and `quit` on its input."""
    for package in ("trossen_arm", "trossen_arm_sim"):
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    process = subprocess.Popen(
        [sys.executable, str(EMULATOR), address], stdin=subprocess.PIPE, text=True
    )
    try:
        _wait_for(address, 50001, process)
        yield address, process
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str, port: int, process: subprocess.Popen[str]) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        assert process.poll() is None, "the emulator ended at once"
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex((address, port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"the emulator did not listen within {PATIENCE} s")


ARM_SERVERS = (
    *(ArmServer(name=f"sim {name}", robot=name, driver="sim") for name in ROBOTS),
    ArmServer(name="trossen emulator", robot="wxai", driver="trossen", emulator=trossen_emulator),
)
