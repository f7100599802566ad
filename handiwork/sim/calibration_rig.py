"""A robot, a camera and a board whose places are known: what a hand-eye calibration must find.

The camera sits on the hand and the board lies on the table (eye_in_hand), or the camera stands
beside the robot and the hand holds the board (eye_to_hand). A rig is drawn from a seed around the
place where somebody with a tape measure would say that the two are.

Frames: `gripper` is the link that carries the robot's tool; `tool` as in `handiwork.robots`, its z
out of the hand; a board's origin lies in a corner, z into the board.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from handiwork.errors import UnknownName
from handiwork.robots.registry import robot as robot_named
from handiwork.robots.robot import Robot

KINDS = ("eye_in_hand", "eye_to_hand")


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where things are around one robot, by tape measure.

    offset, back: of the camera from the tool's point, along its x and against its z [m].
    tilt: of the camera from the tool's z towards the tool [rad].
    board: middle of the board on the table, x and y in base [m].
    held: middle of a board on the hand, from the tool's point along its z [m].
    """

    offset: float
    back: float
    tilt: float
    board: tuple[float, float]
    held: float


STANDS: Mapping[str, Stand] = {
    "wxai": Stand(offset=0.075, back=0.15, tilt=math.radians(20), board=(0.36, 0.0), held=-0.04),
    "wx250s": Stand(offset=0.075, back=0.10, tilt=math.radians(20), board=(0.34, 0.0), held=-0.02),
    "fr3": Stand(offset=0.08, back=0.085, tilt=math.radians(20), board=(0.48, 0.0), held=0.0),
    "panda": Stand(offset=0.08, back=0.085, tilt=math.radians(20), board=(0.48, 0.0), held=0.0),
}
_SPREAD_M, _SPREAD = 0.012, math.radians(4)  # of a drawn rig about the measured one, each axis
_BOARD_HEIGHT = 0.006  # [m] of the board's face above the table
_HELD_ASIDE = 0.05  # [m] of a board on the hand from the tool's axis, before the fingers


@dataclass(frozen=True, kw_only=True, eq=False)
class Rig:
    """mount_from_camera: (4, 4) optical frame in gripper (eye_in_hand) or base (eye_to_hand) [m].

    holder_from_board: (4, 4) the board in the other one of the two [m].
    """

    robot: Robot
    kind: str
    mount_from_camera: np.ndarray
    holder_from_board: np.ndarray

    def camera_from_board(self, base_from_gripper: np.ndarray) -> np.ndarray:
        """(4, 4) where the camera sees the board [m] when the gripper is at (4, 4)."""
        mount_from_holder = (
            np.linalg.inv(base_from_gripper) if self.kind == "eye_in_hand" else base_from_gripper
        )
        return np.linalg.inv(self.mount_from_camera) @ mount_from_holder @ self.holder_from_board


def measured_rig(robot: str, kind: str, board_size: tuple[float, float]) -> Rig:
    """The rig as by tape measure; board_size: width and height [m].

    Raises:
        UnknownName: there is no such kind, or nobody has measured a rig for that robot.
    """
    if kind not in KINDS:
        raise UnknownName("kind", kind, KINDS, "Say what carries the camera.")
    if robot not in STANDS:
        raise UnknownName("rig for robot", robot, STANDS, "Say for example robot=wxai.")
    chosen, stand = robot_named(robot), STANDS[robot]
    corner = np.eye(4)  # board_from_corner: from the middle to the origin
    corner[:2, 3] = -board_size[0] / 2, -board_size[1] / 2
    if kind == "eye_in_hand":
        mount_from_camera = chosen.link_from_tool @ _on_hand(stand)
        holder_from_board = _on_table(stand) @ corner
    else:
        mount_from_camera = _beside(stand)
        holder_from_board = chosen.link_from_tool @ _in_hand(stand) @ corner
    return Rig(
        robot=chosen,
        kind=kind,
        mount_from_camera=mount_from_camera,
        holder_from_board=holder_from_board,
    )


def drawn_rig(robot: str, kind: str, board_size: tuple[float, float], seed: int) -> Rig:
    """A rig that differs from the measured one as a built one does; equal for equal seeds."""
    rig, generator = measured_rig(robot, kind, board_size), np.random.default_rng(seed)
    aside = _aside(generator)
    lying = _aside(generator)
    if kind == "eye_in_hand":  # the board lies flat wherever it lies
        lying[2, 3] = 0.0
        lying[:3, :3] = Rotation.from_rotvec([0, 0, generator.normal(0, 2 * _SPREAD)]).as_matrix()
        middle = rig.holder_from_board.copy()
        middle[:3, :3] = np.eye(3)
        placed = middle @ lying @ np.linalg.inv(middle) @ rig.holder_from_board
    else:
        placed = rig.holder_from_board @ lying
    return Rig(
        robot=rig.robot,
        kind=kind,
        mount_from_camera=rig.mount_from_camera @ aside,
        holder_from_board=placed,
    )


def _aside(generator: np.random.Generator) -> np.ndarray:
    """(4, 4) a small random displacement."""
    moved = np.eye(4)
    moved[:3, :3] = Rotation.from_rotvec(generator.normal(0, _SPREAD, 3)).as_matrix()
    moved[:3, 3] = generator.normal(0, _SPREAD_M, 3)
    return moved


def _on_hand(stand: Stand) -> np.ndarray:
    """tool_from_camera: above the fingers, tilted towards them, the fingers below in the image."""
    sine, cosine = math.sin(stand.tilt), math.cos(stand.tilt)
    return _looking([stand.offset, 0, -stand.back], [-sine, 0, cosine], [cosine, 0, sine])


def _on_table(stand: Stand) -> np.ndarray:
    """base_from_middle: face up, its rows across the robot's forward direction."""
    return _looking([*stand.board, _BOARD_HEIGHT], [0, 0, -1], [1, 0, 0])


def _beside(stand: Stand) -> np.ndarray:
    """base_from_camera: in front of the robot and to its left, looking down at the hand."""
    x, y = stand.board
    place, target = np.array([x + 0.35, y + 0.25, 0.45]), np.array([x - 0.02, y, 0.25])
    return _looking(place, target - place, [0, 0, 1])


def _in_hand(stand: Stand) -> np.ndarray:
    """tool_from_middle: along the fingers, its face towards the tool's x."""
    return _looking([_HELD_ASIDE, 0, stand.held], [-1, 0, 0], [0, 0, -1])


def _looking(place: list[float] | np.ndarray, ahead: object, up: object) -> np.ndarray:
    """(4, 4) a frame with z ahead and y down, as an image's and a board's."""
    z = np.asarray(ahead, float)
    z = z / np.linalg.norm(z)
    x = np.cross(z, np.asarray(up, float))
    x /= np.linalg.norm(x)
    frame = np.eye(4)
    frame[:3, :3] = np.stack([x, np.cross(z, x), z], axis=1)
    frame[:3, 3] = place
    return frame
