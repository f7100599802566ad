"""`handiwork bench camera`: the camera node beside one subscriber, each a process of its own.

The camera is the SDK's software device with a test pattern, whose making counts in `cores`, or a
recording given by data=PATH, played once. Latency is from a frame's stamp to the callback of who
subscribes to colour and aligned depth.
"""

import os
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from rich.console import Console

from handiwork_app.camera_processes import module, program, told
from handiwork_app.domain import hold_domain
from handiwork_app.environment import ros_environment
from handiwork_app.run import find_executable
from handiwork_app.settings import Config
from policies.config_tree import from_tree

TOPICS = ("/camera/color/image_raw", "/camera/aligned_depth_to_color/image_raw")


@dataclass(frozen=True, kw_only=True)
class CameraBench:
    """measure.*: how long, and in which mode."""

    seconds: float = 300.0
    width: int = 640
    height: int = 480
    rate: int = 30

    def __post_init__(self) -> None:
        if min(self.seconds, self.width, self.height, self.rate) <= 0:
            raise ValueError("measure.seconds, width, height and rate must be positive")


def bench_camera(config: Config, console: Console) -> dict[str, Any]:
    """Frames, losses, latency and load.

    Raises:
        FailedRun: no image came.
    """
    given = {"seconds": 8.0} if config.quick else {}
    settings = from_tree(CameraBench, {**given, **config.measure}, "measure")
    console.print(f"listening to the camera for {settings.seconds:g} s", style="dim")
    environment = ros_environment(os.environ)
    with hold_domain(os.environ.get("ROS_DOMAIN_ID")) as domain, ExitStack() as stack:
        environment["ROS_DOMAIN_ID"] = str(domain)
        listen = module("handiwork_ros.camera_listener", settings.seconds, settings.rate, *TOPICS)
        listener = stack.enter_context(program(listen, environment))
        node = stack.enter_context(program(_camera(config, settings, environment), environment))
        busy = psutil.Process(node.pid)
        told(listener)  # that it began
        began, worked = time.monotonic(), _worked(busy)
        found = told(listener)
        cores = (_worked(busy) - worked) / (time.monotonic() - began)
    late = np.concatenate([found[topic]["late_ms"] for topic in TOPICS])
    return {
        "source": config.data or "test pattern",
        "seconds": settings.seconds,
        "frames": min(found[topic]["received"] for topic in TOPICS),
        "lost": max(found[topic]["lost"] for topic in TOPICS),
        "stamp_to_subscriber_p50_ms": float(np.percentile(late, 50)),
        "stamp_to_subscriber_p95_ms": float(np.percentile(late, 95)),
        "stamp_to_subscriber_p99_ms": float(np.percentile(late, 99)),
        "cores": cores,
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
    }


def _camera(config: Config, settings: CameraBench, environment: Mapping[str, str]) -> list[str]:
    mode = f"{settings.width}x{settings.height}x{settings.rate}"
    parameters = {"rgb_camera.color_profile": mode, "depth_module.depth_profile": mode}
    parameters |= {"rosbag_filename": config.data} if config.data else {"test_pattern": "true"}
    rules = [word for name, value in parameters.items() for word in ("-p", f"{name}:={value}")]
    node = find_executable("handiwork_ros", "camera", environment)
    return [str(node), "--ros-args", *rules]


def _worked(process: psutil.Process) -> float:
    """Processor time so far [s]."""
    times = process.cpu_times()
    return times.user + times.system
