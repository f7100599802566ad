"""`handiwork bench perception`: from depth to a cloud, beside Open3D, and from a picture to a pose.

Both clouds come from the same simulated picture of the Push-T table, 640x480, with the camera's
noise: cropped to the same box, reduced to cells of the same size, and to as many points by
farthest-point sampling. They take turns. The pipeline is all that a picture goes through: cloud,
robot left out, table, things, the T's pose tracked while it is moved, and the planner's scene.
Figures that begin with cpu count only the time that the processor worked.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork.perception.camera import Camera
from handiwork.perception.cloud import CloudConfig, CloudMaker
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.collision_scene import collision_scene
from handiwork.perception.known_objects import LIBRARY, T_BLOCK
from handiwork.perception.object_tracker import ObjectTracker
from handiwork.perception.robot_points import RobotPoints
from handiwork.perception.sighting import look
from handiwork.planning.scene import placed
from handiwork.sim.object_scene import ObjectScene, ObjectSceneConfig
from handiwork.sim.push_t_scene import CameraPlace
from handiwork.sim.rgbd import Rgbd, RgbdConfig
from handiwork_app.open3d_chain import open3d_chain
from handiwork_app.settings import Config
from policies.config_tree import from_tree

BOX = CloudBox(low=(0.08, -0.30, -0.02), high=(0.50, 0.30, 0.35))  # the table and what is on it
STEP, TURN = 0.002, 0.01  # [m], [rad] that the T moves between two pictures
PICTURES = 10


@dataclass(frozen=True, kw_only=True)
class PerceptionBench:
    """measure.*: how often each is measured. open3d: beside its chain, where it is installed."""

    clouds: int = 200
    chains: int = 20
    pictures: int = 150
    open3d: bool = True

    def __post_init__(self) -> None:
        if min(self.clouds, self.chains, self.pictures) < 1:
            raise ValueError("measure.clouds, chains and pictures must be 1 or more")


@dataclass(frozen=True, kw_only=True, eq=False)
class Times:
    """[s] by the clock and of the processor, each (N,)."""

    wall: np.ndarray
    busy: np.ndarray


def bench_perception(config: Config, console: Console) -> dict[str, Any]:
    """Both clouds in turn, then the pipeline."""
    given = {"clouds": 40, "chains": 5, "pictures": 30} if config.quick else {}
    settings = from_tree(PerceptionBench, {**given, **config.measure}, "measure")
    scene = ObjectScene(ObjectSceneConfig(objects=(T_BLOCK,), camera=CameraPlace()))
    pictures = _pictures(scene, config.seed)
    with Progress(console=console, transient=True, refresh_per_second=1) as bar:
        task = bar.add_task("pictures", total=settings.clouds + settings.chains + settings.pictures)
        tick = lambda: bar.advance(task)  # noqa: E731
        clouds, chains, points = _clouds(pictures[0][1], scene.camera(), settings, tick)
        frames, found = _pipeline(pictures, scene, settings.pictures, tick)
    figures = {
        "cloud_p50_ms": _milliseconds(clouds.wall, 50),
        "cloud_p95_ms": _milliseconds(clouds.wall, 95),
        "cpu_cloud_p50_ms": _milliseconds(clouds.busy, 50),
        "cloud_points": points,
        "pipeline_hz": float(1 / np.median(frames.wall)),
        "pipeline_p50_ms": _milliseconds(frames.wall, 50),
        "pipeline_p95_ms": _milliseconds(frames.wall, 95),
        "cpu_pipeline_p50_ms": _milliseconds(frames.busy, 50),
        "poses_found_rate": found,
        "quick": config.quick,
        "load_average": os.getloadavg()[0],  # other work on the machine makes all of it slower
    }
    if chains is not None:
        figures |= {
            "open3d_chain_p50_ms": _milliseconds(chains.wall, 50),
            "open3d_chain_p95_ms": _milliseconds(chains.wall, 95),
            "cpu_open3d_chain_p50_ms": _milliseconds(chains.busy, 50),
            "ratio": float(np.median(chains.wall) / np.median(clouds.wall)),
            "cpu_ratio": float(np.median(chains.busy) / np.median(clouds.busy)),
        }
    return figures


def _pictures(scene: ObjectScene, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """The T going a little way and back."""
    eyes = Rgbd(scene, RgbdConfig(seed=seed))
    pictures = []
    for step in (*range(PICTURES), *range(PICTURES - 2, 0, -1)):
        place = placed(0.30 + STEP * step, 0.02, 0.0, 0.5 + TURN * step)
        scene.show({T_BLOCK.name: place})
        pictures.append(eyes.render())
    eyes.close()
    return pictures


def _clouds(
    depth: np.ndarray, camera: Camera, settings: PerceptionBench, tick: Callable[[], object]
) -> tuple[Times, Times | None, int]:
    maker = CloudMaker(CloudConfig(box=BOX))
    points = maker.points(depth, camera)  # compiled on first use
    chain = open3d_chain(camera, BOX, maker.config.count) if settings.open3d else None
    ours, theirs = [], []
    every = max(settings.clouds // settings.chains, 1)
    for number in range(settings.clouds):
        ours.append(_timed(lambda: maker.points(depth, camera)))
        tick()
        if chain is not None and number % every == 0 and len(theirs) < settings.chains:
            theirs.append(_timed(lambda: chain(depth)))
            tick()
    return _times(ours), _times(theirs) if theirs else None, len(points)


def _pipeline(
    pictures: list[tuple[np.ndarray, np.ndarray]],
    scene: ObjectScene,
    count: int,
    tick: Callable[[], object],
) -> tuple[Times, float]:
    maker = CloudMaker(CloudConfig(box=BOX))
    robot, home = RobotPoints(scene.config.robot), scene.config.robot.home
    tracker, camera = ObjectTracker(LIBRARY, [T_BLOCK.name]), scene.camera()
    found = 0

    def whole(rgb: np.ndarray, depth: np.ndarray, now: float) -> bool:
        sighting = look(maker, depth, camera, rgb, robot, home)
        maker.sampled(sighting.others)
        seen = tracker.see(sighting, now)
        collision_scene(sighting, seen, LIBRARY)
        return bool(seen.found)

    whole(*pictures[0], 0.0)  # the search, which tracking needs but once
    times = []
    for number in range(1, count + 1):
        picture = pictures[number % len(pictures)]
        answers: list[bool] = []
        times.append(_timed(lambda: answers.append(whole(*picture, number / 30))))  # noqa: B023
        found += answers[0]
        tick()
    return _times(times), found / count


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    begun, working = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - working


def _times(rows: list[tuple[float, float]]) -> Times:
    wall, busy = np.array(rows).T
    return Times(wall=wall, busy=busy)


def _milliseconds(seconds: np.ndarray, percent: float) -> float:
    return float(1e3 * np.percentile(seconds, percent))
