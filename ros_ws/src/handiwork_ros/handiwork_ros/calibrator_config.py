"""What a calibrator is told: which robot and board, where things are roughly, and when to end."""

import math
from dataclasses import dataclass, field

import numpy as np

from calibration.boards import CharucoBoard
from calibration.informative_belief import Belief, Noise, guessed
from calibration.next_view import NextViewConfig
from handiwork.errors import UnknownName
from handiwork.geometry import pose_from_vector

KINDS, MODES = ("eye_in_hand", "eye_to_hand"), ("auto", "manual")
POSE = "x, y, z [m] and rotation vector [rad]"


def _number(default: float, description: str, minimum: float = 0.0) -> float:
    return field(default=default, metadata={"description": description, "minimum": minimum})


def _count(default: int, description: str, minimum: int) -> int:
    return field(default=default, metadata={"description": description, "minimum": minimum})


def _text(default: str, description: str) -> str:
    return field(default=default, metadata={"description": description})


def _pose(description: str) -> tuple[float, ...]:
    return field(
        default=(0.0,) * 6, metadata={"description": f"rough place of {description}: {POSE}"}
    )


@dataclass(frozen=True, kw_only=True)
class CalibratorConfig:
    """Parameters of the node. The mount carries the camera, the holder the board.

    eye_in_hand: the mount is the gripper, the holder the base; eye_to_hand: the other way round.
    """

    robot: str = _text("wxai", "which robot")
    kind: str = _text("eye_in_hand", "eye_in_hand or eye_to_hand")
    mode: str = _text("manual", "auto: the node moves the arm; manual: a person does")
    squares_x: int = _count(7, "squares in a row of the board", 3)
    squares_y: int = _count(5, "rows of squares", 3)
    square_m: float = _number(0.03, "edge of a square [m]", 0.001)
    marker_m: float = _number(0.022, "edge of a marker [m]", 0.001)
    dictionary: str = _text("DICT_4X4_50", "of the markers, as OpenCV names it")
    legacy: bool = field(default=False, metadata={"description": "pattern as before OpenCV 4.6"})
    camera_guess: tuple[float, ...] = _pose("the camera's optical frame in its mount")
    board_guess: tuple[float, ...] = _pose("the board in its holder")
    guess_m: float = _number(0.02, "how far the guesses may be off, each axis [m]", 1e-6)
    guess_rad: float = _number(math.radians(6), "and turned, about each axis [rad]", 1e-6)
    wanted_m: float = _number(0.0003, "standard deviation of the result that is enough [m]", 1e-6)
    wanted_rad: float = _number(math.radians(0.05), "and of its rotation [rad]", 1e-6)
    fewest: int = _count(10, "views", 3)
    most: int = _count(20, "views", 3)
    tries: int = _count(300, "views that are drawn for each that is taken", 1)
    corners: int = _count(8, "corners that a view needs", 6)
    table: float = _number(0.01, "height that nothing may go below, in base [m]", -10.0)
    speed: float = _number(0.5, "share of the joints' velocities and accelerations", 0.01)
    settling: float = _number(0.4, "time at rest before a view counts [s]")
    stillness: float = _number(0.002, "motion of a joint that counts as rest [rad]", 1e-6)
    patience: float = _number(30.0, "longest wait for anything that should come [s]", 0.1)
    ready_timeout: float = _number(120.0, "longest wait for the other nodes [s]", 0.1)
    folder: str = _text("runs/calibrate", "where views, pictures and the result go")
    child_frame: str = _text("", "frame to publish; empty: the first of the camera's own frames")
    seed: int = _count(0, "of the views that are drawn", 0)

    def __post_init__(self) -> None:
        for what, value, known in (("kind", self.kind, KINDS), ("mode", self.mode, MODES)):
            if value not in known:
                raise UnknownName(what, value, known, f"Say for example {what}:={known[0]}.")
        for name in ("camera_guess", "board_guess"):
            if len(getattr(self, name)) != 6:
                raise ValueError(f"{name} must be {POSE}, got {list(getattr(self, name))}")

    @property
    def board(self) -> CharucoBoard:
        """The board."""
        return CharucoBoard(
            squares_x=self.squares_x,
            squares_y=self.squares_y,
            square_m=self.square_m,
            marker_m=self.marker_m,
            dictionary=self.dictionary,
            legacy=self.legacy,
        )

    @property
    def guess(self) -> Belief:
        """What is known before the first view."""
        return guessed(
            pose_from_vector(np.array(self.camera_guess)),
            pose_from_vector(np.array(self.board_guess)),
            self.guess_m,
            self.guess_rad,
        )

    @property
    def views(self) -> NextViewConfig:
        """How views are chosen."""
        return NextViewConfig(
            wanted_m=self.wanted_m,
            wanted_rad=self.wanted_rad,
            fewest=self.fewest,
            most=self.most,
            tries=self.tries,
            noise=Noise(),
            seed=self.seed,
        )
