"""A Rerun recording of a hand-eye calibration: camera and board in space, and every view.

Open it with `rerun FILE`. The timeline counts the views. Of each view there are the picture with
corners as they were seen and as the result puts them, and how far off it is.
Shapes: K corners of a view.
"""

from pathlib import Path

import numpy as np
import rerun as rr
import rerun.blueprint as rrb

from calibration.boards import CharucoBoard
from calibration.camera_model import Intrinsics
from calibration.hand_eye import HandEye, Residual
from calibration.views import View, ViewSet
from handiwork.geometry import inverse

VIEWS = "view"  # the timeline
GREEN, ORANGE, RED = [80, 220, 120], [255, 140, 30], [255, 60, 60]
_AXIS = 0.08  # [m] of the frames that are drawn
_FAR = 0.12  # [m] from the camera to its picture in space


def write_calibration_recording(path: Path, viewset: ViewSet, found: HandEye) -> Path:
    """All views and the result in one .rrd file; views must have corners."""
    camera, board = viewset.camera, viewset.board
    assert camera is not None  # views with corners have both
    assert board is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = rr.RecordingStream("handiwork_calibration")
    stream.save(path, default_blueprint=_layout())
    stream.log("base", rr.TransformAxes3D(_AXIS), static=True)
    residuals = {residual.name: residual for residual in found.residuals}
    for number, view in enumerate(viewset.views, start=1):
        stream.set_time(VIEWS, sequence=number)
        base_from_camera, base_from_board = _places(viewset.kind, view, found)
        _log_frames(stream, view.base_from_gripper, base_from_camera)
        _log_board(stream, board, base_from_board)
        _log_picture(stream, view, camera, board, inverse(base_from_camera) @ base_from_board)
        _log_residual(stream, residuals.get(view.name))
    stream.flush()
    stream.disconnect()
    return path


def _layout() -> rrb.Blueprint:
    return rrb.Blueprint(
        rrb.Horizontal(
            rrb.Spatial3DView(origin="/", contents="base/**", name="base frame [m]"),
            rrb.Vertical(
                rrb.Spatial2DView(
                    origin="base/camera/picture",
                    name="corners: seen green, by the result orange",
                ),
                rrb.Horizontal(
                    rrb.TimeSeriesView(origin="residual/mm", name="board's origin off [mm]"),
                    rrb.TimeSeriesView(origin="residual/px", name="corners off [px]"),
                ),
                row_shares=[3, 1],
            ),
        )
    )


def _places(kind: str, view: View, found: HandEye) -> tuple[np.ndarray, np.ndarray]:
    """base_from_camera and base_from_board (4, 4) [m], as the result has them."""
    if kind == "eye_in_hand":
        return view.base_from_gripper @ found.transform, found.board
    return found.transform, view.base_from_gripper @ found.board


def _log_frames(
    stream: rr.RecordingStream, base_from_gripper: np.ndarray, base_from_camera: np.ndarray
) -> None:
    for name, place in (("gripper", base_from_gripper), ("camera", base_from_camera)):
        stream.log(f"base/{name}", _transform(place), rr.TransformAxes3D(_AXIS))


def _log_board(
    stream: rr.RecordingStream, board: CharucoBoard, base_from_board: np.ndarray
) -> None:
    width, height = board.squares_x * board.square_m, board.squares_y * board.square_m
    edge = [[0, 0, 0], [width, 0, 0], [width, height, 0], [0, height, 0], [0, 0, 0]]
    corners = board.points(np.arange(board.corner_count))
    stream.log("base/board", _transform(base_from_board), rr.TransformAxes3D(_AXIS))
    stream.log("base/board/edge", rr.LineStrips3D([edge], colors=[ORANGE]))
    stream.log("base/board/corners", rr.Points3D(corners, radii=0.002, colors=[ORANGE]))


def _log_picture(
    stream: rr.RecordingStream,
    view: View,
    camera: Intrinsics,
    board: CharucoBoard,
    camera_from_board: np.ndarray,
) -> None:
    where = "base/camera/picture"
    size = [camera.width, camera.height]
    stream.log(
        where,
        rr.Pinhole(image_from_camera=camera.k, resolution=size, image_plane_distance=_FAR),
    )
    if view.image is not None and view.image.is_file():
        stream.log(where, rr.EncodedImage(path=view.image))
    if view.detection is None:
        return
    points = board.points(view.detection.ids) @ camera_from_board[:3, :3].T
    expected = camera.project(points + camera_from_board[:3, 3])
    stream.log(f"{where}/seen", rr.Points2D(view.detection.corners, radii=3, colors=[GREEN]))
    stream.log(f"{where}/expected", rr.Points2D(expected, radii=1.5, colors=[ORANGE]))


def _log_residual(stream: rr.RecordingStream, residual: Residual | None) -> None:
    if residual is None:  # the view shows too little of the board
        return
    colour = RED if residual.outlier else GREEN
    points = rr.SeriesPoints(colors=[colour], marker_sizes=4)
    stream.log("residual/mm", rr.Scalars(residual.mm), points)
    if residual.px is not None:
        stream.log("residual/px", rr.Scalars(residual.px), points)


def _transform(place: np.ndarray) -> rr.Transform3D:
    return rr.Transform3D(translation=place[:3, 3], mat3x3=place[:3, :3])
