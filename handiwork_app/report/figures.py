"""Figures of a run: pure functions of its episodes and its command log."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from handiwork.tasks.push_t import SUCCESS_COVERAGE, TableSquare, score
from handiwork_app.report.episodes import Episode


def score_figures(scores: Sequence[float], successes: Sequence[bool]) -> dict[str, Any]:
    """Mean, spread and 95 % interval of the mean (Student's t; None for a single episode)."""
    values = np.asarray(scores, float)
    spread = float(values.std(ddof=1)) if len(values) > 1 else None
    return {
        "episodes": len(values),
        "score_mean": float(values.mean()),
        "score_ci95": interval(values),
        "score_ci95_method": "Student's t",
        "score_std": spread,
        "success_rate": float(np.mean(successes)),
        "score_per_episode": [float(value) for value in values],
        "success_per_episode": [bool(value) for value in successes],
    }


def interval(values: np.ndarray) -> list[float] | None:
    """95 % confidence interval of the mean of (n,) values, inside [0, 1] as scores are."""
    if len(values) < 2:
        return None
    reach = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return [float(np.clip(values.mean() + side * reach, 0.0, 1.0)) for side in (-1, 1)]


def pose_errors(episode: Episode, square: TableSquare) -> tuple[np.ndarray, np.ndarray]:
    """How far each estimate was from the truth at its own stamp, (m,) [m] and (m,) [rad].

    Estimates outside the time that the truth was recorded are left out.
    """
    time, truth_time = episode.estimate_time, episode.truth_time
    if not len(truth_time):
        return np.empty(0), np.empty(0)
    known = (time >= truth_time[0]) & (time <= truth_time[-1])
    truth = square.pose_to_base(episode.truth_block_px)
    truth[:, 2] = np.unwrap(truth[:, 2])
    at = np.column_stack([np.interp(time[known], truth_time, part) for part in truth.T])
    error = episode.estimate_pose[known] - at
    turn = (error[:, 2] + np.pi) % (2 * np.pi) - np.pi
    return np.linalg.norm(error[:, :2], axis=1), np.abs(turn)


def figures(episodes: Sequence[Episode]) -> dict[str, Any]:
    """Scores, latencies, refusals, the controller's loop and what the camera got wrong."""
    coverages = [episode.truth_coverage for episode in episodes]
    scores = [score(coverage) if len(coverage) else 0.0 for coverage in coverages]
    successes = [bool(np.any(coverage >= SUCCESS_COVERAGE)) for coverage in coverages]
    errors = [pose_errors(episode, TableSquare()) for episode in episodes]
    distance = np.concatenate([metres for metres, _ in errors]) * 1e3
    turn = np.degrees(np.concatenate([radians for _, radians in errors]))
    accepted = _all(episodes, "report_accepted").astype(bool)
    in_time = _all(episodes, "report_in_time").astype(bool) & accepted
    seen = _all(episodes, "report_observation_to_trajectory_s")[accepted] * 1e3
    made = _all(episodes, "report_chunk_to_trajectory_s")[accepted] * 1e3
    seconds = sum(float(episode.end - episode.start) for episode in episodes)
    return score_figures(scores, successes) | {
        "outcome_per_episode": [str(episode.outcome) for episode in episodes],
        "seconds_per_episode": [float(episode.end - episode.start) for episode in episodes],
        "chunks": len(accepted),
        "chunks_refused": int(np.count_nonzero(~accepted)),
        "chunks_in_time_rate": float(in_time.mean()) if len(in_time) else 0.0,
        "chunk_rate_hz": len(accepted) / seconds if seconds else 0.0,
        "camera_to_trajectory_p50_ms": _percentile(seen, 50),
        "camera_to_trajectory_p95_ms": _percentile(seen, 95),
        "chunk_to_trajectory_p50_ms": _percentile(made, 50),
        "chunk_to_trajectory_p95_ms": _percentile(made, 95),
        "controller_rate_hz": _percentile(_all(episodes, "loop_rate_hz"), 50),
        "controller_jitter_p99_ms": _percentile(_all(episodes, "loop_jitter_p99_ms"), 50),
        "controller_jitter_p99_worst_second_ms": _percentile(
            _all(episodes, "loop_jitter_p99_ms"), 100
        ),
        "pose_error_median_mm": _percentile(distance, 50),
        "pose_error_p95_mm": _percentile(distance, 95),
        "pose_error_median_deg": _percentile(turn, 50),
        "pose_error_p95_deg": _percentile(turn, 95),
    }


def refusals(episodes: Sequence[Episode]) -> dict[str, int]:
    """How often each reason was given, numbers in it replaced, as every chunk has its own."""
    reasons: dict[str, int] = {}
    for episode in episodes:
        for reason in episode.report_reason[~episode.report_accepted.astype(bool)]:
            words = ["N" if any(map(str.isdigit, word)) else word for word in str(reason).split()]
            reasons[" ".join(words)] = reasons.get(" ".join(words), 0) + 1
    return reasons


def _all(episodes: Sequence[Episode], name: str) -> np.ndarray:
    return np.concatenate([getattr(episode, name) for episode in episodes])


def _percentile(values: np.ndarray, percent: float) -> float | None:
    return float(np.percentile(values, percent)) if len(values) else None
