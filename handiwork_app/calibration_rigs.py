"""Boards, and where a tape measure says that camera and board are, as parameters of nodes."""

from handiwork.geometry import vector_from_pose
from handiwork.sim.calibration_rig import measured_rig
from handiwork_app.process import Parameter

# On the table; and on the hand, where a smaller one is out of the arm's own way.
_SQUARES = {"eye_in_hand": (7, 5), "eye_to_hand": (5, 4)}
_SQUARE_M, _MARKER_M = 0.03, 0.022


def board_of(kind: str) -> dict[str, Parameter]:
    """Squares and markers."""
    columns, rows = _SQUARES[kind]
    return {
        "squares_x": columns,
        "squares_y": rows,
        "square_m": _SQUARE_M,
        "marker_m": _MARKER_M,
    }


def size_of(kind: str) -> tuple[float, float]:
    """Width and height of the board [m]."""
    columns, rows = _SQUARES[kind]
    return columns * _SQUARE_M, rows * _SQUARE_M


def guesses_of(robot: str, kind: str) -> dict[str, Parameter]:
    """Rough places of camera and board.

    Raises:
        UnknownName: nobody has measured a rig for that robot.
    """
    rig = measured_rig(robot, kind, size_of(kind))
    return {
        "camera_guess": vector_from_pose(rig.mount_from_camera).tolist(),
        "board_guess": vector_from_pose(rig.holder_from_board).tolist(),
    }
