"""Whether the intrinsics are of the images that the corners come from.

Shapes: N views.
"""

from dataclasses import replace

import numpy as np

from calibration.camera_model import Intrinsics
from calibration.sightings import Sightings
from handiwork.errors import BadValue

SUSPECT = 1.5  # [px] of a board's own misfit from which other resolutions are tried
FARTHEST = 5.0  # [px] from which corners are of no such board
_FACTORS = (1 / 3, 0.5, 2 / 3, 0.75, 4 / 3, 1.5, 2.0, 3.0)
_BETTER = 3.0


def check_resolution(source: str, seen: Sightings) -> None:
    """Raises BadValue where the corners suit a board only with other intrinsics, or not at all."""
    if seen.camera is None or not seen.detections:
        return
    own = misfit(seen, seen.camera)
    if own < SUSPECT:
        return
    for factor in _FACTORS:
        k = seen.camera.k * np.array([[factor], [factor], [1.0]])
        other = misfit(seen, replace(seen.camera, k=k))
        if other * _BETTER < own:
            got = f"off the corners by {own:.1f} px, times {factor:.3g} by {other:.1f} px"
            fix = "They are of another resolution: take those of the images."
            raise BadValue(source, "camera.k", got, "the intrinsics of these images", fix)
    if own > FARTHEST:
        want = f"corners within {FARTHEST:g} px of a flat board"
        fix = "Check the board's squares, the ids, and the camera's intrinsics and resolution."
        raise BadValue(source, "corners", f"off by {own:.1f} px", want, fix)


def misfit(seen: Sightings, camera: Intrinsics) -> float:
    """Root mean square distance of corners from the best pose of each board, the median [px]."""
    if seen.board is None:
        raise ValueError("corners need the board")
    found = []
    for one in seen.detections:
        pose = seen.board.pose(one, camera.k, camera.d)
        points = seen.board.points(one.ids) @ pose[:3, :3].T + pose[:3, 3]
        squares = ((camera.project(points) - one.corners) ** 2).sum(axis=1)
        found.append(float(np.sqrt(squares.mean())))
    return float(np.median(found))
