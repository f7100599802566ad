"""The table of scores: every task and policy, over all its trainings and their episodes."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy import stats

from handiwork_app.report.figures import interval
from handiwork_app.results.answers import Answer
from handiwork_app.results.published import FIGURES, SOURCES

TASKS = ("push_t", "lift", "pick_place", "stack", "insertion")
POLICIES = ("diffusion", "streaming", "carp")
HEAD = (
    "task",
    "obs",
    "policy",
    "measure",
    "ours",
    "95 %",
    "per training",
    "episodes",
    "published",
    "videos",
)


def score_table(evaluations: Sequence[Answer], videos: Path) -> list[tuple[str, ...]]:
    """Rows under HEAD, one per task, obs, policy and backend; `videos` holds what was kept of the
    films that evaluations made, each named after its answer: NAME_best.mp4, NAME_worst.mp4.
    """
    groups: dict[tuple[str, ...], list[Answer]] = defaultdict(list)
    for answer in evaluations:
        key = (answer["task"], answer["obs"], answer["policy"], answer["backend"])
        groups[key].append(answer)
    return [
        (*_row(key, groups[key]), _links(groups[key], videos)) for key in sorted(groups, key=_order)
    ]


def _order(key: tuple[str, ...]) -> tuple[int, str, str, int]:
    task, obs, policy, backend = key
    return TASKS.index(task), backend, obs, POLICIES.index(policy)


def _row(key: tuple[str, ...], trainings: Sequence[Answer]) -> tuple[str, ...]:
    task, obs, policy, backend = key
    field = "score_per_episode" if task == "push_t" else "success_per_episode"
    each = [np.asarray(answer[field], float) for answer in trainings]
    values = np.concatenate(each)
    reach = interval(values) if task == "push_t" else _wilson(values)
    published = FIGURES.get((task, obs, policy)) if backend != "ros" else None
    return (
        f"{task}, through ROS" if backend == "ros" else task,
        obs,
        policy,
        "mean score" if task == "push_t" else "success",
        f"{values.mean():.3f}",
        f"{reach[0]:.3f} to {reach[1]:.3f}" if reach else "–",
        ", ".join(f"{part.mean():.3f}" for part in each),
        " + ".join(
            f"{len(part)} from seed {a['seed']}" for part, a in zip(each, trainings, strict=True)
        ),
        str(published) if published else "–",
    )


def _links(trainings: Sequence[Answer], videos: Path) -> str:
    names = [
        (word, f"{Path(answer['file']).stem}_{word}.mp4")
        for answer in trainings
        for word in ("best", "worst")
    ]
    kept = [(word, name) for word, name in names if (videos / name).is_file()]
    return ", ".join(f"[{word}]({videos.name}/{name})" for word, name in kept) or "–"


def _wilson(successes: np.ndarray) -> tuple[float, float]:
    """The 95 % interval of a rate of successes."""
    trial = stats.binomtest(int(successes.sum()), len(successes))
    bounds = trial.proportion_ci(method="wilson")
    return float(bounds.low), float(bounds.high)


def sources() -> list[str]:
    """Where the published figures stand."""
    return [f"[{name}] {text}" for name, text in SOURCES.items()]
