"""A hand detector in a process of its own, whose libraries clash with ours.

The other side is detectors/hands.py; it says how the two talk.
Shapes: P hands; 21 keypoints of each.
"""

import struct
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import IO

import numpy as np

from handiwork.errors import HandiworkError, WrongShape

KEYPOINTS = 21
_NUMBERS = 1 + 2 * KEYPOINTS


class DetectorFailed(HandiworkError):
    """The detector's process ended, or took too long."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HandSeen:
    """keypoints: (21, 2) columns, rows [px], wrist first; score: 0 to 1, how sure it is."""

    keypoints: np.ndarray
    score: float


class HandDetector:
    """Asks one picture after the other. A context manager; the process ends with it."""

    def __init__(self, command: Sequence[str], patience: float = 20.0) -> None:
        """command: what runs the other side; patience: for one answer, the first too [s]."""
        self._patience = patience
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise DetectorFailed(
                f"the hand detector {command[0]} does not start: {error.strerror}. Install it with "
                "`make hands`."
            ) from None

    def find(self, picture: np.ndarray) -> list[HandSeen]:
        """Hands in a picture (H, W, 3) uint8 rgb.

        Raises:
            WrongShape: it is no such picture.
            DetectorFailed: there is no answer.
        """
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8:
            raise WrongShape("picture", picture.shape, "(H, W, 3) uint8")
        head = struct.pack(">HH", *picture.shape[:2])
        answer = self._asked(head + np.ascontiguousarray(picture).tobytes())
        if len(answer) % (4 * _NUMBERS):
            raise DetectorFailed(f"the hand detector answered {len(answer)} bytes. Reinstall it.")
        rows = np.frombuffer(answer, "<f4").reshape(-1, _NUMBERS).astype(float)
        return [
            HandSeen(keypoints=row[1:].reshape(KEYPOINTS, 2), score=float(row[0])) for row in rows
        ]

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> "HandDetector":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _asked(self, request: bytes) -> bytes:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # both are pipes, as asked for
        assert stdout is not None
        # A process that hangs is killed, and a read that waits for it then ends.
        timer = threading.Timer(self._patience, self._process.kill)
        timer.start()
        try:
            stdin.write(struct.pack(">I", len(request)) + request)
            stdin.flush()
            (length,) = struct.unpack(">I", _read(stdout, 4))
            return _read(stdout, length)
        except BrokenPipeError:
            raise DetectorFailed(
                "the hand detector's process ended. Install it anew with `make hands`."
            ) from None
        finally:
            timer.cancel()


def _read(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise DetectorFailed(
            "the hand detector's process ended or gave no answer in time. Install it anew with "
            "`make hands`."
        )
    return data
