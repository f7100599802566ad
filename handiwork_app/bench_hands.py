"""`handiwork bench hands data=FOLDER`: a hand in space from two films, and how well they agree.

The folder is one that `handiwork.perception.hands.recordings` reads. Each picture is searched for a
hand by itself; where both show one, its 21 keypoints are triangulated. What is told is how far from
where they were seen the points in space would be seen.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from handiwork.errors import ObjectNotFound
from handiwork.perception.hands.detector import KEYPOINTS, HandDetector
from handiwork.perception.hands.recordings import film_pairs, read_cameras
from handiwork.perception.hands.triangulation import reprojection_errors, triangulate
from handiwork_app.hands_environment import detector_command
from handiwork_app.settings import BadSetting, Config
from policies.config_tree import from_tree


@dataclass(frozen=True, kw_only=True)
class HandsBench:
    """measure.every: of so many pairs of pictures one is looked at."""

    every: int = 5

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"measure.every must be 1 or more, got {self.every}")


def bench_hands(config: Config, console: Console) -> dict[str, Any]:
    """Detect, triangulate, project back.

    Raises:
        DetectorFailed: the detector is not installed.
        ObjectNotFound: no pair of pictures shows a hand in both.
    """
    if not config.data:
        raise BadSetting("data is empty, want the folder of the films. Say data=FOLDER.")
    given = {"every": 25} if config.quick else {}
    settings = from_tree(HandsBench, {**given, **config.measure}, "measure")
    folder = Path(config.data)
    cameras = read_cameras(folder)
    pairs, seen, began = 0, [], time.perf_counter()
    with HandDetector(detector_command(most=1)) as detector, console.status("looking for hands"):
        for pictures in film_pairs(folder, settings.every):
            hands = [detector.find(picture) for picture in pictures]
            pairs += 1
            if all(hands):
                seen.append(np.stack([found[0].keypoints for found in hands]))
    if not seen:
        raise ObjectNotFound(f"no hand is in both films at once in {pairs} pairs of pictures.")
    took = time.perf_counter() - began
    pixels = np.concatenate(seen, axis=1)  # (2, frames * 21, 2)
    points = triangulate(cameras, pixels)
    errors = reprojection_errors(cameras, pixels, points)
    return {
        "frames": pairs,
        "detected_rate": len(seen) / pairs,
        "keypoints": KEYPOINTS,
        "median_reprojection_px": float(np.median(errors)),
        "p90_reprojection_px": float(np.percentile(errors, 90)),
        "seconds_per_picture": took / (2 * pairs),
        "load_average": os.getloadavg()[0],
    }
