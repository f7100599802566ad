"""A calibration while it goes on: the views taken, what they teach, and which to take next.

Shapes: K joints of the arm, C corners of the board.
"""

import math
from pathlib import Path

import cv2
import numpy as np

from calibration.boards import CharucoBoard, Detection
from calibration.camera_model import Intrinsics
from calibration.informative_belief import Belief, Sight, learned
from calibration.informative_postures import Arm
from calibration.informative_projection import mount_from_holder, projected
from calibration.next_view import NextView, NextViewConfig, enough, next_views
from calibration.views import View, ViewSet
from handiwork.errors import BadValue, ObjectNotFound


class Session:
    """Views of one board by one camera. The belief is kept up to date with them."""

    def __init__(
        self,
        kind: str,
        board: CharucoBoard,
        camera: Intrinsics,
        guess: Belief,
        config: NextViewConfig,
        fewest_corners: int,
    ) -> None:
        self.config, self.camera, self.board = config, camera, board
        self.belief = self._guess = guess
        self._kind, self._fewest_corners = kind, fewest_corners
        self._points = board.points(np.arange(board.corner_count))
        self._views: list[View] = []
        self._sights: list[Sight] = []
        self._asked = 0

    @property
    def views(self) -> ViewSet:
        """What has been taken, in order."""
        return ViewSet(
            kind=self._kind,  # pyright: ignore[reportArgumentType] (checked by who made it)
            views=tuple(self._views),
            camera=self.camera,
            board=self.board,
        )

    @property
    def count(self) -> int:
        """Of views."""
        return len(self._views)

    @property
    def done(self) -> bool:
        """Whether enough is known, or no more views are allowed."""
        return enough(self.belief, self.count, self.config)

    @property
    def residual_px(self) -> float:
        """Root mean square of all corners about what is believed [px]; 0 before the first view."""
        errors = [self._error(sight) for sight in self._sights]
        if not errors:
            return 0.0
        square = np.concatenate(errors) ** 2
        return float(self.camera.k[0, 0] * math.sqrt(2 * square.mean()))

    def check(self, detection: Detection) -> None:
        """Refuse what shows too little of the board, or comes from another camera.

        Raises:
            ObjectNotFound: too few corners.
            BadValue: the image's size is not the one that the intrinsics are for.
        """
        size = (self.camera.width, self.camera.height)
        if detection.size not in (None, size):
            fix = "Calibrate the camera at this resolution, or set it back."
            raise BadValue("image", "width, height", detection.size, f"{size}", fix)
        if len(detection.ids) < self._fewest_corners:
            raise ObjectNotFound(
                f"{len(detection.ids)} corners of the board are in view, want "
                f"{self._fewest_corners} or more. Bring the whole board into the image."
            )

    def add(
        self, base_from_gripper: np.ndarray, detection: Detection, image: Path | None = None
    ) -> View:
        """Take a view; raises as `check` does."""
        self.check(detection)
        view = View(
            name=f"view_{self.count + 1:02d}",
            base_from_gripper=base_from_gripper,
            detection=detection,
            image=image,
        )
        rays = cv2.undistortPoints(
            detection.corners[:, None], self.camera.k, self.camera.d
        ).reshape(-1, 2)
        self._views.append(view)
        self._sights.append(
            Sight(
                mount_from_holder=mount_from_holder(self._kind, base_from_gripper),
                points=self.board.points(detection.ids),
                rays=rays,
            )
        )
        self._learn()
        return view

    def remove(self) -> View:
        """Give up the newest view.

        Raises:
            ObjectNotFound: there is none.
        """
        if not self._views:
            raise ObjectNotFound("no view has been taken. Take one first.")
        self._sights.pop()
        view = self._views.pop()
        self._learn()
        return view

    def next_views(self, arm: Arm, start: np.ndarray) -> list[NextView]:
        """The most informative first, from the arm's posture (K,) [rad]; draws anew each time.

        Raises:
            Unreachable: none can be taken.
        """
        self._asked += 1
        return next_views(
            self.belief,
            self._kind,
            self._points,
            self.camera,
            arm,
            start,
            self._asked,
            self.config,
        )

    def _learn(self) -> None:
        focal = float(self.camera.k[0, 0])
        self.belief = learned(self._guess, self._sights, focal, self.config.noise)

    def _error(self, sight: Sight) -> np.ndarray:
        belief = self.belief
        rays, _, _ = projected(
            belief.mount_from_camera,
            belief.holder_from_board,
            sight.mount_from_holder,
            sight.points,
        )
        return (sight.rays - rays).ravel()
