"""The arm servers that the suite runs on. A new one is one more entry here."""

import os
import select
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
from interbotix_process import interbotix_emulator

from handiwork.robots.registry import ROBOTS
from handiwork_app.domain import hold_domain

PATIENCE = 20.0  # [s] for an emulator to start on a busy machine


@dataclass(frozen=True, kw_only=True)
class ArmServer:
    """A robot behind a driver. emulator: what stands in for the hardware; gives its address."""

    name: str
    robot: str
    driver: str
    emulator: Callable[[], AbstractContextManager[str]] = lambda: nullcontext("")
    groups: tuple[str, ...] = ()  # that it commands; none: all that the robot has


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
    with _started(
        "trossen_emulator.py", address, 50001, "trossen_arm", "trossen_arm_sim"
    ) as process:
        yield address, process


@contextmanager
def franka_emulator() -> Iterator[str]:
    """A Franka with its hand on loopback; its address."""
    with started_franka_emulator(free_loopback()) as (address, _):
        yield address


@contextmanager
def started_franka_emulator(address: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The same with its process, which takes the words `fault` and `quit` on its input."""
    with _started("franka_emulator.py", address, 1337, "franky", "franky_sim") as process:
        yield address, process


@contextmanager
def unitree_emulator() -> Iterator[str]:
    """A G1 on loopback, in a DDS domain of its own; its address."""
    with started_unitree_emulator() as (address, _):
        yield address


@contextmanager
def started_unitree_emulator() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The same with its process, which takes the words of unitree_emulator.py on its input."""
    if find_spec("cyclonedds") is None:
        pytest.skip("cyclonedds is not installed")
    with hold_domain(None) as domain:
        address = f"lo:{domain}"
        script = Path(__file__).with_name("unitree_emulator.py")
        command = [sys.executable, str(script), address]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            told, _, _ = select.select([process.stdout], [], [], PATIENCE)
            assert told and process.stdout.readline() == "ready\n", "the emulator did not start"
            yield address, process
        finally:
            process.kill()
            process.wait()


@contextmanager
def _started(
    script: str, address: str, port: int, *packages: str
) -> Iterator[subprocess.Popen[str]]:
    """An emulator of this folder once it listens; without its packages the test is skipped."""
    for package in packages:
        if find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    command = [sys.executable, str(Path(__file__).with_name(script)), address]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    try:
        _wait_for(address, port, process)
        yield process
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
    ArmServer(
        name="unitree emulator",
        robot="g1",
        driver="unitree",
        emulator=unitree_emulator,
        groups=("left_arm", "right_arm", "waist"),
    ),
    ArmServer(name="franka emulator", robot="fr3", driver="franka", emulator=franka_emulator),
    ArmServer(
        name="interbotix emulator",
        robot="wx250s",
        driver="interbotix",
        emulator=interbotix_emulator,
    ),
)
