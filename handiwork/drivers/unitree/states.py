"""The newest state of a robot that is there and well, or why there is none.

A robot that has stopped sending still looks alive to DDS, so its tick tells.
"""

import time
from typing import Protocol

import numpy as np

from handiwork.drivers.newest import Newest
from handiwork.drivers.unitree.network import Network
from handiwork.drivers.unitree.reading import motor_fault
from handiwork.errors import DriverFailed

_PAUSE = 0.002  # [s] between looks for a state: they come that often
_FIX = (
    "Check the robot's power, the cable and that it stands by its own controller; then enable it."
)


class StateSource(Protocol):
    """As UnitreeLink is one."""

    def newest_state(self) -> np.ndarray | None:
        """() record of `LOW_STATE`; None before the first one came."""
        ...


class States:
    """Looks at them in a thread of its own, until stopped."""

    def __init__(self, source: StateSource, network: Network, stale: float) -> None:
        """source: has heard at least one. stale: [s] without a new one is a lost link."""
        self._network, self._stale = network, stale
        self._newest = Newest(source.newest_state, _PAUSE)
        self._tick, self._heard = -1, time.monotonic()

    def newest(self) -> np.ndarray:
        """() record of `LOW_STATE`.

        Raises:
            DriverFailed: the link is lost, the state is not whole, or a motor is not well.
        """
        try:
            state = self._newest.get()
        except ValueError as error:
            raise failed(self._network, "fault", str(error)) from error
        except Exception as error:  # cyclonedds' own
            raise failed(self._network, "link lost", str(error)) from error
        assert state is not None  # one was heard
        self._check_fresh(int(state["tick"]))
        fault = motor_fault(state)
        if fault is not None:
            raise failed(self._network, "fault", fault)
        return state

    def stop(self) -> None:
        """The thread ends."""
        self._newest.stop()

    def _check_fresh(self, tick: int) -> None:
        now = time.monotonic()
        if tick != self._tick:
            self._tick, self._heard = tick, now
        elif now - self._heard > self._stale:
            age = now - self._heard
            raise failed(self._network, "link lost", f"nothing new was heard of it for {age:.3f} s")


def failed(network: Network, reason: str, what: str) -> DriverFailed:
    """Of a G1 there."""
    return DriverFailed(f"G1 at {network}", reason, what, _FIX)
