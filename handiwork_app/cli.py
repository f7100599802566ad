"""The `handiwork` command: words in, one exit status, and with `--json` one object out."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from rich.console import Console

from handiwork.errors import HandiworkError
from handiwork_app import commands
from handiwork_app.calibrate import CALIBRATIONS
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
OBS = "obs=state|image|points   what a policy sees"
CHECKPOINT = "checkpoint=FOLDER   the policy; the one that ships with the project unless given"
FOLDER = "folder=FOLDER       where files go; runs/<command>/<time> unless given"
NODES = "nodes.NODE.PARAMETER=VALUE   any parameter of a node, as in nodes.sim.camera_rate=15"


@dataclass(frozen=True, kw_only=True)
class Command:
    """One word after `handiwork`."""

    summary: str
    run: Callable[[Config, Console], dict[str, Any]]
    app: str  # the choice of `app` that it begins with
    examples: tuple[str, ...]
    settings: tuple[str, ...]


COMMANDS = {
    "up": Command(
        summary="start the stack and keep it up until Ctrl-C",
        run=commands.up,
        app="sim",
        examples=(
            "task=push_t",
            "task=push_t policy=diffusion checkpoint=runs/train/mine",
            "app=arm robot=fr3",
            "app=arm robot=wxai hardware=real address=192.168.1.2",
            "app=arm robot=fr3 hardware=real camera=ours serial=036522070660",
        ),
        settings=(
            "app=sim|arm         a policy at a task, or a robot's controllers and planner alone",
            "hardware=sim|real  controllers=ours|ros2_control  planner=embedded|move_group",
            "address=TEXT        of the real robot; as it is delivered unless given",
            "camera=none|ours|realsense2_camera  serial=NUMBER   the RealSense of app=arm",
            "hand_eye=FILE       where that camera is, as `handiwork calibrate hand_eye` wrote it",
            CHECKPOINT,
            FOLDER,
            NODES,
        ),
    ),
    "demo": Command(
        summary="run seeded episodes on the simulated arm and report on them",
        run=commands.demo,
        app="demo",
        examples=("", "episodes=2 seed=7", "--json demo.json"),
        settings=("episodes=N  seed=N", CHECKPOINT, FOLDER, NODES),
    ),
    "demos": Command(
        summary="record scripted demonstrations of a task in the simulation",
        run=commands.demos,
        app="demos",
        examples=("task=lift episodes=200", "task=stack obs=image folder=demos/stack"),
        settings=(OBS, "episodes=N  seed=N", FOLDER),
    ),
    "train": Command(
        summary="learn a checkpoint from demonstrations",
        run=commands.train,
        app="train",
        examples=(
            "task=push_t policy=diffusion data=pusht_lowdim.npz",
            "data=pusht_lowdim.npz training.steps=2000 folder=runs/train/mine",
            "task=lift policy=carp data=demos/lift training.threads=1",
            "data=pusht_lowdim.npz policy.denoiser.kind=unet policy.horizon.executed_steps=6",
        ),
        settings=(
            "data=PATH           the demonstrations: a folder, or a published file of push_t",
            OBS,
            "folder=FOLDER       where the checkpoint goes; a run that stopped there goes on",
            "seed=N  training.steps=N  training.batch_size=N  training.learning_rate=X",
            "training.threads=N  training.device=cpu|cuda  training.precision=fp32|bf16",
            "training.rollout_every=N   steps between trials, the best of which is kept; 0: none",
            "policy.NAME=VALUE   any setting of the policy, as in policy.denoiser.width=128",
            "several processes: accelerate launch ... -m handiwork_app.cli train folder=FOLDER ...",
        ),
    ),
    "bench": Command(
        summary="measure how fast policies act and learn, side by side and beside a peer",
        run=commands.bench,
        app="bench",
        examples=(
            "policies --json -",
            "policies quick=true",
            "policies measure.channels=[64,128,256] measure.checkpoints=[checkpoints/push_t_carp]",
            "training training.threads=1 --json -",
            "training task=lift policy=carp training.batch_size=64",
            "peers measure.batch_sizes=[64]",
            "kinematics robot=wxai --json -",
            "gate robot=fr3 sequences=1000 --json -",
            "executor robot=wxai --json -",
            "planner measure.robots=[panda] measure.scenes=[wall,shelf]",
            "perception --json -",
            "poses measure.scenes=40 folder=runs/poses",
            "transport measure.cameras=[1,3] measure.subscribers=2 --json -",
            "camera measure.seconds=60 --json -",
            "hands data=hands --json -",
        ),
        settings=(
            "quick=true          smaller networks and less repetition, in under a minute",
            "measure.seconds=N  measure.threads=N  measure.channels=[N,...]  measure.peers=false",
            "robot=fr3|g1|panda|wx250s|wxai|wxai_pair   of kinematics, gate, executor",
            "sequences=N         of gate",
            "data=PATH           of camera: a .db3 recording instead of its test pattern",
            "measure.scenes=N  measure.objects=[cube,...]  measure.pictures=N   of poses",
            "measure.robots=[panda,...]  measure.scenes=[wall,...]  measure.problems=N  of planner",
            "of training:",
            OBS,
            "data=PATH           demonstrations; made up in the task's sizes unless given",
            "training.steps=N    how many are measured; training.*, policy.* as for train",
        ),
    ),
    "calibrate": Command(
        summary="find where cameras are, and how sure that is",
        run=commands.calibrate,
        app="calibrate",
        examples=(
            "hand_eye --from views.json --json -",
            "hand_eye --auto robot=wxai kind=eye_in_hand --json -",
            "time_offset --from paths.zip",
            "intrinsics --from pictures",
        ),
        settings=(
            "--from PATH         views, paths or pictures; docs/calibration.md describes them",
            "folder=FOLDER       where the result, its report and exports go",
            "with --auto: kind=eye_in_hand|eye_to_hand  hardware=sim|real  camera=ours  seed=N",
            "nodes.calibrator.PARAMETER=VALUE   as the board, guesses and how well it is wanted",
        ),
    ),
    "eval": Command(
        summary="measure a checkpoint over many seeded episodes",
        run=commands.evaluate,
        app="eval",
        examples=(
            "task=push_t policy=diffusion backend=gym episodes=50 seed=100000 --json -",
            "task=lift policy=diffusion episodes=50",
            "backend=ros episodes=20",
        ),
        settings=(
            "backend=ros|gym     push_t through ROS on the arm, or in the published environment",
            OBS,
            "episodes=N  seed=N",
            CHECKPOINT,
            FOLDER,
            NODES,
        ),
    ),
}
# Commands with a word of their own, and the setting that it is.
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
