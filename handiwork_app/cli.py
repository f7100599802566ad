"""The `handiwork` command: words in, one exit status, and with `--json` one object out."""

import argparse
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from rich.console import Console

from handiwork.errors import HandiworkError
from handiwork_app import commands
from handiwork_app.calibrate import CALIBRATIONS
from handiwork_app.command_table import COMMANDS, Command
from handiwork_app.processes import check_shared, is_first
from handiwork_app.result import Result, version, write_json
from handiwork_app.run import Interrupted
from handiwork_app.settings import Config
from handiwork_app.summary import print_findings, print_summary, print_sweep
from handiwork_app.words import GROUPS, choices, load_config

INTERRUPTED = 130  # as a shell says it of Ctrl-C
DESCRIPTION = """\
From human demonstrations to an arm that does the job, through ROS 2.

Settings are words of the form name=value, in any order."""
START_HERE = """\
start here:
  handiwork doctor    what this machine lacks, and why it matters
  handiwork demo      five episodes on the simulated arm, then a report"""
SUBJECTS = {"bench": "bench", "calibrate": "calibration"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 only when it did what it says."""
    words = _words(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("OpenGL").setLevel(logging.WARNING)  # else it tells what it does without
    if words.command == "doctor":
        return _doctor(words.json, Console(stderr=words.json == "-"))
    if words.command == "train" and words.multirun:
        return _sweep(words.settings, words.json)
    command, begun = COMMANDS[words.command], time.monotonic()
    console = Console(stderr=True, quiet=not is_first())
    config, figures, error, status = None, {}, None, 0
    subject = [words.subject] if words.command in SUBJECTS else []
    try:
        named = [f"{SUBJECTS[words.command]}={name}" for name in subject]
        config = load_config([f"app={command.app}", *named, *words.settings])
        if words.command == "calibrate" and words.source:
            config = replace(config, source=words.source)
        if words.command == "calibrate" and words.auto:
            config = replace(config, auto=True)
        check_shared(config)
        config = commands.prepared(config, datetime.now())
        figures = command.run(config, console)
    except Interrupted as interrupted:
        error, status = str(interrupted), INTERRUPTED
    except (HandiworkError, ValueError) as refused:
        error, status = str(refused), 1
    except KeyboardInterrupt:
        error, status = "stopped by Ctrl-C", INTERRUPTED
    result = Result(
        command=" ".join([words.command, *subject]),
        seed=config.seed if config else None,
        duration_s=time.monotonic() - begun,
        figures=figures,
        error=error,
    )
    if is_first():
        _answer(result, config, words.json, console)
    return status


def _words(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was said; settings may stand before options and after them."""
    parser = _parser()
    words, rest = parser.parse_known_args(arguments)
    if any(word.startswith("-") or "=" not in word for word in rest) or words.command == "doctor":
        return parser.parse_args(arguments)  # says what is wrong, and ends
    words.settings += rest
    return words


def _answer(result: Result, config: Config | None, where: str | None, console: Console) -> None:
    """Figures for people and, where asked for, for programs."""
    content = result.as_object()
    if result.error:
        console.print(
            f"handiwork {result.command}: {result.error}", style="red", soft_wrap=True, markup=False
        )
    elif config is not None:
        write_json(content, f"{config.folder}/summary.json")
        if result.command == "demo":
            write_json(content, "runs/demo/summary.json")
        print_summary(content, console if where == "-" else Console())
    if where is not None:
        write_json(content, where)


def _sweep(settings: Sequence[str], where: str | None) -> int:
    """Many trainings; 0 only when all of them ended well."""
    from handiwork_app.sweep import sweep

    begun, figures, error = time.monotonic(), {}, None
    try:
        figures = sweep(settings, datetime.now())
    except (HandiworkError, ValueError) as refused:
        error = str(refused)
        print(f"handiwork train: {error}", file=sys.stderr)
    result = Result(
        command="train",
        seed=None,
        duration_s=time.monotonic() - begun,
        figures=figures,
        error=error,
    )
    trainings = figures.get("trainings", [])
    print_sweep(trainings, Console(stderr=where == "-"))
    if where is not None:
        write_json(result.as_object(), where)
    return 0 if trainings and not any("error" in item for item in trainings) else 1


def _doctor(where: str | None, console: Console) -> int:
    """Every finding in a line; 0 only when nothing is wrong."""
    from handiwork_app.doctor import diagnose

    begun = time.monotonic()
    findings = diagnose()
    healthy = all(finding.ok for finding in findings)
    print_findings(findings, console)
    result = Result(
        command="doctor",
        seed=None,
        duration_s=time.monotonic() - begun,
        figures={"healthy": healthy, "findings": [asdict(finding) for finding in findings]},
    )
    if where is not None:
        write_json(result.as_object(), where)
    return 0 if healthy else 1


def _parser() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="handiwork", description=DESCRIPTION, epilog=START_HERE, formatter_class=form
    )
    parser.add_argument("--version", action="version", version=f"handiwork {version('handiwork')}")
    parsers = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, command in COMMANDS.items():
        added = parsers.add_parser(
            name,
            help=command.summary,
            description=command.summary.capitalize() + ".",
            epilog=_epilog(name, command),
            formatter_class=form,
        )
        if name == "bench":
            added.add_argument("subject", choices=commands.BENCHES, help="what is measured")
        if name == "calibrate":
            added.add_argument("subject", choices=CALIBRATIONS, help="what is calibrated")
            given = "the file or folder it is calibrated from; docs/calibration.md describes them"
            added.add_argument("--from", dest="source", metavar="PATH", help=given)
            live = "hand_eye: the arm takes the views itself, in simulation or on hardware"
            added.add_argument("--auto", action="store_true", help=live)
        if name == "train":
            several = "train every combination of settings such as seed=0,1,2, side by side on Ray"
            added.add_argument("--multirun", action="store_true", help=several)
        added.add_argument("settings", nargs="*", metavar="name=value", help="see below")
        _add_json(added)
    doctor = "say what this machine lacks, and why it matters"
    _add_json(parsers.add_parser("doctor", help=doctor, description=doctor.capitalize() + "."))
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        metavar="PATH",
        help="write the results as one JSON object to PATH, or as the last line of stdout with -",
    )


def _epilog(name: str, command: Command) -> str:
    groups = [f"{group}={'|'.join(choices(group))}" for group in GROUPS if group != "app"]
    settings = "\n  ".join([*groups, *command.settings])
    examples = "\n  ".join(f"handiwork {name} {words}".rstrip() for words in command.examples)
    return f"settings:\n  {settings}\n\nexamples:\n  {examples}"


if __name__ == "__main__":
    sys.exit(main())
