"""Views of a board by a camera on the hand or beside the robot, and the file that holds them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from calibration.boards import CharucoBoard, Detection, read_board
from calibration.camera_model import Intrinsics, read_intrinsics
from calibration.fields import read_field, read_numbers, read_object, read_pose
from handiwork.errors import BadValue

Kind = Literal["eye_in_hand", "eye_to_hand"]
KINDS = ("eye_in_hand", "eye_to_hand")


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """Where the gripper was, and what the camera saw of the board then.

    base_from_gripper: (4, 4) by the robot's kinematics [m].
    camera_from_board: (4, 4) the board in the optical frame [m], where it was given.
    detection: the board's corners, where they were given; they count more than the pose.
    image: the picture, for the report.
    """

    name: str
    base_from_gripper: np.ndarray
    camera_from_board: np.ndarray | None = None
    detection: Detection | None = None
    image: Path | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class ViewSet:
    """Views of one board by one camera; eye_in_hand: the camera moves, eye_to_hand: the board.

    source: the file or topic that they came from, for messages.
    """

    kind: Kind
    views: tuple[View, ...]
    camera: Intrinsics | None = None
    board: CharucoBoard | None = None
    source: str = "the views"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            fix = "Say what carries the camera."
            raise BadValue(self.source, "kind", self.kind, " or ".join(KINDS), fix)
        names = [view.name for view in self.views]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            fix = "Name every view once."
            raise BadValue(self.source, "views", f"two named {twice}", "names that differ", fix)
        if any(view.detection is not None for view in self.views):
            _check_corners(self)


def load_views(path: Path | str) -> ViewSet:
    """The views of a JSON file; docs/calibration.md describes it.

    Raises:
        BadValue: what is wrong, in which view.
    """
    where, content = str(path), read_object(path)
    listed = read_field(where, content, "views")
    if not isinstance(listed, list):
        raise BadValue(where, "views", type(listed).__name__, "a list", "Check the file.")
    return ViewSet(
        kind=read_field(where, content, "kind"),
        views=tuple(_view(where, number, item) for number, item in enumerate(listed)),
        camera=read_intrinsics(where, content["camera"]) if content.get("camera") else None,
        board=read_board(where, content["board"]) if content.get("board") else None,
        source=where,
    )


def save_views(viewset: ViewSet, path: Path | str) -> None:
    """Writes the file that `load_views` reads."""
    content: dict[str, Any] = {"kind": viewset.kind}
    if viewset.camera is not None:
        content["camera"] = viewset.camera.as_object()
    if viewset.board is not None:
        content["board"] = viewset.board.as_object()
    content["views"] = [_as_object(view) for view in viewset.views]
    Path(path).write_text(json.dumps(content, indent=1))


def _view(where: str, number: int, item: Any) -> View:
    at = f"views[{number}]"
    gripper = read_pose(
        where, f"{at}.base_from_gripper", read_field(where, item, "base_from_gripper", f"{at}.")
    )
    board = item.get("camera_from_board")
    corners = item.get("corners")
    if board is None and corners is None:
        want = "camera_from_board (4x4) or corners"
        raise BadValue(where, at, sorted(item), want, "Leave out a view that shows no board.")
    return View(
        name=str(item.get("name", f"view_{number:02d}")),
        base_from_gripper=gripper,
        camera_from_board=(
            None if board is None else read_pose(where, f"{at}.camera_from_board", board)
        ),
        detection=None if corners is None else _detection(where, f"{at}.corners", corners),
        image=Path(where).parent / item["image"] if item.get("image") else None,
    )


def _detection(where: str, at: str, corners: Any) -> Detection:
    ids = read_numbers(where, f"{at}.ids", read_field(where, corners, "ids", f"{at}."))
    pixels = read_field(where, corners, "pixels", f"{at}.")
    pixels = read_numbers(where, f"{at}.pixels", pixels).reshape(-1, 2)
    if len(pixels) != len(ids) or len(np.unique(ids)) != len(ids) or (ids != ids.round()).any():
        got = f"{len(ids)} ids, {len(np.unique(ids))} of them different, for {len(pixels)} pixels"
        raise BadValue(where, at, got, "as many whole, different ids as pixels", "Check the file.")
    size: tuple[int, ...] | None = None
    if "width" in corners or "height" in corners:
        size = tuple(
            int(read_field(where, corners, side, f"{at}.")) for side in ("width", "height")
        )
    return Detection(ids=ids.astype(int), corners=pixels, size=(size[0], size[1]) if size else None)


def _as_object(view: View) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": view.name,
        "base_from_gripper": view.base_from_gripper.tolist(),
    }
    if view.camera_from_board is not None:
        content["camera_from_board"] = view.camera_from_board.tolist()
    if view.detection is not None:
        seen = view.detection
        content["corners"] = {"ids": seen.ids.tolist(), "pixels": seen.corners.tolist()}
        if seen.size is not None:
            content["corners"] |= {"width": seen.size[0], "height": seen.size[1]}
    if view.image is not None:
        content["image"] = str(view.image)
    return content


def _check_corners(viewset: ViewSet) -> None:
    """Corners need the board and the camera, and must lie in the camera's images."""
    where, camera, board = viewset.source, viewset.camera, viewset.board
    if camera is None or board is None:
        missing = "camera" if camera is None else "board"
        fix = "docs/calibration.md shows its fields."
        raise BadValue(where, missing, "missing", "given where views have corners", fix)
    size = (camera.width, camera.height)
    if min(size) < 1:
        fix = "Give the size of the images that k is of."
        raise BadValue(where, "camera.width, height", size, "given where views have corners", fix)
    for view in viewset.views:
        seen = view.detection
        if seen is None:
            continue
        at = f"view {view.name}'s corners"
        if seen.size is not None and tuple(seen.size) != size:
            want = f"of images of the camera's {size[0]}x{size[1]}"
            fix = "Take the intrinsics of the images' own resolution."
            raise BadValue(where, at, f"of a {seen.size[0]}x{seen.size[1]} image", want, fix)
        outside = seen.corners[~_inside(seen.corners, size)]
        if len(outside):
            want = f"inside the camera's {size[0]}x{size[1]}"
            fix = "No camera sees those: leave them out, or give the intrinsics of the images."
            raise BadValue(where, at, np.round(outside[0], 1).tolist(), want, fix)
        unknown = seen.ids[(seen.ids < 0) | (seen.ids >= board.corner_count)]
        if len(unknown):
            want = f"ids from 0 to {board.corner_count - 1}, as the board has"
            raise BadValue(where, at, int(unknown[0]), want, "Count the board's squares again.")


def _inside(corners: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return np.all((corners >= -0.5) & (corners <= np.array(size) - 0.5), axis=1)
