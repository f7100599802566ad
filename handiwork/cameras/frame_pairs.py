"""Which frames belong together: colour and depth, or images of several cameras, of one moment."""

from collections import deque
from typing import Any

REMEMBERED = 4  # frames of each kind that wait for their partner
PATIENCE = 10  # frames in a row without a partner, after which the kinds are out of step


class FramePairs:
    """Frames of several kinds by their device times; a set sets aside everything older.

    tolerance: how far apart two frames of one set may be taken [s]; half of the slower one's
        period, so that there is one partner at most.
    """

    def __init__(self, kinds: tuple[str, ...], tolerance: float) -> None:
        self._tolerance = tolerance
        self._waiting: dict[str, deque[tuple[float, Any]]] = {
            kind: deque(maxlen=REMEMBERED) for kind in kinds
        }
        self._alone = 0  # frames since the last set
        self._apart = 0.0  # [s] between the newest frames

    def add(self, kind: str, time: float, frame: Any) -> dict[str, tuple[float, Any]] | None:
        """The whole set, (time [s], frame) by kind, if this frame was the last that lacked."""
        found = {kind: (time, frame)}
        for other, waiting in self._waiting.items():
            near = [item for item in waiting if abs(item[0] - time) <= self._tolerance]
            if other != kind and near:
                found[other] = min(near, key=lambda item: abs(item[0] - time))
            elif other != kind and waiting:
                self._apart = abs(waiting[-1][0] - time)
        if len(found) < len(self._waiting):
            self._waiting[kind].append((time, frame))
            self._alone += 1
            return None
        self._alone = 0
        self._set_aside(found)
        return found

    @property
    def trouble(self) -> str:
        """Why no set came of late; empty while they do."""
        if self._alone < PATIENCE * len(self._waiting):
            return ""
        return (
            f"{' and '.join(self._waiting)} are out of step: their newest frames are "
            f"{1e3 * self._apart:.1f} ms apart, want {1e3 * self._tolerance:.1f} ms at most. "
            "Give both the same rate, and global_time_enabled where the camera has it."
        )

    def _set_aside(self, found: dict[str, tuple[float, Any]]) -> None:
        for kind, waiting in self._waiting.items():
            while waiting and waiting[0][0] <= found[kind][0]:
                waiting.popleft()
