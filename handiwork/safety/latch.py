"""Whether anything may move: after any stop nothing does until somebody enables again.

disabled --enable--> enabled --stop, e-stop, disable--> stopping --at rest--> stopped | disabled
stopped --enable--> enabled
"""

from enum import Enum

from handiwork.errors import RefusedCommand


class GateState(Enum):
    """Where the latch stands."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    STOPPING = "stopping"
    STOPPED = "stopped"


E_STOP = "the emergency stop is pressed"


class Latch:
    """The state, why it is so, and whether the emergency stop is pressed."""

    def __init__(self) -> None:
        self.state = GateState.DISABLED
        self.reason = "the arm has not been enabled"
        self.pressed = False
        self._then = GateState.STOPPED

    def enable(self) -> None:
        """Let it move.

        Raises:
            RefusedCommand: the emergency stop is pressed, or the arm has not come to rest.
        """
        if self.pressed:
            raise RefusedCommand(f"{E_STOP}, so nothing is enabled. Release it first.")
        if self.state is GateState.STOPPING:
            raise RefusedCommand(f"the arm still stops, since {self.reason}. Wait until it rests.")
        self.state, self.reason = GateState.ENABLED, ""

    def stop(self, reason: str) -> None:
        """Come to rest and stay there. The first reason stands until the arm is enabled."""
        if self.state is GateState.ENABLED:
            self.state, self.reason, self._then = GateState.STOPPING, reason, GateState.STOPPED

    def disable(self) -> None:
        """Come to rest, then be disabled."""
        if self.state is GateState.ENABLED:
            self.state, self.reason = GateState.STOPPING, "the arm was disabled"
        elif self.state is GateState.STOPPED:
            self.state, self.reason = GateState.DISABLED, "the arm was disabled"
        self._then = GateState.DISABLED

    def press(self) -> None:
        """The emergency stop: it stays pressed until it is released."""
        self.pressed = True
        self.stop(E_STOP)

    def release(self) -> None:
        """Nothing moves by this alone: the arm has to be enabled as well."""
        self.pressed = False

    def rests(self) -> None:
        """The arm has come to rest."""
        if self.state is GateState.STOPPING:
            self.state = self._then
