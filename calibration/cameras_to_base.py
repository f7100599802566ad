"""Several cameras beside one robot, from one board on its gripper that all of them saw.

Each camera's hand-eye says where it is and where the board is on the gripper. The board is in one
place, so what every camera says of it corrects all: the estimates are conditioned on its being one,
as Gaussians are (Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley 2001, section 3.2).
Shapes: M cameras.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.hand_eye import HandEye, hand_eye
from calibration.views import ViewSet, load_views
from handiwork.errors import BadValue
from handiwork.geometry import change_between, changed

FEWEST_CAMERAS = 2
SURE = 6.0  # standard deviations by which a camera's board may be elsewhere
FARTHEST_MM, FARTHEST_DEG = 20.0, 3.0  # whatever the deviations are


@dataclass(frozen=True, kw_only=True, eq=False)
class CameraInBase:
    """One camera: alone, and with the others.

    transform: (4, 4) base_from_camera [m]. covariance: (6, 6) of changes of it in the base.
    board_mm, board_deg: how far its own board lies from the common one.
    """

    alone: HandEye
    transform: np.ndarray
    covariance: np.ndarray
    board_mm: float
    board_deg: float


@dataclass(frozen=True, kw_only=True, eq=False)
class CamerasToBase:
    """cameras: by name. board: (4, 4) gripper_from_board [m], with its covariance (6, 6)."""

    cameras: dict[str, CameraInBase]
    board: np.ndarray
    board_covariance: np.ndarray


def load_cameras(folder: Path | str) -> dict[str, ViewSet]:
    """Views by camera: the JSON files of a folder, named as the cameras are."""
    found = {file.stem: load_views(file) for file in sorted(Path(folder).glob("*.json"))}
    if len(found) < FEWEST_CAMERAS:
        want = f"{FEWEST_CAMERAS} or more files of views, one a camera"
        raise BadValue(str(folder), "files", sorted(found), want, "Put them into one folder.")
    return found


def cameras_to_base(viewsets: Mapping[str, ViewSet]) -> CamerasToBase:
    """Where all cameras are, and where the one board is on the gripper.

    Raises:
        BadValue: a camera is on the hand, one's views do not do, or the boards differ.
    """
    for name, viewset in viewsets.items():
        if viewset.kind != "eye_to_hand":
            fix = "Cameras on the hand are calibrated one by one."
            raise BadValue(viewset.source, f"{name}'s kind", viewset.kind, "eye_to_hand", fix)
    alone = {name: hand_eye(viewset, compare=False) for name, viewset in viewsets.items()}
    start = next(iter(alone.values())).board
    weights = {name: np.linalg.inv(one.board_covariance) for name, one in alone.items()}
    covariance = np.linalg.inv(sum(weights.values(), np.zeros((6, 6))))
    pulls = [weights[name] @ change_between(start, one.board) for name, one in alone.items()]
    board = changed(start, covariance @ np.sum(pulls, axis=0))
    cameras = {}
    for name, one in alone.items():
        away = change_between(one.board, board)
        _check(viewsets[name].source, name, away, one.board_covariance)
        gain = one.cross_covariance @ weights[name]  # of the camera by the board
        cameras[name] = CameraInBase(
            alone=one,
            transform=changed(one.transform, gain @ away),
            covariance=one.covariance - gain @ (one.board_covariance - covariance) @ gain.T,
            board_mm=float(np.linalg.norm(away[:3]) * 1e3),
            board_deg=float(np.degrees(np.linalg.norm(away[3:]))),
        )
    return CamerasToBase(cameras=cameras, board=board, board_covariance=covariance)


def _check(source: str, name: str, away: np.ndarray, covariance: np.ndarray) -> None:
    """Raises where one camera's board is surely not where the others' is."""
    deviations = float(np.sqrt(away @ np.linalg.solve(covariance, away) / 6))
    mm, deg = 1e3 * float(np.linalg.norm(away[:3])), float(np.degrees(np.linalg.norm(away[3:])))
    if deviations > SURE or mm > FARTHEST_MM or deg > FARTHEST_DEG:
        got = f"{mm:.1f} mm, {deg:.2f} deg ({deviations:.1f} deviations) from the others'"
        fix = "Did the board move on the gripper between the cameras' views?"
        raise BadValue(source, f"the board of {name}", got, "one board", fix)
