"""Paths of a hand and of a camera over time, each by its own clock, and their files.

Shapes: N poses of a path.
"""

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from calibration.fields import read_field, read_numbers, read_object
from handiwork.errors import BadValue
from handiwork.geometry import pose

COLUMNS = 8  # t [s], x, y, z [m], qx, qy, qz, qw
FEWEST_POSES = 50
_CAMERA_WORDS = ("target", "camera")  # in the name of the camera's file


@dataclass(frozen=True, kw_only=True, eq=False)
class Trajectory:
    """times: (N,) rising [s]. poses: (N, 4, 4) [m]."""

    times: np.ndarray
    poses: np.ndarray

    def at(self, times: np.ndarray) -> np.ndarray:
        """(M, 4, 4) between the poses around each time, which must lie within the path's."""
        turns = Slerp(self.times, Rotation.from_matrix(self.poses[:, :3, :3]))(times)
        places = [np.interp(times, self.times, axis) for axis in self.poses[:, :3, 3].T]
        return pose(turns.as_matrix(), np.stack(places, axis=1))


@dataclass(frozen=True, kw_only=True, eq=False)
class Paths:
    """hand: base_from_gripper. camera: of the camera in the board's frame, board_from_camera."""

    hand: Trajectory
    camera: Trajectory
    source: str


def load_paths(path: Path | str) -> Paths:
    """Paths from a JSON with `hand` and `camera`, or from a zip or folder of two csv files.

    Raises:
        BadValue: what is wrong, in which of the two.
    """
    where = str(path)
    if Path(path).is_dir() or where.endswith(".zip"):
        files = _csv_files(Path(path))
        cameras = [name for name in files if _is_camera(name)]
        if len(files) != 2 or len(cameras) != 1:
            want = "two csv files, that of the camera with 'target' or 'camera' in its name"
            raise BadValue(where, "files", sorted(files), want, "Rename or remove files.")
        (hand,) = (name for name in files if name not in cameras)
        rows = {"hand": _rows(where, hand, files[hand])}
        rows["camera"] = _rows(where, cameras[0], files[cameras[0]])
    else:
        content = read_object(path)
        rows = {
            name: read_numbers(where, name, read_field(where, content, name))
            for name in ("hand", "camera")
        }
    hand, camera = (trajectory(where, name, rows[name]) for name in ("hand", "camera"))
    return Paths(hand=hand, camera=camera, source=where)


def trajectory(where: str, name: str, rows: np.ndarray) -> Trajectory:
    """A path from rows (N, 8) of t, x, y, z, qx, qy, qz, qw; rows at one time count once."""
    if rows.ndim != 2 or rows.shape[1] != COLUMNS or len(rows) < FEWEST_POSES:
        want = f"{FEWEST_POSES} or more rows of t, x, y, z, qx, qy, qz, qw"
        raise BadValue(where, name, f"of shape {rows.shape}", want, "Record for longer.")
    if not np.isfinite(rows).all():
        raise BadValue(where, name, "not finite", "numbers", "Leave those rows out.")
    lengths = np.linalg.norm(rows[:, 4:], axis=1)
    worst = int(np.argmax(np.abs(lengths - 1)))
    if abs(lengths[worst] - 1) > 0.01:
        fix = "The order is x, y, z, w."
        raise BadValue(where, f"{name} row {worst}", lengths[worst], "a unit quaternion", fix)
    rows = rows[np.unique(rows[:, 0], return_index=True)[1]]
    if np.abs(rows[:, 1:4]).max() > 10.0:
        got, fix = float(np.abs(rows[:, 1:4]).max()), "If these are millimetres, divide by 1000."
        raise BadValue(where, f"{name}'s places", got, "metres, within 10", fix)
    turns = Rotation.from_quat(rows[:, 4:]).as_matrix()
    return Trajectory(times=rows[:, 0], poses=pose(turns, rows[:, 1:4]))


def _csv_files(path: Path) -> dict[str, str]:
    """Name -> text of the csv files in a folder or a zip."""
    if path.is_dir():
        return {file.name: file.read_text() for file in sorted(path.glob("*.csv"))}
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".csv")]
            return {name: archive.read(name).decode() for name in names}
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        fix = "It may be cut short: fetch it again."
        raise BadValue(str(path), "the file", str(error), "a zip of two csv files", fix) from error


def _is_camera(name: str) -> bool:
    return any(word in Path(name).name.lower() for word in _CAMERA_WORDS)


def _rows(where: str, name: str, text: str) -> np.ndarray:
    rows = [row for row in csv.reader(io.StringIO(text)) if row and not row[0].startswith("#")]
    for number, row in enumerate(rows):
        if len(row) != COLUMNS:
            want = f"{COLUMNS} columns: t, x, y, z, qx, qy, qz, qw"
            fix = "It may be cut short."
            raise BadValue(f"{where}: {name}", f"row {number}", f"{len(row)} columns", want, fix)
    return read_numbers(where, name, rows)
