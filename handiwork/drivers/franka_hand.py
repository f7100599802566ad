"""The Franka Hand: its calls block until the fingers rest, so they have a thread of their own.

The hand knows goals, not set-points: what an arm server sends at every tick is a way, and only the
place where it comes to rest is passed on, or where it stands after half a second of going on. A
goal on its way is not broken off; the newest one follows it.

Opening is a move. Closing is a grasp, which goes on pressing with the force that it is told and
takes a thing of any size, as franka_gripper (franka_ros2) does with a GripperCommand.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any

from handiwork.drivers.newest import Newest

_PAUSE = 0.01  # [s] between looks at what is wanted, and between readings
_RESTS = 0.03  # [s] without a change: the way has come to its end
_LONGEST_WAY = 0.5  # [s]
_LONGEST_GOAL = 3.0  # [s]; the whole stroke takes less than one
_SAME = 0.0005  # [m] of width
_ANY = 0.1  # [m] more than the stroke: whatever is between the fingers is held


@dataclass(frozen=True, kw_only=True)
class Grip:
    """width: between the fingers [m]. force: [N] to close with."""

    width: float
    force: float


class FrankaHand:
    """One hand, through `franky.Gripper`; its errors are franky's."""

    def __init__(self, gripper: Any, speed: float) -> None:
        """speed: of the width [m/s]."""
        self._gripper, self._speed = gripper, speed
        self._state = Newest(lambda: gripper.state, _PAUSE)
        self._wanted = self._sent = Grip(width=self._state.get().width, force=0.0)
        self._pressing = False
        self._changed = self._set_out = time.monotonic()
        self._error: Exception | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="franka_hand", daemon=True)
        self._thread.start()

    def width(self) -> float:
        """[m] as measured last; raises what went wrong in either thread."""
        if self._error is not None:
            raise self._error
        return self._state.get().width

    def want(self, grip: Grip) -> None:
        """The newest set-point; returns at once."""
        if abs(grip.width - self._wanted.width) < 1e-6 and grip.force == self._wanted.force:
            return
        now = time.monotonic()
        if self._same(self._wanted, self._sent):
            self._set_out = now
        self._wanted, self._changed = grip, now

    def close(self) -> None:
        """Hold what is held; a goal on its way is waited for."""
        self._stop.set()
        self._thread.join(timeout=_LONGEST_GOAL)
        self._state.stop()

    def _run(self) -> None:
        try:
            while not self._stop.wait(_PAUSE):
                wanted = self._wanted
                if not self._same(wanted, self._sent) and self._at_rest():
                    self._go(wanted)
                    self._sent, self._set_out = wanted, time.monotonic()
        except Exception as error:  # handed to whoever asks next
            self._error = error

    def _at_rest(self) -> bool:
        now = time.monotonic()
        return now - self._changed > _RESTS or now - self._set_out > _LONGEST_WAY

    def _go(self, grip: Grip) -> None:
        self._pressing = grip.width <= self._state.get().width
        if self._pressing:
            self._gripper.grasp(grip.width, self._speed, grip.force, _ANY, _ANY)
        else:
            self._gripper.move(grip.width, self._speed)

    def _same(self, one: Grip, other: Grip) -> bool:
        near = abs(one.width - other.width) < _SAME
        return near and (one.force == other.force or not self._pressing)
