"""What the Push-T policy observes, assembled from the camera's poses and the arm's joint states.

The block is seen late and seldom, the rod often; both are resampled at the policy's own period
ending at the newest image, so that a step holds things of one time, as in the recorded data.
Shapes: O observed steps.
"""

from dataclasses import dataclass

import numpy as np

from handiwork.data.push_t import observation
from handiwork.errors import NotObserved
from handiwork.observation import StampedBuffer
from handiwork.tasks.push_t import TableSquare

CAPACITY = 256  # samples of each kind, 2.5 s of joint states at 100 Hz
ROUNDING = 1e-6  # [s] so that an image exactly one period ago is not missed by a rounding
UNSEEN = "Check the camera and the perception node."


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How old the parts of an observation may be [s]."""

    camera: float = 0.5
    joints: float = 0.2


class PushTObserver:
    """The block and the rod over the last moments, in the plane of the demonstrations."""

    def __init__(self, square: TableSquare, observed_steps: int, period: float) -> None:
        self._square = square
        self._steps, self._period = observed_steps, period
        self.clear()

    def clear(self) -> None:
        """Forget everything, since the world may have been put elsewhere."""
        self._block = StampedBuffer(3, CAPACITY, angular=np.array([False, False, True]))
        self._rod = StampedBuffer(2, CAPACITY)
        self._begun = -np.inf  # [s] since when both were seen
        self._missing = UNSEEN

    @property
    def newest(self) -> float | None:
        """Stamp of the newest image in which the block was found [s]."""
        return self._block.newest

    def add_block(self, stamp: float, pose: np.ndarray) -> None:
        """Pose in base, (3,) x, y [m], angle [rad], as seen in the image of `stamp`."""
        self._block.add(stamp, self._square.pose_to_plane(pose))
        if len(self._block) == 1:
            self._begun = max(self._begun, stamp)

    def miss_block(self, reason: str) -> None:
        """An image in which the block was not found."""
        self._missing = reason

    def add_rod(self, stamp: float, tip: np.ndarray) -> None:
        """Tip of the rod in base, (2,) x, y [m]."""
        self._rod.add(stamp, self._square.to_plane(tip))
        if len(self._rod) == 1:
            self._begun = max(self._begun, stamp)

    def check(self, now: float, patience: Patience) -> None:
        """Say whether what was seen is fresh.

        Raises:
            NotObserved: a part is missing or too old; nothing may be made of it.
        """
        for what, stamp, oldest, otherwise in (
            ("the block's pose", self._block.newest, patience.camera, self._missing),
            ("the arm's state", self._rod.newest, patience.joints, "Check the arm server."),
        ):
            if stamp is None:
                raise NotObserved(f"no observation: {what} has not come yet. {otherwise}")
            if now - stamp > oldest:
                raise NotObserved(
                    f"no observation: {what} is {now - stamp:.2f} s old, want at most "
                    f"{oldest:.2f} s. {otherwise}"
                )

    def newest_state(self) -> np.ndarray | None:
        """(18,) [px] the block as seen last, and the rod then, or as near to then as is known."""
        stamp, rod = self._block.newest, self._rod.newest
        if stamp is None or rod is None or stamp < self._begun:
            return None
        return observation(self._rod.at(min(stamp, rod)), self._block.at(stamp))

    def observe(self, end: float) -> np.ndarray | None:
        """(O, 18) [px] steps, the last one at `end` [s], a time up to `newest`.

        None where a step lies before both were seen, or after the arm's newest state.
        """
        newest, rod = self._block.newest, self._rod.newest
        before = np.maximum(self._period * np.arange(self._steps - 1, -1, -1) - ROUNDING, 0.0)
        if newest is None or rod is None or end > min(newest, rod) or end - before[0] < self._begun:
            return None
        stamps = (end - before).tolist()
        return observation(
            np.stack([self._rod.at(stamp) for stamp in stamps]),  # (O, 2)
            np.stack([self._block.at(stamp) for stamp in stamps]),  # (O, 3)
        )
