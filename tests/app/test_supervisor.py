"""A stack stops as one, and nothing is left running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil
import pytest

from handiwork_app.supervisor import Command, Outcome, Patience, supervise

LeftRunning = Callable[[], list[psutil.Process]]
QUICK = Patience(interrupt=0.5, terminate=0.5, kill=2.0)
SLEEPER = "import time; time.sleep(60)"
STUBBORN = """
import signal, sys, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: print("no", flush=True))
print("up", flush=True)
while True: time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
deaf = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", deaf])
print("child", child.pid, flush=True)
time.sleep(60)
"""
POLITE = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
RUDE = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); {POLITE}"
# A supervisor in a process of its own: prints the pids of its programs, then its outcome.
SUPERVISOR = """
import sys
from handiwork_app.supervisor import Command, Patience, supervise
commands = [Command(name=name, argv=(sys.executable, "-c", sys.argv[1])) for name in "ab"]
outcome = supervise(commands, lambda name, line: print(line, flush=True), Patience())
print(outcome.status, outcome.interrupted, outcome.reason, flush=True)
"""


def program(name: str, source: str, job: bool = False) -> Command:
    return Command(name=name, argv=(sys.executable, "-c", source), job=job)


def run(*commands: Command) -> tuple[Outcome, list[tuple[str, str]]]:
    lines: list[tuple[str, str]] = []
    outcome = supervise(commands, lambda name, line: lines.append((name, line)), QUICK)
    return outcome, lines


def eventually(fact: Callable[[], bool], within: float = 10.0) -> bool:
    deadline = time.monotonic() + within
    while not fact() and time.monotonic() < deadline:
        time.sleep(0.02)
    return fact()


def gone(pids: Sequence[int]) -> bool:
    """Nobody of them runs; a zombie that nobody has collected does not."""
    alive = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_one_death_stops_all_and_is_named_with_its_exit_code(left_running: LeftRunning) -> None:
    start = time.monotonic()
    outcome, lines = run(program("sleeper", SLEEPER), program("fragile", "raise SystemExit(7)"))
    assert lines[0] == ("handiwork", "fragile (exit code 7) ended unexpectedly: stopping all")
    assert outcome.status == 7
    assert "fragile (exit code 7) ended unexpectedly" in outcome.reason
    assert time.monotonic() - start < 10
    assert not left_running()


def test_an_early_end_with_status_0_is_a_failure_too() -> None:
    outcome, _ = run(program("sleeper", SLEEPER), program("quitter", ""))
    assert outcome.status == 1 and "quitter" in outcome.reason


def test_the_end_of_the_job_ends_the_stack_with_its_status(left_running: LeftRunning) -> None:
    done, _ = run(program("sleeper", SLEEPER), program("job", "", job=True))
    failed, _ = run(program("sleeper", SLEEPER), program("job", "raise SystemExit(3)", job=True))
    assert (done.status, failed.status) == (0, 3)
    assert not left_running()


def test_lines_come_whole_and_with_the_name_of_the_program() -> None:
    source = "import sys; print('one'); print('two', file=sys.stderr); print('three', end='')"
    _, lines = run(program("talker", source, job=True))
    assert sorted(line for line in lines if line[0] == "talker") == [
        ("talker", "one"),
        ("talker", "three"),
        ("talker", "two"),
    ]


def test_a_program_that_ignores_signals_is_killed(left_running: LeftRunning) -> None:
    outcome, lines = run(
        program("stubborn", STUBBORN), program("job", "import time; time.sleep(1)", job=True)
    )
    assert outcome.status == 0
    assert lines.count(("stubborn", "no")) == 2  # it was asked twice
    assert not left_running()


def test_what_a_program_started_itself_goes_with_it() -> None:
    _, lines = run(
        program("parent", PARENT), program("job", "import time; time.sleep(1)", job=True)
    )
    (pid,) = [int(line.split()[1]) for _, line in lines if line.startswith("child")]
    assert eventually(lambda: gone([pid]))


def test_a_program_that_cannot_start_leaves_nobody_running(left_running: LeftRunning) -> None:
    missing = Command(name="missing", argv=("/does/not/exist",))
    with pytest.raises(FileNotFoundError):
        run(program("sleeper", SLEEPER), missing)
    assert not left_running()


def test_memory_is_that_of_the_programs() -> None:
    source = "block = bytearray(b'x') * 80_000_000; import time; time.sleep(2)"
    outcome, _ = run(program("eater", source, job=True))
    assert 80 < outcome.peak_memory_mb < 160


def supervisor_process(program: str = POLITE) -> tuple[subprocess.Popen[str], list[int]]:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        start_new_session=True,
    )
    assert process.stdout
    return process, [int(process.stdout.readline()) for _ in range(2)]


def test_ctrl_c_stops_all() -> None:
    process, pids = supervisor_process()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it
    output, _ = process.communicate(timeout=20)
    assert output.splitlines()[-1] == "0 True stopped by SIGINT"
    assert gone(pids)


def test_sigterm_stops_all() -> None:
    process, pids = supervisor_process()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert output.splitlines()[-1] == "0 True stopped by SIGTERM"
    assert gone(pids)


def test_nothing_survives_a_killed_supervisor() -> None:
    process, pids = supervisor_process()
    process.kill()
    process.wait()
    process.stdout.close()  # type: ignore[union-attr]
    assert eventually(lambda: gone(pids))


def test_a_second_ctrl_c_does_not_wait() -> None:
    process, pids = supervisor_process(RUDE)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert process.poll() is None  # it waits for programs that take their time
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert time.monotonic() - begun < Patience().interrupt
    assert gone(pids)
