"""What happened in one episode, gathered as it comes and written as one file of plain arrays.

The keys and shapes are those of `arrays`; every key is always there, empty where nothing came.
Nothing is judged here: scores and errors are computed from the file by whoever reads it.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(kw_only=True)
class EpisodeLog:
    """Rows in the order they came. Times are seconds of the stack's clock."""

    seed: int
    start: float = 0.0
    end: float = 0.0
    outcome: str = ""
    message: str = ""
    truth: list[tuple[float, np.ndarray, np.ndarray, float]] = field(default_factory=list)
    estimates: list[tuple[float, np.ndarray, float]] = field(default_factory=list)
    chunks: list[tuple[int, float, float, float, np.ndarray]] = field(default_factory=list)
    reports: list[tuple[float, int, bool, bool, int, str, float, float]] = field(
        default_factory=list
    )
    images: list[tuple[float, np.ndarray]] = field(default_factory=list)  # time, JPEG bytes
    joints: list[tuple[float, np.ndarray]] = field(default_factory=list)
    loop: list[tuple[float, float]] = field(default_factory=list)
    joint_names: tuple[str, ...] = ()
    camera_k: np.ndarray = field(default_factory=lambda: np.zeros((3, 3)))
    camera_size: tuple[int, int] = (0, 0)
    camera_base_from_optical: np.ndarray = field(default_factory=lambda: np.eye(4))

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything as arrays that hold no objects."""
        truth = _columns(self.truth, 4)
        estimates = _columns(self.estimates, 3)
        chunks = _columns(self.chunks, 5)
        reports = _columns(self.reports, 8)
        images = _columns(self.images, 2)
        joints = _columns(self.joints, 2)
        loop = _columns(self.loop, 2)
        sizes = [len(image) for image in images[1]]
        return {
            "seed": np.array(self.seed, np.int64),
            "start": np.array(self.start),
            "end": np.array(self.end),
            "outcome": np.array(self.outcome, np.str_),
            "message": np.array(self.message, np.str_),
            "truth_time": np.array(truth[0], float),
            "truth_block_px": np.array(truth[1], float).reshape(-1, 3),
            "truth_rod_px": np.array(truth[2], float).reshape(-1, 2),
            "truth_coverage": np.array(truth[3], float),
            "estimate_time": np.array(estimates[0], float),
            "estimate_pose": np.array(estimates[1], float).reshape(-1, 3),
            "estimate_rms": np.array(estimates[2], float),
            "chunk_sequence": np.array(chunks[0], np.int64),
            "chunk_start": np.array(chunks[1], float),
            "chunk_period": np.array(chunks[2], float),
            "chunk_observed": np.array(chunks[3], float),
            "chunk_rows": np.array(chunks[4], np.float32) if self.chunks else np.zeros((0, 0, 2)),
            "report_time": np.array(reports[0], float),
            "report_sequence": np.array(reports[1], np.int64),
            "report_accepted": np.array(reports[2], bool),
            "report_in_time": np.array(reports[3], bool),
            "report_rows_skipped": np.array(reports[4], np.int64),
            "report_reason": np.array(reports[5], np.str_),
            "report_observation_to_trajectory_s": np.array(reports[6], float),
            "report_chunk_to_trajectory_s": np.array(reports[7], float),
            "image_time": np.array(images[0], float),
            "image_offsets": np.cumsum([0, *sizes], dtype=np.int64),
            "image_jpeg": np.concatenate([np.zeros(0, np.uint8), *images[1]]),
            "camera_k": self.camera_k,
            "camera_size": np.array(self.camera_size, np.int64),
            "camera_base_from_optical": self.camera_base_from_optical,
            "joint_names": np.array(self.joint_names, np.str_),
            "joint_time": np.array(joints[0], float),
            "joint_position": np.array(joints[1], float).reshape(len(self.joints), -1)
            if self.joints
            else np.zeros((0, len(self.joint_names))),
            "loop_rate_hz": np.array(loop[0], float),
            "loop_jitter_p99_ms": np.array(loop[1], float),
        }


def save(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write the arrays as npz; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    with partial.open("wb") as file:
        np.savez(file, **arrays)  # pyright: ignore[reportArgumentType]
    partial.replace(path)


def _columns(rows: list, count: int) -> list[list]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * count
