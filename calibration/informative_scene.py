"""What an arm must not touch while it is calibrated: the table, the camera and the board."""

import numpy as np

from handiwork.geometry import pose
from handiwork.planning import Attached, Box, Obstacle, Scene
from handiwork.robots.group import Tool

CAMERA = (0.10, 0.035, 0.035)  # [m] a D435 with room for its cable, x along its width
_TABLE = (2.4, 2.4, 0.05)  # [m]
_PLATE = 0.02  # [m] of a board with its fixture
_EDGE = 0.015  # [m] of paper around the pattern


def surroundings(
    kind: str,
    mount_from_camera: np.ndarray,
    holder_from_board: np.ndarray,
    board_size: tuple[float, float],
    tool: Tool,
    table: float,
) -> Scene:
    """Of an arm with that tool; poses (4, 4) [m] as believed, table: height of its top in base [m].

    What hangs on the hand may touch the link that it hangs on; a board on the table is part of it.
    """
    top = pose(np.eye(3), np.array([0.0, 0.0, table - _TABLE[2] / 2]))
    ground = Obstacle(name="table", shape=Box(size=_TABLE), base_from_shape=top)
    if kind == "eye_in_hand":
        held = Attached(
            name="camera",
            shape=Box(size=CAMERA),
            link=tool.link,
            link_from_shape=mount_from_camera,
        )
        return Scene(obstacles=(ground,), attached=(held,))
    camera = Obstacle(name="camera", shape=Box(size=CAMERA), base_from_shape=mount_from_camera)
    width, height = board_size
    plate = Box(size=(width + 2 * _EDGE, height + 2 * _EDGE, _PLATE))
    middle = pose(np.eye(3), np.array([width / 2, height / 2, _PLATE / 2]))
    board = Attached(
        name="board",
        shape=plate,
        link=tool.link,
        link_from_shape=holder_from_board @ middle,
    )
    return Scene(obstacles=(ground, camera), attached=(board,))
