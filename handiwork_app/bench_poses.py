"""`handiwork bench poses`: how far off the poses of known objects are, in simulated pictures.

A T, a cube and a mug stand in seeded places, turned anyhow, before the manipulation tasks' camera,
with the camera's noise and an arm in a seeded posture in the picture. Every picture is new to the
tracker, so each pose is searched for. Errors are to the nearest pose that looks the same. A pose
that is not said is refused; with `folder=` the pictures can be looked at.
"""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress

from handiwork.perception.cloud import CloudConfig, CloudMaker
from handiwork.perception.cloud_box import CloudBox
from handiwork.perception.known_object import KnownObject, pose_difference
from handiwork.perception.known_objects import LIBRARY
from handiwork.perception.object_pose import ObjectPose
from handiwork.perception.object_tracker import ObjectTracker, Seen
from handiwork.perception.robot_points import RobotPoints
from handiwork.perception.sighting import look
from handiwork.planning.scene import placed
from handiwork.sim.object_scene import ObjectScene, ObjectSceneConfig
from handiwork.sim.rgbd import Rgbd, RgbdConfig
from handiwork_app.report.sightings import SightingsReport
from handiwork_app.settings import Config
from policies.config_tree import from_tree

BOX = CloudBox(low=(0.20, -0.35, -0.03), high=(0.80, 0.35, 0.30))
LOW, HIGH = (0.34, -0.22), (0.66, 0.22)  # [m] where objects stand
APART = 0.15  # [m] between their middles, at least
SWAY = 0.15  # [rad] of the arm's joints about home
WITHIN = 7.815  # squared Mahalanobis distance that holds 95 % in three dimensions


@dataclass(frozen=True, kw_only=True)
class PosesBench:
    """measure.*: how many pictures, of three objects each, and which objects."""

    scenes: int = 60
    objects: tuple[str, ...] = tuple(LIBRARY)
    pictures: int = 12  # that are kept to be looked at

    def __post_init__(self) -> None:
        unknown = sorted(set(self.objects) - set(LIBRARY))
        if unknown or not self.objects:
            raise ValueError(f"measure.objects are among {', '.join(LIBRARY)}, got {unknown}")
        if self.scenes < 1 or self.pictures < 0:
            raise ValueError("measure.scenes must be 1 or more, measure.pictures 0 or more")


def bench_poses(config: Config, console: Console) -> dict[str, Any]:
    """A row of errors for each object."""
    given = {"scenes": 14} if config.quick else {}
    settings = from_tree(PosesBench, {**given, **config.measure}, "measure")
    things = [LIBRARY[name] for name in settings.objects]
    scene = ObjectScene(ObjectSceneConfig(objects=tuple(things)))
    eyes = Rgbd(scene, RgbdConfig(seed=config.seed))
    maker, robot = CloudMaker(CloudConfig(box=BOX)), RobotPoints(scene.config.robot)
    draws = np.random.default_rng(config.seed)
    report = SightingsReport(Path(config.folder), LIBRARY)
    tally = {thing.name: Tally(thing) for thing in things}
    with Progress(console=console, transient=True, refresh_per_second=1) as bar:
        task = bar.add_task("pictures", total=settings.scenes)
        for number in range(settings.scenes):
            truth = _places(things, draws)
            home = scene.config.robot.home
            posture = home + draws.uniform(-SWAY, SWAY, len(home))
            scene.show(truth, posture)
            rgb, depth = eyes.render()
            sighting = look(maker, depth, scene.camera(), rgb, robot, posture)
            seen = ObjectTracker(LIBRARY, settings.objects).see(sighting, 0.0)
            for name, pose in truth.items():
                tally[name].add(pose, seen)
            if number < settings.pictures:
                report.add(number, sighting, maker.sampled(sighting.others), seen, truth)
            bar.advance(task)
    eyes.close()
    return {
        "objects": {name: item.figures() for name, item in tally.items()},
        "rows": [{"object": name, **item.figures()} for name, item in tally.items()],
        "quick": config.quick,
        "load_average": os.getloadavg()[0],
        "files": report.close(),
    }


class Tally:
    """Errors of one object, picture by picture."""

    def __init__(self, thing: KnownObject) -> None:
        self._thing = thing
        self._errors: list[tuple[float, float]] = []
        self._inside: list[bool] = []
        self._reasons: Counter[str] = Counter()

    def add(self, truth: np.ndarray, seen: Seen) -> None:
        """One picture's answer to a true pose (4, 4)."""
        name = self._thing.name
        if name in seen.missing:
            self._reasons[seen.missing[name]] += 1
            return
        pose = seen.found[name]
        self._errors.append(pose_difference(pose.base_from_object, truth, self._thing.symmetries))
        self._inside.append(_inside(pose, truth, self._thing))

    def figures(self) -> dict[str, Any]:
        """What all pictures together say; None where every one was refused."""
        errors = np.array(self._errors).reshape(-1, 2) * (1e3, np.degrees(1))
        refused = sum(self._reasons.values())
        shown = {f"median_{unit}": None for unit in ("mm", "deg")}
        if len(errors):
            shown = {
                f"{called}_{unit}": float(np.percentile(errors[:, column], percent))
                for column, unit in enumerate(("mm", "deg"))
                for called, percent in (("median", 50), ("p95", 95), ("worst", 100))
            }
        return {
            "pictures": len(errors) + refused,
            **shown,
            "refused_rate": refused / (len(errors) + refused),
            "inside_own_95_rate": float(np.mean(self._inside)) if self._inside else None,
            "reasons": [reason for reason, _ in self._reasons.most_common(3)],
        }


def _inside(pose: ObjectPose, truth: np.ndarray, thing: KnownObject) -> bool:
    """Whether the true place is inside the ellipsoid that the pose claims to hold 95 %."""
    alike = truth @ thing.symmetries
    off = alike[:, :3, 3] - pose.base_from_object[:3, 3]
    off = off[np.linalg.norm(off, axis=1).argmin()]
    return float(off @ np.linalg.solve(pose.covariance[:3, :3], off)) < WITHIN


def _places(things: list[KnownObject], draws: np.random.Generator) -> dict[str, np.ndarray]:
    """Poses on the table by name, apart from each other."""
    while True:
        spots = draws.uniform(LOW, HIGH, (len(things), 2))
        gaps = np.linalg.norm(spots[:, None] - spots, axis=-1) + np.eye(len(things))
        if gaps.min() > APART:
            break
    turns = draws.uniform(-np.pi, np.pi, len(things))
    return {
        thing.name: placed(x, y, 0.0, turn) @ thing.rests[draws.integers(len(thing.rests))]
        for thing, (x, y), turn in zip(things, spots.tolist(), turns.tolist(), strict=True)
    }
