"""The page itself: sections of tables, each with the command that made it."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from handiwork_app.results import scores
from handiwork_app.results.answers import Answer, of_command
from handiwork_app.results.curves import plot_curves
from handiwork_app.results.eyes import eye_sections
from handiwork_app.results.robots import robot_sections
from handiwork_app.results.table import table
from policies.training.config import TrainingConfig

ROW = ("policy", "sampler", "runtime", "device", "parameters", "calls_per_chunk")
TIMES = ("latency_p50_ms", "latency_p95_ms", "executed_actions_per_chunk", "actions_per_s")


def write_page(answers: Sequence[Answer], page: Path) -> None:
    """Write the page and, in `images` beside it, its plots."""
    sections = [
        "# Results",
        "Made by `make results` from the files in `docs/results`, each of which a command wrote "
        "with `--json`; only the home of its paths was cut off. Nothing here is typed by hand.",
        *_scores(of_command(answers, "eval"), page.parent / "videos"),
        *_trainings(of_command(answers, "train"), page.parent / "images"),
        *_demonstrations(of_command(answers, "demos")),
        *_latency(of_command(answers, "bench policies")),
        *_speed(of_command(answers, "bench training")),
        *robot_sections(answers),
        *eye_sections(answers),
    ]
    page.write_text("\n\n".join(sections) + "\n")


def _scores(evaluations: Sequence[Answer], videos: Path) -> list[str]:
    if not evaluations:
        return []
    words = (
        "Ours is the mean over all episodes of all trainings, with its 95 % interval (Student's t "
        "over the scores of episodes; Wilson's of a rate of successes). Published figures are best "
        "checkpoint / mean of checkpoints; Lift, Can and Square of robomimic stand "
        "beside our own lift, pick_place and insertion, other scenes. An evaluation: "
        "`handiwork eval task=T policy=P obs=O episodes=50 seed=100000`; it also films its "
        "best and its worst episode, of which some are linked."
    )
    rows = scores.score_table(evaluations, videos)
    return ["## Scores", words, table(scores.HEAD, rows), "\n".join(scores.sources())]


def _trainings(trainings: Sequence[Answer], images: Path) -> list[str]:
    if not trainings:
        return []
    head = ("task", "obs", "policy", "seed", "steps", "batch", "parameters", "minutes", "machine")
    rows = []
    for answer in trainings:
        figures = answer["training"]
        keys = ("steps", "batch_size", "parameters")
        rows.append(
            (
                *(str(answer[key]) for key in ("task", "obs", "policy", "seed")),
                *(f"{figures[key]:,}" for key in keys),
                f"{answer['duration_s'] / 60:.0f}",
                f"{answer['machine']['cores']} x {answer['machine']['cpu']}",
            )
        )
    plot = plot_curves(images / "training_curves.png", trainings)
    commands = "\n".join(sorted({_command(answer) for answer in trainings}))
    return [
        "## Trainings",
        "Minutes are those of the last run; where a training was resumed, it had others before.",
        table(head, rows),
        f"The commands, with `data=PATH` and the seed of the row:\n\n```\n{commands}\n```",
        "Losses of the last stage of each:",
        f"![curves](images/{plot.name})",
    ]


def _command(answer: Answer) -> str:
    """The words of a training, all but its data and seed; what is as by default is left out."""
    words = [f"{name}={answer[name]}" for name in ("task", "obs", "policy")]
    for item in fields(TrainingConfig):
        value = answer["training"][item.name]
        value = tuple(value) if isinstance(value, list) else value
        if item.name != "seed" and value != item.default:
            words.append(f"training.{item.name}={value}")
    return " ".join(["handiwork train", *words])


def _demonstrations(runs: Sequence[Answer]) -> list[str]:
    if not runs:
        return []
    head = ("task", "obs", "episodes", "steps", "success of the demonstrator")
    rows = [
        (
            *(str(run[key]) for key in ("task", "obs", "episodes")),
            f"{run['steps']:,}",
            f"{run['success_rate']:.3f}",
        )
        for run in runs
    ]
    return ["## Scripted demonstrations", table(head, rows)]


def _latency(benches: Sequence[Answer]) -> list[str]:
    sections: list[str] = []
    for bench in benches:
        rows = [
            (
                *(str(row[key]) for key in ROW),
                *(f"{row[key]:.1f}" for key in TIMES),
            )
            for row in bench["rows"]
        ]
        ratios = [(name, f"{value:.1f}") for name, value in bench["ratios"].items()]
        sections += [
            f"## Latency ({bench['file']})",
            f"Batch 1, warmed up, on {bench['machine']['cores']} x {bench['machine']['cpu']}.",
            table((*ROW, *TIMES), rows),
            table(("ratio", "times"), ratios),
        ]
    return sections


def _speed(benches: Sequence[Answer]) -> list[str]:
    if not benches:
        return []
    head = ("file", "steps_per_s", "loader_wait_fraction")
    rows = [
        (bench["file"], f"{bench['steps_per_s']:.2f}", f"{bench['loader_wait_fraction']:.4f}")
        for bench in benches
    ]
    return ["## Training speed", table(head, rows)]
