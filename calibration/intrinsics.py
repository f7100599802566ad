"""How a camera projects, from pictures of a ChArUco board.

Source: Zhang, A Flexible New Technique for Camera Calibration, IEEE PAMI 22(11), 2000, as
cv2.calibrateCameraExtended has it.
Shapes: N pictures used; K corners.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from calibration.boards import FEWEST, CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from handiwork.errors import BadValue

FEWEST_PICTURES = 6
GROSS = 3.0  # times the median misfit, from which a picture is an outlier
FARTHEST_PX = 2.0  # of median misfit, beyond which nothing is answered
LEAST_TILT = np.radians(10.0)  # between boards: without it the focal length is in no picture
_FOLDS = 4
_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, kw_only=True, eq=False)
class IntrinsicsFit:
    """Intrinsics with their own error.

    covariance: (9, 9) of fx, fy, cx, cy [px], k1, k2, p1, p2, k3; OpenCV gives its diagonal alone.
    residual_px: root mean square misfit of every picture that was used or is an outlier.
    left_out: pictures that show too little of the board, and why.
    cross_validated_px: median misfit of pictures that the fit had not seen.
    coverage: share of the picture, in 8 by 6 fields, in which there was a corner.
    """

    camera: Intrinsics
    covariance: np.ndarray
    residual_px: dict[str, float]
    outliers: tuple[str, ...]
    left_out: dict[str, str]
    cross_validated_px: float
    coverage: float

    @property
    def residual_px_median(self) -> float:
        """Of the pictures that agree."""
        return float(
            np.median([px for name, px in self.residual_px.items() if name not in self.outliers])
        )


def detections_of(folder: Path, board: CharucoBoard) -> dict[str, Detection]:
    """The board's corners in every picture of a folder, by the picture's name."""
    files = [file for file in sorted(folder.glob("*")) if file.suffix.lower() in _PICTURES]
    found = {}
    for file in files:
        image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        if image is None:
            raise BadValue(str(file), "the file", "no picture", "a picture", "It may be cut short.")
        found[file.name] = board.detect(image)
    return found


def calibrate_intrinsics(
    source: str, seen: dict[str, Detection], board: CharucoBoard
) -> IntrinsicsFit:
    """Focal lengths, principal point and distortion.

    Raises:
        BadValue: too few pictures, of several sizes, all of boards tilted alike, or a misfit.
    """
    sizes = {one.size for one in seen.values()}
    if len(sizes) > 1:
        fix = "Take all pictures with one camera at one resolution."
        raise BadValue(source, "pictures", f"of sizes {sorted(map(str, sizes))}", "one size", fix)
    wanted = max(FEWEST, board.corner_count // 4)
    used = {name: one for name, one in seen.items() if _enough(one, board, wanted)}
    left_out = {
        name: f"{len(one.ids)} corners in view, want {wanted} or more, not on one line"
        for name, one in seen.items()
        if name not in used
    }
    if len(used) < FEWEST_PICTURES:
        got = f"{len(used)} of {len(seen)} that show the board"
        fix = "Show the board from 15 sides or more, tilted and near the edges; check its name."
        raise BadValue(source, "pictures", got, f"{FEWEST_PICTURES} or more", fix)
    first = _fit(used, board)
    limit = GROSS * float(np.median(list(first.misfit.values())))
    kept = {name: one for name, one in used.items() if first.misfit[name] <= limit}
    fit = _fit(kept, board)
    _check(source, fit)
    return IntrinsicsFit(
        camera=fit.camera,
        covariance=fit.covariance,
        residual_px={name: _misfit(one, board, fit.camera) for name, one in used.items()},
        outliers=tuple(name for name in used if name not in kept),
        left_out=left_out,
        cross_validated_px=_cross_validated(kept, board),
        coverage=_coverage(kept, fit.camera),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Fit:
    camera: Intrinsics
    covariance: np.ndarray
    misfit: dict[str, float]
    normals: np.ndarray  # (N, 3) of the boards in the camera


def _enough(seen: Detection, board: CharucoBoard, wanted: int) -> bool:
    if len(seen.ids) < wanted:
        return False
    return np.linalg.matrix_rank(np.diff(board.points(seen.ids)[:, :2], axis=0), 1e-6) == 2


def _fit(seen: dict[str, Detection], board: CharucoBoard) -> _Fit:
    points = [board.points(one.ids).astype(np.float32) for one in seen.values()]
    pixels = [one.corners.astype(np.float32)[:, None] for one in seen.values()]
    size = next(iter(seen.values())).size or (0, 0)
    _, k, d, turns, _, deviations, _, misfits = cv2.calibrateCameraExtended(
        points, pixels, size, np.eye(3), np.zeros(5)
    )
    spread = np.asarray(deviations).ravel()[:9]
    rotations = np.array([cv2.Rodrigues(turn)[0] for turn in turns])
    return _Fit(
        camera=Intrinsics(
            width=size[0], height=size[1], k=np.asarray(k), d=np.asarray(d).ravel()[:5]
        ),
        covariance=np.diag(spread**2),
        misfit=dict(zip(seen, np.asarray(misfits).ravel().tolist(), strict=True)),
        normals=rotations[:, :, 2],
    )


def _check(source: str, fit: _Fit) -> None:
    cosines = np.clip(fit.normals @ fit.normals.T, -1, 1)
    tilt = float(np.arccos(cosines.min()))
    if tilt < LEAST_TILT:
        got = f"tilted alike, within {np.degrees(tilt):.1f} degrees"
        want = f"boards tilted by {np.degrees(LEAST_TILT):.0f} degrees or more to each other"
        fix = "Tilt the board about both axes of the picture."
        raise BadValue(source, "pictures", got, want, fix)
    misfit = float(np.median(list(fit.misfit.values())))
    if misfit > FARTHEST_PX:
        got, want = f"off by {misfit:.1f} px", f"corners within {FARTHEST_PX:g} px of a flat board"
        fix = "Check the squares of the board, whether it is flat, and that the focus was still."
        raise BadValue(source, "pictures", got, want, fix)


def _misfit(seen: Detection, board: CharucoBoard, camera: Intrinsics) -> float:
    """Root mean square distance of corners from the board's best pose [px]."""
    pose = board.pose(seen, camera.k, camera.d)
    points = board.points(seen.ids) @ pose[:3, :3].T + pose[:3, 3]
    return float(np.sqrt(((camera.project(points) - seen.corners) ** 2).sum(axis=1).mean()))


def _cross_validated(seen: dict[str, Detection], board: CharucoBoard) -> float:
    names: Sequence[str] = tuple(seen)
    found = []
    for fold in range(_FOLDS):
        held = names[fold::_FOLDS]
        camera = _fit({name: seen[name] for name in names if name not in held}, board).camera
        found += [_misfit(seen[name], board, camera) for name in held]
    return float(np.median(found))


def _coverage(seen: dict[str, Detection], camera: Intrinsics) -> float:
    """Share of the picture, in 8 by 6 fields, in which there was a corner."""
    corners = np.concatenate([one.corners for one in seen.values()])
    fields = (corners / [camera.width, camera.height] * [8, 6]).astype(int)
    return len(np.unique(fields, axis=0)) / 48
