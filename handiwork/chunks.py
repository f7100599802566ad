"""Action chunks: evenly timed rows of targets. No ROS, no clock: `now` is an argument.

Shapes: H rows, D names.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from handiwork.errors import RefusedChunk, WrongShape

Space = Literal["joint", "pose", "track"]


@dataclass(frozen=True, kw_only=True)
class ActionChunk:
    """What a policy wants at evenly spaced times.

    rows: (H, D) float32 targets, one row per step; units belong to the names.
    names: D names: joints [rad] for space "joint"; for space "pose" parts of a tool pose in
        `frame`: "x", "y", "z" [m].
    start: when row 0 is due [s], on the same clock as every `now`.
    period: time between rows [s].
    observed: stamp of the oldest part of the observation it came from [s].
    sequence: counts up by the sender; an older one never replaces a newer one.
    """

    rows: np.ndarray
    names: tuple[str, ...]
    space: Space
    frame: str
    start: float
    period: float
    observed: float
    sequence: int

    def __post_init__(self) -> None:
        if self.rows.ndim != 2 or self.rows.shape[1] != len(self.names) or not len(self.rows):
            raise WrongShape("ActionChunk.rows", self.rows.shape, f"(H >= 1, {len(self.names)})")
        if not self.period > 0:
            raise ValueError(f"period must be > 0 s, got {self.period}")

    @property
    def times(self) -> np.ndarray:
        """(H,) when each row is due [s]."""
        return self.start + self.period * np.arange(len(self.rows))

    @property
    def end(self) -> float:
        """When the last row is due [s]."""
        return self.start + self.period * (len(self.rows) - 1)


@dataclass(frozen=True, kw_only=True)
class ChunkRules:
    """What a chunk must satisfy before anything is made of it."""

    names: tuple[str, ...]
    space: Space
    max_observation_age: float = 0.5  # [s] older eyes than this move nothing
    max_lead: float = 1.0  # [s] a first row further ahead means that clocks disagree
    max_duration: float = 10.0  # [s]


def rows_past(chunk: ActionChunk, now: float) -> int:
    """How many rows were due before `now`; they are skipped, never replayed."""
    return int(np.count_nonzero(chunk.times < now))


def admit(chunk: ActionChunk, rules: ChunkRules, now: float, last_sequence: int | None) -> None:
    """Let the chunk through, or say in one sentence why not.

    Raises:
        RefusedChunk: not finite, other names or space, out of order, all past, or clocks disagree.
    """
    _check_content(chunk, rules)
    if last_sequence is not None and chunk.sequence <= last_sequence:
        raise RefusedChunk(
            f"chunk {chunk.sequence} came after chunk {last_sequence}, want a higher sequence. "
            "Check that only one policy is running.",
            kind="order",
        )
    _check_times(chunk, rules, now)


def _check_content(chunk: ActionChunk, rules: ChunkRules) -> None:
    if chunk.names != rules.names or chunk.space != rules.space:
        raise RefusedChunk(
            f"chunk {chunk.sequence} has {chunk.space} names {list(chunk.names)}, want "
            f"{rules.space} {list(rules.names)}. Check the checkpoint of the policy.",
            kind="spec",
        )
    if not np.isfinite(chunk.rows).all():
        bad = int(np.count_nonzero(~np.isfinite(chunk.rows)))
        raise RefusedChunk(
            f"chunk {chunk.sequence} has {bad} values that are not finite. "
            "Check the policy's inputs.",
            kind="not_finite",
        )


def _check_times(chunk: ActionChunk, rules: ChunkRules, now: float) -> None:
    if (chunk.end - chunk.start) > rules.max_duration:
        raise RefusedChunk(
            f"chunk {chunk.sequence} lasts {chunk.end - chunk.start:.2f} s, want at most "
            f"{rules.max_duration} s. Check its period.",
            kind="duration",
        )
    if now > chunk.end:
        raise RefusedChunk(
            f"chunk {chunk.sequence} ended {now - chunk.end:.3f} s ago, so all its rows are past. "
            "Check the policy's latency and that its clock is the stack's.",
            kind="past",
        )
    if chunk.start - now > rules.max_lead:
        raise RefusedChunk(
            f"chunk {chunk.sequence} starts {chunk.start - now:.3f} s ahead, want at most "
            f"{rules.max_lead} s. Check that its clock is the stack's.",
            kind="ahead",
        )
    if now - chunk.observed > rules.max_observation_age:
        raise RefusedChunk(
            f"chunk {chunk.sequence} rests on an observation {now - chunk.observed:.3f} s old, "
            f"want at most {rules.max_observation_age} s. "
            "Check the camera and the perception node.",
            kind="stale",
        )
