"""A small made-up episode and command log, as the evaluator and the simulator write them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from handiwork.robots.wxai import WXAI
from handiwork.tasks.push_t import GOAL_PX, TableSquare

# A camera 0.5 m above the middle of the square, looking straight down, its x along base x.
K = np.array([[600.0, 0.0, 319.5], [0.0, 600.0, 239.5], [0.0, 0.0, 1.0]])
BASE_FROM_OPTICAL = np.array(
    [[1.0, 0, 0, 0.27], [0, -1.0, 0, 0.0], [0, 0, -1.0, 0.5], [0, 0, 0, 1.0]]
)


def arrays(**changed: Any) -> dict[str, np.ndarray]:
    """Two seconds in which the T slides home, seen without error at 10 Hz."""
    time = 10.0 + 0.1 * np.arange(21)
    block = np.array(GOAL_PX) + np.linspace(100, 0, 21)[:, None] * np.array([1.0, 0.0, 0.0])
    jpeg = cv2.imencode(".jpg", np.full((480, 640, 3), 200, np.uint8))[1].ravel()
    rows = TableSquare().to_base(np.linspace([100, 100], [400, 400], 16))
    count = len(time)
    content = {
        "seed": np.array(7, np.int64),
        "start": np.array(10.0),
        "end": np.array(12.0),
        "outcome": np.array("TIMED_OUT"),
        "message": np.array(""),
        "truth_time": time,
        "truth_block_px": block,
        "truth_rod_px": np.full((count, 2), 200.0),
        "truth_coverage": np.linspace(0.0, 0.9, count),
        "estimate_time": time,
        "estimate_pose": TableSquare().pose_to_base(block),
        "estimate_rms": np.zeros(count),
        "chunk_sequence": np.arange(count),
        "chunk_start": time - 0.1,
        "chunk_period": np.full(count, 0.1),
        "chunk_observed": time,
        "chunk_rows": np.repeat(rows[None], count, axis=0).astype(np.float32),
        "report_time": time + 0.05,
        "report_sequence": np.arange(count),
        "report_accepted": np.ones(count, bool),
        "report_in_time": np.ones(count, bool),
        "report_rows_skipped": np.ones(count, np.int64),
        "report_reason": np.array([""] * count),
        "report_observation_to_trajectory_s": np.linspace(0.05, 0.07, count),
        "report_chunk_to_trajectory_s": np.full(count, 0.004),
        "image_time": time,
        "image_offsets": len(jpeg) * np.arange(count + 1),
        "image_jpeg": np.tile(jpeg, count),
        "camera_k": K,
        "camera_size": np.array([640, 480]),
        "camera_base_from_optical": BASE_FROM_OPTICAL,
        "joint_names": np.array(WXAI.names),
        "joint_time": time,
        "joint_position": np.tile(WXAI.home, (count, 1)),
        "loop_rate_hz": np.array([500.0, 499.0]),
        "loop_jitter_p99_ms": np.array([0.2, 0.4]),
    }
    return content | {name: np.asarray(value) for name, value in changed.items()}


def commands(positions: np.ndarray | None = None, resets: tuple[float, ...] = ()) -> dict[str, Any]:
    """A command log at 500 Hz, at rest at home unless told otherwise."""
    if positions is None:
        positions = np.tile(WXAI.home, (1000, 1))
    return {
        "names": np.array(WXAI.names),
        "times": 10.0 + 0.002 * np.arange(len(positions)),
        "positions": positions,
        "resets": np.array(resets),
    }


def write_run(folder: Path, episodes: list[dict[str, Any]], log: dict[str, Any]) -> Path:
    """The folder of a run."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, content in enumerate(episodes):
        np.savez(folder / f"episode_{index:03d}.npz", **content)
    np.savez(folder / "commands.npz", **log)
    return folder
