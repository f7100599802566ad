"""One episode as the evaluator wrote it down, and the log of what was commanded.

Shapes: N truths, M estimates, C chunks of H rows, R chunk reports, I images, K joint states of J
joints, L seconds of the controller's loop, T ticks. Times are seconds of the stack's clock.
"""

from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np

from handiwork.errors import BadValue

EVALUATE_AGAIN = "Run the episodes again."
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What was true, seen, proposed, decided and measured in one episode."""

    seed: np.ndarray  # ()
    start: np.ndarray  # ()
    end: np.ndarray  # ()
    outcome: np.ndarray  # () text
    message: np.ndarray  # () text
    truth_time: np.ndarray  # (N,)
    truth_block_px: np.ndarray  # (N, 3) x, y [px], angle [rad] in the benchmark's plane
    truth_rod_px: np.ndarray  # (N, 2)
    truth_coverage: np.ndarray  # (N,)
    estimate_time: np.ndarray  # (M,) stamps of the images
    estimate_pose: np.ndarray  # (M, 3) x, y [m], angle [rad] in the base frame
    estimate_rms: np.ndarray  # (M,) [m]
    chunk_sequence: np.ndarray  # (C,)
    chunk_start: np.ndarray  # (C,)
    chunk_period: np.ndarray  # (C,)
    chunk_observed: np.ndarray  # (C,)
    chunk_rows: np.ndarray  # (C, H, 2) x, y [m] in the base frame
    report_time: np.ndarray  # (R,)
    report_sequence: np.ndarray  # (R,)
    report_accepted: np.ndarray  # (R,)
    report_in_time: np.ndarray  # (R,)
    report_rows_skipped: np.ndarray  # (R,)
    report_reason: np.ndarray  # (R,) text
    report_observation_to_trajectory_s: np.ndarray  # (R,)
    report_chunk_to_trajectory_s: np.ndarray  # (R,)
    image_time: np.ndarray  # (I,)
    image_offsets: np.ndarray  # (I + 1,) where each image begins in `image_jpeg`
    image_jpeg: np.ndarray  # (bytes,) uint8
    camera_k: np.ndarray  # (3, 3)
    camera_size: np.ndarray  # (2,) width, height [px]
    camera_base_from_optical: np.ndarray  # (4, 4)
    joint_names: np.ndarray  # (J,) text
    joint_time: np.ndarray  # (K,)
    joint_position: np.ndarray  # (K, J) [rad]
    loop_rate_hz: np.ndarray  # (L,)
    loop_jitter_p99_ms: np.ndarray  # (L,)

    def jpeg(self, index: int) -> np.ndarray:
        """The bytes of one image, (bytes,) uint8."""
        begin, end = self.image_offsets[index : index + 2]
        return self.image_jpeg[begin:end]


@dataclass(frozen=True, kw_only=True)
class CommandLog:
    """What the controller commanded at every tick, over the life of the stack."""

    names: np.ndarray  # (J,) text
    times: np.ndarray  # (T,)
    positions: np.ndarray  # (T, J) [rad]
    resets: np.ndarray  # (any,) the last time before the simulated arm was put elsewhere

    def stretches(self) -> list[slice]:
        """The parts between resets."""
        cuts = [0, *np.searchsorted(self.times, np.sort(self.resets), "right"), len(self.times)]
        pairs = pairwise(cuts)
        return [slice(int(begin), int(end)) for begin, end in pairs if end > begin]


def read_episodes(folder: Path) -> list[Episode]:
    """All episodes of a run, in order."""
    return [_read(path, Episode) for path in sorted(folder.glob("episode_*.npz"))]


def read_commands(folder: Path) -> CommandLog:
    """The command log of a run."""
    return _read(folder / "commands.npz", CommandLog)


def _read(path: Path, kind: type[T]) -> T:
    try:
        with np.load(path, allow_pickle=False) as file:
            return kind(**{item.name: file[item.name] for item in fields(kind)})  # type: ignore[arg-type]
    except KeyError as error:
        raise BadValue(str(path), "array", str(error), "to be there", EVALUATE_AGAIN) from error
    except (OSError, ValueError) as error:
        raise BadValue(str(path), "content", str(error), "arrays", EVALUATE_AGAIN) from error
