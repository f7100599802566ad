"""What the benches of cameras count: messages by their stamps, and who takes which way."""

import numpy as np
import pytest
from rich.console import Console

from handiwork_app.bench_transport import (
    PROFILE,
    TransportBench,
    bench_transport,
    environment_of,
    row_of,
)
from handiwork_app.domain import hold_domain
from handiwork_app.words import load_config
from handiwork_ros.camera_listener import Heard


def test_gaps_between_stamps_are_lost_messages_and_jitter_is_not():
    steps = np.array([0, 1, 2, 5, 6, 8]) / 30
    steps += np.array([0, 0.004, -0.004, 0.004, 0, 0])
    figures = Heard(stamps=steps.tolist(), late=[0.0015] * 6).figures(30.0)
    assert (figures["received"], figures["lost"]) == (6, 3)
    assert figures["late_ms"] == [1.5] * 6


def test_the_default_way_has_no_profile_and_ours_has_that_of_the_launch():
    assert PROFILE not in environment_of("default", 9)
    shared = environment_of("shared_memory", 9)
    assert shared[PROFILE].endswith("fastdds_shm.xml")
    assert shared["ROS_DOMAIN_ID"] == "9"


def test_images_arrive_through_shared_memory():
    settings = TransportBench(subscribers=1, seconds=0.5)
    with hold_domain(None) as domain:
        row = row_of("images", 1, "shared_memory", domain, settings)
    assert (row["cameras"], row["subscribers"], row["profile"]) == (1, 1, "shared_memory")
    assert row["received"] >= 15  # of 30
    assert 0 < row["latency_p50_ms"] < row["latency_p99_ms"] < 500


def test_a_measurement_without_time_is_refused():
    words = ["app=bench", "measure.seconds=0.0"]
    with pytest.raises(ValueError, match="must be positive"):
        bench_transport(load_config(words), Console(quiet=True))
