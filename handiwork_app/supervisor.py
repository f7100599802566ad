"""Runs several programs as one: all start, one log, all stop, and nothing is left behind.

Each program leads a process group of its own, so that Ctrl-C reaches the supervisor alone, which
then stops everybody in order: SIGINT, SIGTERM, SIGKILL, each with a bounded wait. The kernel kills
the programs if the supervisor itself is killed (PR_SET_PDEATHSIG, prctl(2)).
"""

import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from types import FrameType

import psutil

Sink = Callable[[str, str], None]  # (name of the program, one line)

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)
POLL = 0.1  # [s] how soon a death is noticed
SELF = "handiwork"  # the supervisor's own name in the log
SAMPLE = 1.0  # [s] between two looks at the memory


@dataclass(frozen=True, kw_only=True)
class Command:
    """A program to run. When a `job` ends, all ends, with its exit status."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    job: bool = False


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a program may take to stop after each signal [s]."""

    interrupt: float = 8.0
    terminate: float = 3.0
    kill: float = 5.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended. status: 0 when the job succeeded or the user stopped the stack."""

    status: int
    reason: str
    interrupted: bool
    peak_memory_mb: float  # of all programs together, shared pages counted once


def supervise(commands: Sequence[Command], sink: Sink, patience: Patience | None = None) -> Outcome:
    """Run all commands until the job ends, one dies, or a signal comes. Main thread only.

    Raises:
        OSError: a program cannot be started; those already running have been stopped.
    """
    children: list[_Child] = []
    peak, sampled = 0.0, -SAMPLE
    with _signals() as caught, selectors.DefaultSelector() as selector:
        try:
            for command in commands:
                children.append(_Child(command, selector, sink))  # noqa: PERF401, one may fail
            while not caught and all(child.running for child in children):
                _forward(selector, POLL)
                if time.monotonic() - sampled >= SAMPLE:
                    peak, sampled = max(peak, _memory_mb(children)), time.monotonic()
            ended = [child for child in children if not child.running]
            sink(SELF, f"{_ending(caught, ended)[1]}: stopping all")
        finally:
            _stop(children, selector, patience or Patience(), caught)
            for child in children:
                child.close()
    status, reason = _ending(caught, ended)
    return Outcome(status=status, reason=reason, interrupted=bool(caught), peak_memory_mb=peak)


class _Child:
    """A started program and what is left of its last line."""

    def __init__(self, command: Command, selector: selectors.BaseSelector, sink: Sink) -> None:
        self.command = command
        parent = os.getpid()
        self._process = subprocess.Popen(
            command.argv,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),
        )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout
        os.set_blocking(self._pipe.fileno(), False)
        self._selector, self._sink, self._rest = selector, sink, b""
        selector.register(self._pipe, selectors.EVENT_READ, self)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def status(self) -> int:
        """As a shell reports it: 128 + signal for a program that a signal ended."""
        code = self._process.returncode
        return code if code >= 0 else 128 - code

    def signal(self, number: int) -> None:
        """Reaches the whole group, so that the program's own children go with it."""
        with suppress(ProcessLookupError):  # all of the group are gone
            os.killpg(self.pid, number)

    def read(self) -> bool:
        """Forward what was written; False at the end of the pipe."""
        data = self._pipe.read(1 << 16)
        if data is None:
            return True
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data and self._rest:
            lines, self._rest = [self._rest], b""
        for line in lines:
            self._sink(self.command.name, line.decode(errors="replace").rstrip("\r"))
        if not data:
            self._selector.unregister(self._pipe)
        return bool(data)

    def close(self) -> None:
        self._pipe.close()


def _die_with(parent: int) -> None:
    """In the child, before exec: be killed when the supervisor dies, also if it has just died."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Collects SIGINT, SIGTERM and SIGHUP instead of dying of them."""
    caught: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        caught.append(number)

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, note) for number in watched}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _forward(selector: selectors.BaseSelector, wait: float) -> None:
    if not selector.get_map():
        time.sleep(wait)
        return
    for key, _ in selector.select(wait):
        key.data.read()


def _stop(
    children: Sequence[_Child],
    selector: selectors.BaseSelector,
    patience: Patience,
    caught: Sequence[int],
) -> None:
    """Stop everybody; a second Ctrl-C goes straight to SIGKILL."""
    signals_before = len(caught)
    steps = (
        (signal.SIGINT, patience.interrupt),
        (signal.SIGTERM, patience.terminate),
        (signal.SIGKILL, patience.kill),
    )
    for number, wait in steps:
        if len(caught) > max(signals_before, 1) and number != signal.SIGKILL:
            continue
        for child in children:
            if child.running:
                child.signal(number)
        deadline = time.monotonic() + wait
        while any(child.running for child in children) and time.monotonic() < deadline:
            if len(caught) > max(signals_before, 1) and number != signal.SIGKILL:
                break
            _forward(selector, POLL / 2)
    for child in children:
        child.signal(signal.SIGKILL)  # whatever a program left behind in its group
    deadline = time.monotonic() + 1.0
    while selector.get_map() and time.monotonic() < deadline:
        _forward(selector, POLL / 2)  # the last words


def _ending(caught: Sequence[int], ended: Sequence[_Child]) -> tuple[int, str]:
    """Exit status of the whole, and why it ends."""
    if caught:
        return 0, f"stopped by {signal.Signals(caught[0]).name}"
    dead = [child for child in ended if not child.command.job]
    if dead:
        names = " and ".join(f"{child.command.name} (exit code {child.status})" for child in dead)
        return next(
            (child.status for child in dead if child.status), 1
        ), f"{names} ended unexpectedly"
    job = ended[0]
    return job.status, f"{job.command.name} finished with exit code {job.status}"


def _memory_mb(children: Sequence[_Child]) -> float:
    """Proportional set size of all programs and their children [MB]."""
    total = 0
    for child in children:
        try:
            leader = psutil.Process(child.pid)
            family = [leader, *leader.children(recursive=True)]
            total += sum(process.memory_full_info().pss for process in family)
        except psutil.Error:
            continue  # ended since
    return total / 1e6
