"""Two films of one hand with their cameras, as published with `handpose3d`.

A folder holds cam0_test.mp4 and cam1_test.mp4, in step; c0.dat and c1.dat, with `intrinsic:` and
nine numbers, `distortion:` and five; rot_trans_c0.dat and rot_trans_c1.dat, with `R:` and nine,
`T:` and three, from the world to the camera. The world's unit is the calibration board's.

Source: TemugeB/handpose3d.
"""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from handiwork.errors import BadValue
from handiwork.geometry import pose, rigid_fault
from handiwork.perception.hands.triangulation import SeenFrom

CAMERAS = (0, 1)


def read_cameras(folder: Path) -> tuple[SeenFrom, ...]:
    """Both cameras.

    Raises:
        BadValue: a file that is missing or holds something else; names it.
    """
    return tuple(_camera(folder, number) for number in CAMERAS)


def film_pairs(folder: Path, every: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Pictures (H, W, 3) uint8 rgb of one moment, every so manieth, until one film ends.

    Raises:
        BadValue: a film that cannot be read.
    """
    paths = [folder / f"cam{number}_test.mp4" for number in CAMERAS]
    films = [cv2.VideoCapture(str(path)) for path in paths]
    try:
        for path, film in zip(paths, films, strict=True):
            if not film.isOpened():
                raise BadValue(str(path), "film", "unreadable", "a film", "Check the folder.")
        number = 0
        while all(film.grab() for film in films):
            if number % every == 0:
                shown = [film.retrieve()[1] for film in films]
                yield tuple(np.ascontiguousarray(picture[..., ::-1]) for picture in shown)
            number += 1
    finally:
        for film in films:
            film.release()


def _camera(folder: Path, number: int) -> SeenFrom:
    inner = _numbers(folder / f"c{number}.dat", {"intrinsic": 9, "distortion": 5})
    path = folder / f"rot_trans_c{number}.dat"
    outer = _numbers(path, {"R": 9, "T": 3})
    camera_from_world = pose(outer["R"].reshape(3, 3), outer["T"])
    fault = rigid_fault(camera_from_world)
    if fault is not None:
        raise BadValue(str(path), "R", fault, "a rotation", "Check the file.")
    return SeenFrom(
        k=inner["intrinsic"].reshape(3, 3),
        d=inner["distortion"],
        camera_from_world=camera_from_world,
    )


def _numbers(path: Path, wanted: dict[str, int]) -> dict[str, np.ndarray]:
    """Numbers that follow each `name:`, the first time that it stands there."""
    if not path.is_file():
        raise BadValue(str(path), "file", "missing", "a camera's file", "Check the folder.")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in path.read_text().splitlines():
        name = line.strip().removesuffix(":")
        if line.strip().endswith(":") and not line.startswith("#"):
            current = [] if name in found else found.setdefault(name, [])
        elif not line.startswith("#"):
            current.extend(line.split())
    for name, count in wanted.items():
        if len(found.get(name, ())) != count:
            got = f"{len(found.get(name, ()))} numbers"
            raise BadValue(str(path), name, got, f"{count} numbers", "Check the file.")
    return {name: np.array(found[name], float) for name in wanted}
