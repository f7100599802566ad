"""The bench of the camera node counts what one subscriber hears of it."""

import pytest
from rich.console import Console

from handiwork_app.bench_camera import bench_camera
from handiwork_app.words import load_config

pytest.importorskip("pyrealsense2", reason="the RealSense SDK is not installed")


def test_the_camera_node_is_heard_and_costs_less_than_a_core():
    words = ["measure.seconds=0.5", "measure.width=160", "measure.height=120"]
    found = bench_camera(load_config(["app=bench", *words]), Console(quiet=True))
    assert found["frames"] + found["lost"] == pytest.approx(15, abs=6)  # half a second at 30 Hz
    assert 0 < found["stamp_to_subscriber_p50_ms"] <= found["stamp_to_subscriber_p95_ms"]
    assert 0 < found["cores"] < 1


def test_a_measurement_without_time_is_refused():
    with pytest.raises(ValueError, match="must be positive"):
        bench_camera(load_config(["app=bench", "measure.seconds=0.0"]), Console(quiet=True))
