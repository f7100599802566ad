"""Processes -> running programs: finds the executables, writes their parameters, starts them.

A run has a folder: `params/` (what every node was told), `logs/` (what it said) and what the nodes
themselves write.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import yaml

from handiwork.errors import HandiworkError
from handiwork_app.compose import compose
from handiwork_app.domain import hold_domain
from handiwork_app.environment import ros_environment
from handiwork_app.process import Process
from handiwork_app.settings import Config
from handiwork_app.supervisor import SELF, Command, Outcome, Sink, supervise

COLOURS = (36, 33, 32, 35, 34, 31)  # ANSI, one per node in turn


class Interrupted(HandiworkError):
    """Work that the user stopped before it was done."""


class FailedRun(HandiworkError):
    """A stack that ended before it should have."""


class MissingExecutable(HandiworkError):
    """A node whose program is nowhere to be found."""


def run_stack(config: Config) -> Outcome:
    """Start the stack that `config` asks for and stay until it has ended.

    Raises:
        MissingExecutable: the workspace is not built.
        DomainInUse: see `hold_domain`.
    """
    folder = Path(config.folder)
    environment = ros_environment(os.environ)
    processes = compose(config)
    with hold_domain(os.environ.get("ROS_DOMAIN_ID")) as domain:
        environment |= {
            "ROS_DOMAIN_ID": str(domain),
            "ROS_LOG_DIR": str(folder / "logs" / "ros"),
            "PYTHONUNBUFFERED": "1",
            # Six nodes on few cores: threads of one node would wait for each other's turn.
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
            "RCUTILS_COLORIZED_OUTPUT": str(int(sys.stderr.isatty())),
        }
        commands = [command_for(process, folder, environment) for process in processes]
        names = [SELF, *(command.name for command in commands)]
        with log_to(folder / "logs" / "stack.log", sys.stderr, names) as sink:
            sink(SELF, f"ROS domain {domain}, files in {folder}")
            outcome = supervise(commands, sink)
            sink(SELF, outcome.reason)
    return outcome


def command_for(process: Process, folder: Path, environment: Mapping[str, str]) -> Command:
    """The command line of a node, as `ros2 run` would make it; writes its parameters file."""
    parameters = write_parameters(process, folder / "params")
    remappings = [("__node", process.name), ("__ns", process.namespace), *process.remappings]
    rules = [word for old, new in remappings for word in ("-r", f"{old}:={new}")]
    program = find_executable(process.package, process.executable, environment)
    return Command(
        name=process.name,
        argv=(str(program), "--ros-args", *rules, "--params-file", str(parameters)),
        environment=environment,
        job=process.job,
    )


def write_parameters(process: Process, folder: Path) -> Path:
    """A ROS parameters file for one node."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{process.name}.yaml"
    name = f"{process.namespace.rstrip('/')}/{process.name}"
    path.write_text(yaml.safe_dump({name: {"ros__parameters": dict(process.parameters)}}))
    return path


def find_executable(package: str, executable: str, environment: Mapping[str, str]) -> Path:
    """`lib/<package>/<executable>` of the first ament prefix that has it."""
    prefixes = [Path(part) for part in environment.get("AMENT_PREFIX_PATH", "").split(":") if part]
    for prefix in prefixes:
        program = prefix / "lib" / package / executable
        if program.is_file():
            return program
    raise MissingExecutable(
        f"no executable {executable!r} of package {package!r} in {len(prefixes)} ROS prefixes. "
        "Build the workspace with `make setup`; `handiwork doctor` says more."
    )


@contextmanager
def log_to(path: Path, terminal: TextIO, names: Sequence[str]) -> Iterator[Sink]:
    """Lines of the nodes to a file and to a terminal, each with the name of its node."""
    labels = {name: f"[{name}]" for name in names}
    if terminal.isatty():
        labels = {
            name: f"\x1b[{COLOURS[index % len(COLOURS)]}m{label}\x1b[0m"
            for index, (name, label) in enumerate(labels.items())
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", buffering=1) as file:

        def write(name: str, line: str) -> None:
            file.write(f"[{name}] {line}\n")
            print(labels[name], line, file=terminal, flush=True)

        yield write
