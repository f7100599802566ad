"""`handiwork demo` from end to end: real nodes, one short episode, the report."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

pytest.importorskip("rclpy", reason="no ROS here: run through `make test`")

ROOT = Path(__file__).parents[2]
NAMES_THAT_STAY = {
    *("episodes", "score_mean", "score_per_episode", "chunks_in_time_rate"),
    *("camera_to_trajectory_p95_ms", "chunk_to_trajectory_p95_ms"),
    *("controller_rate_hz", "controller_jitter_p99_ms", "limit_violations", "chunks_refused"),
    *("pose_error_median_mm", "pose_error_median_deg", "peak_memory_mb", "files"),
}


@pytest.mark.timeout(400)
def test_a_short_demo_leaves_its_report_and_nothing_running(
    tmp_path: Path, left_running: Callable[[], list[psutil.Process]]
) -> None:
    answer = tmp_path / "answer.json"
    words = ["episodes=1", "seed=100003", "task.timeout=6", "--json", str(answer)]
    environment = {key: value for key, value in os.environ.items() if key != "ROS_DOMAIN_ID"}
    environment["PYTHONPATH"] = f"{ROOT}:{environment.get('PYTHONPATH', '')}"
    done = subprocess.run(
        [sys.executable, "-m", "handiwork_app.cli", "demo", *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=360,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not left_running()
    result = json.loads(answer.read_text())
    assert set(result) >= NAMES_THAT_STAY
    assert result == json.loads((tmp_path / "runs/demo/summary.json").read_text())
    assert (result["episodes"], result["seed"]) == (1, 100003)
    assert result["chunks"] > 0 and result["pose_error_median_mm"] < 5
    for name, paths in result["files"].items():
        for path in paths if isinstance(paths, list) else [paths]:
            assert Path(path).stat().st_size > 500, name
    with av.open(result["files"]["videos"][0]) as video:
        pictures = [picture.to_ndarray(format="rgb24") for picture in video.decode(video=0)]
    assert len(pictures) > 20
    assert np.std(pictures[0][:, :720]) > 20  # the camera saw something
    assert "mean score" in done.stdout and "run.rrd" in done.stdout
