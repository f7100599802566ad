"""Views of either kind as one problem: where the board was seen from, and where the hand was then.

The camera is fixed to its parent (the gripper or the base), the board to its anchor (the other of
the two), and for every view  camera_from_board = camera_from_parent parent_from_anchor
anchor_from_board.
Shapes: N views.
"""

from dataclasses import dataclass, replace

import numpy as np

from calibration.boards import CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from calibration.views import View, ViewSet
from handiwork.errors import BadValue, ObjectNotFound
from handiwork.geometry import inverse

FEWEST_VIEWS = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Sightings:
    """What of the views counts.

    parent_from_anchor: (N, 4, 4) by the robot [m].
    camera_from_board: (N, 4, 4) by the camera [m].
    detections: corners, where every view has them; else empty.
    """

    names: tuple[str, ...]
    parent_from_anchor: np.ndarray
    camera_from_board: np.ndarray
    detections: tuple[Detection, ...] = ()
    camera: Intrinsics | None = None
    board: CharucoBoard | None = None

    def __len__(self) -> int:
        return len(self.names)

    def taken(self, keep: np.ndarray) -> "Sightings":
        """Those of a mask (N,) or of a list of numbers."""
        numbers = np.arange(len(self))[keep]
        return replace(
            self,
            names=tuple(self.names[number] for number in numbers),
            parent_from_anchor=self.parent_from_anchor[numbers],
            camera_from_board=self.camera_from_board[numbers],
            detections=tuple(self.detections[number] for number in numbers if self.detections),
        )

    def boards(self, parent_from_camera: np.ndarray) -> np.ndarray:
        """(N, 4, 4) anchor_from_board as each view says, for a mounting of the camera (4, 4)."""
        return inverse(self.parent_from_anchor) @ parent_from_camera @ self.camera_from_board

    @property
    def distance(self) -> float:
        """Of the camera from the board, the median [m]."""
        return float(np.median(np.linalg.norm(self.camera_from_board[:, :3, 3], axis=1)))


def sightings(viewset: ViewSet) -> tuple[Sightings, dict[str, str]]:
    """The views that show the board well enough, and why which others are left out.

    Raises:
        BadValue: fewer than three remain, or the board is seen from behind.
    """
    poses, kept, left_out = [], [], {}
    for view in viewset.views:
        try:
            poses.append(_camera_from_board(viewset, view))
            kept.append(view)
        except ObjectNotFound as error:
            left_out[view.name] = str(error)
    if len(kept) < FEWEST_VIEWS:
        short = "".join(f" ({name}: {reason})" for name, reason in list(left_out.items())[:1])
        want = f"{FEWEST_VIEWS} or more that show the board{short}"
        fix = "Take 12 to 20, turning the hand about two axes or more."
        raise BadValue(viewset.source, "views", len(kept), want, fix)
    hands = np.array([view.base_from_gripper for view in kept])
    cornered = all(view.detection is not None for view in kept)
    seen = Sightings(
        names=tuple(view.name for view in kept),
        parent_from_anchor=inverse(hands) if viewset.kind == "eye_in_hand" else hands,
        camera_from_board=np.array(poses),
        detections=tuple(view.detection for view in kept if view.detection) if cornered else (),
        camera=viewset.camera,
        board=viewset.board,
    )
    if seen.detections:
        _check_side(viewset.source, seen)
    return seen, left_out


def _camera_from_board(viewset: ViewSet, view: View) -> np.ndarray:
    camera, board = viewset.camera, viewset.board
    if view.detection is not None and camera is not None and board is not None:
        return board.pose(view.detection, camera.k, camera.d)
    if view.camera_from_board is None:
        raise ObjectNotFound("it has neither corners nor a pose of the board")
    return view.camera_from_board


def _check_side(source: str, seen: Sightings) -> None:
    """A mirrored plane fits its corners exactly, but seen from behind."""
    normals, places = seen.camera_from_board[:, :3, 2], seen.camera_from_board[:, :3, 3]
    behind = int(((normals * places).sum(axis=1) < 0).sum())
    if behind > len(seen) / 2:
        got = f"seen from behind in {behind} of {len(seen)} views"
        fix = "The image or the numbering of the corners is mirrored."
        raise BadValue(source, "the board", got, "seen from its front", fix)
