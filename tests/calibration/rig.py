"""A made-up robot, camera and board whose truth is known."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from calibration.boards import CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from calibration.views import Kind, View, ViewSet
from handiwork.geometry import inverse, pose, pose_from_vector

BOARD = CharucoBoard(squares_x=5, squares_y=7, square_m=0.034, marker_m=0.025)
CAMERA = Intrinsics(
    width=640,
    height=480,
    k=np.array([[610.0, 0, 322], [0, 611, 238], [0, 0, 1]]),
    d=np.array([0.08, -0.15, 0.0004, -0.0003, 0.03]),
)
PARENT_FROM_CAMERA = pose_from_vector(np.array([0.05, 0.01, -0.04, 0.05, -0.1, 1.5]))
ANCHOR_FROM_BOARD = pose_from_vector(np.array([0.5, -0.1, 0.02, 0.1, -0.05, 0.4]))
CENTRE = np.array([2.5 * 0.034, 3.5 * 0.034, 0.0])


@dataclass(frozen=True, kw_only=True)
class Noise:
    """Standard deviations: pixels, and of the hand in metres and radians."""

    pixels: float = 0.0
    metres: float = 0.0
    radians: float = 0.0


def camera_poses(
    count: int, generator: np.random.Generator, tilt: float = 0.5, circling: bool = False
) -> np.ndarray:
    """(count, 4, 4) camera_from_board with the board's middle near the image's; `circling`, the
    camera looks at it from one distance.
    """
    turns = np.column_stack(
        [
            generator.uniform(-tilt, tilt, (count, 2)),
            generator.uniform(-1.0, 1.0, count) * min(1.0, 2 * tilt),
        ]
    )
    middle = np.column_stack(
        [generator.uniform(-0.04, 0.04, (count, 2)), generator.uniform(0.38, 0.55, count)]
    )
    if circling:
        middle[:] = 0.0, 0.0, 0.45
    rotations = Rotation.from_rotvec(turns).as_matrix()
    return pose(rotations, middle - rotations @ CENTRE)


def view_set(
    kind: Kind = "eye_in_hand",
    count: int = 15,
    seed: int = 0,
    noise: Noise | None = None,
    corners: bool = True,
    tilt: float = 0.5,
    circling: bool = False,
) -> ViewSet:
    """Views with the truth PARENT_FROM_CAMERA, ANCHOR_FROM_BOARD; poses are of noisy corners."""
    generator, noise = np.random.default_rng(seed), noise or Noise()
    views = []
    for number, camera_from_board in enumerate(camera_poses(count, generator, tilt, circling)):
        parent_from_anchor = PARENT_FROM_CAMERA @ camera_from_board @ inverse(ANCHOR_FROM_BOARD)
        hand = inverse(parent_from_anchor) if kind == "eye_in_hand" else parent_from_anchor
        shake = np.concatenate(
            [generator.normal(0, noise.metres, 3), generator.normal(0, noise.radians, 3)]
        )
        detection = seen_by(camera_from_board, generator, noise.pixels)
        seen = BOARD.pose(detection, CAMERA.k, CAMERA.d)
        views.append(
            View(
                name=f"view_{number:02d}",
                base_from_gripper=hand @ pose_from_vector(shake),
                camera_from_board=None if corners else seen,
                detection=detection if corners else None,
            )
        )
    if corners:
        return ViewSet(kind=kind, views=tuple(views), camera=CAMERA, board=BOARD)
    return ViewSet(kind=kind, views=tuple(views))


def seen_by(
    camera_from_board: np.ndarray, generator: np.random.Generator, pixels: float
) -> Detection:
    """The corners that lie in the image, with noise."""
    ids = np.arange(BOARD.corner_count)
    points = BOARD.points(ids) @ camera_from_board[:3, :3].T + camera_from_board[:3, 3]
    found = CAMERA.project(points) + generator.normal(0, pixels, (len(ids), 2))
    inside = ((found > 0) & (found < [CAMERA.width - 1, CAMERA.height - 1])).all(axis=1)
    return Detection(ids=ids[inside], corners=found[inside], size=(CAMERA.width, CAMERA.height))
