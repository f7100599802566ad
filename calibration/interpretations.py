"""Which mistake in the views explains them better than taking them as they are.

Inverted transforms, a mirrored board and wrong units each leave views that fit no rigid mounting,
and fit one once the mistake is undone.
Shapes: N views.
"""

from dataclasses import replace

import numpy as np

from calibration.closed_forms import closed_form
from calibration.consensus import Consensus, consensus
from calibration.sightings import Sightings
from calibration.views import Kind
from handiwork.errors import BadValue
from handiwork.geometry import inverse, pose

BETTER = 3.0  # times nearer that another reading must fit to be named
FARTHEST = 0.040  # [m] of typical error at which views show no rigid mounting
FEWEST_INLIERS = 0.6  # of all views
NAMED = 0.006  # [m] of typical error below which another reading is named
BEHIND = 0.1  # share of boards in front of the camera at which all were given backwards
CARRIED = 0.25  # [m] of a camera or board from the gripper that may be doubted
WRONG_SCALE = 0.05  # by which distances may differ from the robot's before they are refused
SURE = 6.0  # standard deviations
_NOISIEST = 0.005  # [m] that a board's place is taken to err at most
_FINE = 0.010  # [m] of typical error below which no other reading is looked for


def agreed(source: str, kind: Kind, seen: Sightings) -> Consensus:
    """The consensus of views taken as they are.

    Raises:
        BadValue: they fit no rigid mounting, or another reading of them fits far better, or as
            well where the one given cannot be.
    """
    found = consensus(seen)
    error = _typical(seen, found)
    if error > _FINE or not _possible(kind, seen, found):
        _check_readings(source, kind, seen, found)
    if found is None or error > FARTHEST:
        share = 0 if found is None else int(found.inliers.sum())
        got = f"{share} of {len(seen)} that agree, to {_millimetres(error)}"
        want = f"views that agree with one rigid mounting to {_millimetres(FARTHEST)}"
        fix = (
            "Check that angles were radians and not degrees, lengths metres, that poses and "
            "pictures belong together, and that neither camera nor board slipped."
        )
        raise BadValue(source, "views", got, want, fix)
    if not _in_front(seen):
        fix = "Give camera_from_board, not board_from_camera; the optical frame looks along z."
        raise BadValue(source, "camera_from_board", "behind the camera", "in front of it", fix)
    _check_scale(source, seen.taken(found.inliers), found)
    return found


def _check_readings(source: str, kind: Kind, seen: Sightings, found: Consensus | None) -> None:
    """Raises where another reading fits far better, or as well and can be unlike the given one."""
    error, possible = _typical(seen, found), _possible(kind, seen, found)
    tried = []
    for what, remedy, read_kind, read in (*_inversions(kind, seen), *_scaled(kind, seen)):
        other = consensus(read)
        near = _typical(read, other)
        if other is not None and near < NAMED and _possible(read_kind, read, other):
            tried.append((near, what, remedy))
    if not tried:
        return
    other, what, remedy = min(tried)
    if other * BETTER < min(error, 10.0) or not possible:
        got = f"off by {_millimetres(error)} as given, by {_millimetres(other)} {what}"
        if not possible and error < FARTHEST:
            got += "; as given the board is behind the camera, or what the hand carries far from it"
        raise BadValue(source, "views", got, "views that fit as they are given", remedy)


def _possible(kind: Kind, seen: Sightings, found: Consensus | None) -> bool:
    """Whether the board is in front of the camera, and what the hand carries is in the hand.

    Views with both of their transforms inverted fit as well, with camera and board swapped.
    """
    if found is None:
        return True
    camera, board = found.mounting.parent_from_camera, found.mounting.anchor_from_board
    carried, other = (camera, board) if kind == "eye_in_hand" else (board, camera)
    length, reach = (float(np.linalg.norm(one[:3, 3])) for one in (carried, other))
    return _in_front(seen) and not (length > CARRIED and length > 2 * reach)


def _in_front(seen: Sightings) -> bool:
    return float((seen.camera_from_board[:, 2, 3] > 0).mean()) > BEHIND


# What is done to the views, what to do about it, and kind and views then.
Reading = tuple[str, str, Kind, Sightings]


def _inversions(kind: Kind, seen: Sightings) -> list[Reading]:
    """The views with transforms inverted."""
    hands, boards = seen.parent_from_anchor, seen.camera_from_board
    other: Kind = "eye_to_hand" if kind == "eye_in_hand" else "eye_in_hand"
    turned = replace(seen, parent_from_anchor=inverse(hands), detections=())
    return [
        (
            "with base_from_gripper inverted",
            "Give base_from_gripper, not gripper_from_base.",
            kind,
            turned,
        ),
        (f"as {other}", f"It seems that the kind is {other}.", other, turned),
        (
            "with camera_from_board inverted",
            "Give camera_from_board, not board_from_camera.",
            kind,
            replace(seen, camera_from_board=inverse(boards), detections=()),
        ),
        (
            "with both base_from_gripper and camera_from_board inverted",
            "Give base_from_gripper and camera_from_board, not their inverses.",
            kind,
            replace(
                seen,
                parent_from_anchor=inverse(hands),
                camera_from_board=inverse(boards),
                detections=(),
            ),
        ),
    ]


def _scaled(kind: Kind, seen: Sightings) -> list[Reading]:
    """The views with the camera's distances as the robot's motions say; backwards: mirrored."""
    camera = closed_form(seen, "park")  # its rotation hangs on no length
    if camera is None:
        return []
    scale, _ = distance_scale(seen, camera)
    boards = seen.camera_from_board
    if scale < 0:
        boards = _MIRROR @ boards @ _MIRROR
        what, remedy = "mirrored", "The image, the board or an axis of it is mirrored."
    else:
        what = f"with camera_from_board's lengths times {scale:.4g}"
        remedy = "Give metres, and check the board's square size and the images' resolution."
    read = pose(boards[:, :3, :3], boards[:, :3, 3] * abs(scale))
    return [(what, remedy, kind, replace(seen, camera_from_board=read, detections=()))]


_MIRROR = np.diag([-1.0, 1.0, 1.0, 1.0])


def _check_scale(source: str, seen: Sightings, found: Consensus) -> None:
    """Raises where distances by the camera are surely too long or too short for the robot's."""
    scale, deviation = distance_scale(seen, found.mounting.parent_from_camera)
    if abs(scale - 1) > max(WRONG_SCALE, SURE * deviation):
        got = f"{1 / scale:.3f} times as far as the robot's motions say (+-{deviation:.3f})"
        fix = "Check the board's square size, the camera's resolution, and units."
        raise BadValue(source, "the board", got, "at its true distance", fix)


def distance_scale(seen: Sightings, camera: np.ndarray) -> tuple[float, float]:
    """What distances by the camera are to be multiplied with, and its standard deviation.

    Linear least squares for the places of camera and board and the scale, the rotation given:
    R t s + x = R_hand y + t_hand. Where the camera keeps its distance from the board, other places
    explain all but the noise of R t, which then pulls s towards 0: that is counted as deviation.
    """
    hands, count = seen.parent_from_anchor, len(seen)
    seen_places = (seen.camera_from_board[:, :3, 3] @ camera[:3, :3].T).ravel()
    left = np.broadcast_to(np.eye(3), (count, 3, 3))
    places = np.concatenate([left, -hands[:, :3, :3]], axis=2).reshape(-1, 6)
    wanted, matrix = hands[:, :3, 3].ravel(), np.column_stack([places, seen_places])
    answer = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    scatter = float(((matrix @ answer - wanted) ** 2).sum()) / max(3 * count - 7, 1)
    variance = np.linalg.pinv(matrix.T @ matrix)[6, 6] * scatter
    noise = min(_unexplained(places, wanted - seen_places), _NOISIEST)
    pulled = (noise / max(_unexplained(places, seen_places), 1e-9)) ** 2
    return float(answer[6]), float(np.sqrt(variance) + pulled)


def _unexplained(places: np.ndarray, values: np.ndarray) -> float:
    """Root mean square [m] of what no places (3N, 6) explain of (3N,)."""
    left = values - places @ np.linalg.lstsq(places, values, rcond=None)[0]
    return float(np.sqrt((left**2).mean()))


def _typical(seen: Sightings, found: Consensus | None) -> float:
    """Median error of all views [m]; endless where there is no consensus."""
    if found is None:
        return np.inf
    share = found.inliers.mean()
    return found.error if share >= FEWEST_INLIERS else np.inf


def _millimetres(error: float) -> str:
    return f"{error * 1e3:.1f} mm" if np.isfinite(error) else "no common mounting"
