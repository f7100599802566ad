"""`handiwork bench transport`: images through DDS as it comes, and through shared memory.

Cameras and subscribers are processes of their own on this machine. A camera sends colour and
aligned depth at 640x480 and 30 Hz, or in `cloud_rows` one cloud of all its pixels; every subscriber
hears all cameras. Latency is from the stamp to the subscriber's callback. `lost` counts over all of
a row's subscribers and topics.
"""

import os
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork_app.camera_processes import module, program, told
from handiwork_app.domain import hold_domain
from handiwork_app.environment import ros_environment
from handiwork_app.run import FailedRun
from handiwork_app.settings import Config
from policies.config_tree import from_tree

PROFILES = ("default", "shared_memory")
PROFILE = "FASTDDS_DEFAULT_PROFILES_FILE"
STREAMS = ("color/image_raw", "aligned_depth_to_color/image_raw")


@dataclass(frozen=True, kw_only=True)
class TransportBench:
    """measure.*: how many cameras and subscribers, and how long each row is measured."""

    cameras: tuple[int, ...] = (1, 3)
    subscribers: int = 2
    seconds: float = 8.0
    rate: float = 30.0  # of images [Hz]
    cloud_rate: float = 5.0  # of clouds [Hz], 4.9 MB each

    def __post_init__(self) -> None:
        counts = (*self.cameras, self.subscribers)
        if not self.cameras or min(counts) < 1 or max(counts) > 8:
            raise ValueError("measure.cameras and measure.subscribers must be 1 to 8")
        if min(self.seconds, self.rate, self.cloud_rate) <= 0:
            raise ValueError("measure.seconds, rate and cloud_rate must be positive")


def bench_transport(config: Config, console: Console) -> dict[str, Any]:
    """A row for every number of cameras and either profile.

    Raises:
        FailedRun: a subscriber heard nothing.
    """
    given = {"seconds": 2.0} if config.quick else {}
    settings = from_tree(TransportBench, {**given, **config.measure}, "measure")
    cases = [(cameras, profile) for cameras in settings.cameras for profile in PROFILES]
    clouds = [] if config.quick else [(settings.cameras[0], profile) for profile in PROFILES]
    with (
        hold_domain(os.environ.get("ROS_DOMAIN_ID")) as domain,
        Progress(console=console, transient=True, refresh_per_second=1) as bar,
    ):
        task = bar.add_task("rows", total=len(cases) + len(clouds))
        rows, cloud_rows = [], []
        for content, wanted, found in (("images", cases, rows), ("clouds", clouds, cloud_rows)):
            for cameras, profile in wanted:
                bar.update(task, description=f"{cameras} cameras, {content}, {profile}")
                found.append(row_of(content, cameras, profile, domain, settings))
                bar.advance(task)
    return {
        "rows": rows,
        "cloud_rows": cloud_rows,
        "quick": config.quick,
        "seconds": settings.seconds,
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
    }


def row_of(
    content: str, cameras: int, profile: str, domain: int, settings: TransportBench
) -> dict[str, Any]:
    """So many cameras that send "images" or "clouds", heard by all subscribers.

    Raises:
        FailedRun: a subscriber heard nothing.
    """
    environment = environment_of(profile, domain)
    names = [f"camera_{index + 1}" for index in range(cameras)]
    streams = ("points",) if content == "clouds" else STREAMS
    rate = settings.cloud_rate if content == "clouds" else settings.rate
    topics = [f"/{name}/{stream}" for name in names for stream in streams]
    listen = module("handiwork_ros.camera_listener", settings.seconds, rate, *topics)
    with ExitStack() as stack:
        listeners = [
            stack.enter_context(program(listen, environment)) for _ in range(settings.subscribers)
        ]
        for name in names:
            talk = module("handiwork_ros.camera_talker", name, content, rate)
            stack.enter_context(program(talk, environment))
        for listener in listeners:
            told(listener)  # that it began
        heard = [each for listener in listeners for each in told(listener).values()]
    late = np.concatenate([each["late_ms"] for each in heard])
    return {
        "cameras": cameras,
        "subscribers": settings.subscribers,
        "profile": profile,
        "latency_p50_ms": _percentile(late, 50),
        "latency_p99_ms": _percentile(late, 99),
        "received": sum(each["received"] for each in heard),
        "lost": sum(each["lost"] for each in heard),
    }


def environment_of(profile: str, domain: int) -> dict[str, str]:
    """What a process of the stack has, with our profile or with none."""
    own = {name: value for name, value in os.environ.items() if name != PROFILE}
    environment = {**ros_environment(own), "ROS_DOMAIN_ID": str(domain)}
    if profile == "default":
        environment.pop(PROFILE, None)
    elif PROFILE not in environment:
        raise FailedRun("the profile of shared memory is not installed. Run `make setup`.")
    return environment


def _percentile(late: np.ndarray, percent: float) -> float | None:
    return float(np.percentile(late, percent)) if len(late) else None
