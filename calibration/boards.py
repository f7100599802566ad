"""A ChArUco board: its picture, its corners in images, and its pose from them.

The board's frame is OpenCV's: the origin in a corner of the board's edge, x along the rows of
squares, y down, z into the board, away from who looks at it.
Source: Garrido-Jurado et al., Pattern Recognition 47(6), 2014 (ArUco), and OpenCV's aruco module;
Collins and Bartoli, IJCV 109, 2014 (IPPE, pose of a plane).
Shapes: K detected corners; H, W rows and columns of an image.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from calibration.fields import read_field
from handiwork.errors import BadValue, ObjectNotFound, UnknownName, WrongShape
from handiwork.geometry import pose

FEWEST = 6  # corners that say where a board is; four are exact and so hide any mistake
DICTIONARIES = tuple(name for name in dir(cv2.aruco) if name.startswith("DICT_"))


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """Inner corners of a board in one image.

    ids: (K,) which corners.
    corners: (K, 2) columns and rows [px]; (0, 0) is the middle of the top left pixel.
    size: width and height of the image [px], where known.
    """

    ids: np.ndarray
    corners: np.ndarray
    size: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        if self.corners.shape != (len(self.ids), 2):
            raise WrongShape("Detection.corners", self.corners.shape, f"({len(self.ids)}, 2)")


@dataclass(frozen=True, kw_only=True)
class CharucoBoard:
    """Squares with ArUco markers in the white ones.

    legacy: the pattern of OpenCV before 4.6, which begins with a white square in even rows.
    """

    squares_x: int
    squares_y: int
    square_m: float
    marker_m: float
    dictionary: str = "DICT_4X4_50"
    legacy: bool = False

    def __post_init__(self) -> None:
        if self.dictionary not in DICTIONARIES:
            raise UnknownName("dictionary", self.dictionary, DICTIONARIES, "Check the board.")
        if min(self.squares_x, self.squares_y) < 3:
            got = (self.squares_x, self.squares_y)
            fix = "Count the squares, not the corners."
            raise BadValue("board", "squares_x, squares_y", got, "3 or more of each", fix)
        if not 0 < self.marker_m < self.square_m < 1:
            got = (self.square_m, self.marker_m)
            want = "0 < marker_m < square_m < 1, in metres"
            raise BadValue("board", "square_m, marker_m", got, want, "Measure a printed square.")

    def detect(self, image: np.ndarray) -> Detection:
        """Corners in an image (H, W) or (H, W, 3) uint8; none where the board is not seen."""
        grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
        corners, ids, _, _ = self._detector.detectBoard(grey)
        size = (grey.shape[1], grey.shape[0])
        if ids is None:
            return Detection(ids=np.empty(0, int), corners=np.empty((0, 2)), size=size)
        found = np.asarray(corners, float).reshape(-1, 2)
        return Detection(ids=np.asarray(ids).ravel().astype(int), corners=found, size=size)

    def points(self, ids: np.ndarray) -> np.ndarray:
        """(K, 3) the corners of those ids in the board's frame [m]."""
        return self._points[np.asarray(ids, int)]

    def pose(self, detection: Detection, k: np.ndarray, d: np.ndarray) -> np.ndarray:
        """camera_from_board (4, 4) [m] that projects the board nearest to its corners.

        Raises:
            ObjectNotFound: too few corners, or all on one line.
        """
        points = self.points(detection.ids)
        if len(points) < FEWEST or np.linalg.matrix_rank(np.diff(points[:, :2], axis=0), 1e-6) < 2:
            raise ObjectNotFound(
                f"{len(points)} corners of the board are in view, want {FEWEST} or more that are "
                "not on one line. Show the whole board."
            )
        pixels = np.ascontiguousarray(detection.corners, float)
        _, turns, places, _ = cv2.solvePnPGeneric(points, pixels, k, d, flags=cv2.SOLVEPNP_IPPE)
        return self._refined(turns[0], places[0], detection, k, d)

    def pose_near(
        self, start: np.ndarray, detection: Detection, k: np.ndarray, d: np.ndarray
    ) -> np.ndarray:
        """The same, of the two poses that a plane far away may have, that near `start` (4, 4)."""
        turn = cv2.Rodrigues(np.ascontiguousarray(start[:3, :3]))[0]
        return self._refined(turn, start[:3, 3:].copy(), detection, k, d)

    def _refined(
        self,
        turn: np.ndarray,
        place: np.ndarray,
        detection: Detection,
        k: np.ndarray,
        d: np.ndarray,
    ) -> np.ndarray:
        points = self.points(detection.ids)
        pixels = np.ascontiguousarray(detection.corners, float)
        turn, place = cv2.solvePnPRefineLM(points, pixels, k, d, turn, place)
        return pose(cv2.Rodrigues(turn)[0], np.asarray(place).ravel())

    def picture(self, pixels_per_metre: float) -> np.ndarray:
        """(H, W) uint8 the board to print or to lay on a plane, without a margin."""
        width = round(self.squares_x * self.square_m * pixels_per_metre)
        height = round(self.squares_y * self.square_m * pixels_per_metre)
        return self._board.generateImage((width, height), marginSize=0)

    def as_object(self) -> dict[str, Any]:
        """The fields by name, for a file."""
        return asdict(self)

    @cached_property
    def corner_count(self) -> int:
        """How many inner corners there are; their ids are 0 and up."""
        return len(self._points)

    @cached_property
    def _points(self) -> np.ndarray:
        return np.asarray(self._board.getChessboardCorners(), float)

    @cached_property
    def _board(self) -> cv2.aruco.CharucoBoard:
        markers = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, self.dictionary))
        size = (self.squares_x, self.squares_y)
        board = cv2.aruco.CharucoBoard(size, self.square_m, self.marker_m, markers)
        board.setLegacyPattern(self.legacy)
        return board

    @cached_property
    def _detector(self) -> cv2.aruco.CharucoDetector:
        return cv2.aruco.CharucoDetector(self._board)


def read_board(where: str, given: Mapping[str, Any]) -> CharucoBoard:
    """The board from the fields of a file."""
    for name in ("squares_x", "squares_y", "square_m", "marker_m"):
        read_field(where, given, name, "board.")
    known = tuple(CharucoBoard.__dataclass_fields__)
    for name in given:
        if name not in known:
            raise UnknownName("field of the board", name, known, f"Check {where}.")
    return CharucoBoard(**given)
